#ifndef OTPGATE_TESTS_SUPPORT_HTTP_GET_H_
#define OTPGATE_TESTS_SUPPORT_HTTP_GET_H_

#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/sockets.h"

namespace otpgate::support {

// The whole response, head and body, to a GET by HTTP/1.0 from a port of 127.0.0.1; empty: none.
inline std::string HttpGet(int port, const std::string& path) {
  const Socket socket = ConnectTo(absl::StrCat(port));
  if (!socket.valid() || !WriteAll(socket, absl::StrCat("GET ", path, " HTTP/1.0\r\n\r\n"))) {
    return "";
  }
  std::string answer;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(socket.fd(), buffer, sizeof(buffer))) > 0;) {
    answer.append(buffer, static_cast<size_t>(n));
  }
  return answer;
}

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_HTTP_GET_H_
