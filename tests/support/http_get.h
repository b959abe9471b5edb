#ifndef OTPGATE_TESTS_SUPPORT_HTTP_GET_H_
#define OTPGATE_TESTS_SUPPORT_HTTP_GET_H_

#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/sockets.h"

namespace otpgate::testing {

// The whole answer, head and body, of a port of 127.0.0.1 to one request of HTTP 1.0; empty: nobody
// answers.
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

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_SUPPORT_HTTP_GET_H_
