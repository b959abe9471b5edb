#ifndef OTPGATE_TESTS_BENCH_GATEWAY_HTTP_PROGRAMS_H_
#define OTPGATE_TESTS_BENCH_GATEWAY_HTTP_PROGRAMS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/server_process.h"
#include "tests/support/sockets.h"
#include "tests/support/temp_folder.h"

namespace otpgate::bench {

// A process that serves HTTP/1.1 on a port of 127.0.0.1. Killed with the object.
struct HttpProgram {
  // In this order, so that the process ends before what it uses.
  std::unique_ptr<support::TempFolder> folder;
  support::Socket kept_port;
  std::unique_ptr<support::ServerProcess> process;
  int port = 0;
};

// The following start one of them and wait until it serves. INTERNAL: it does not; with its log.

// otpgate-gateway in front of the server on a port of 127.0.0.1. `flags`: further ones.
absl::StatusOr<HttpProgram> StartGateway(const std::string& program, int server_port,
                                         const std::vector<std::string>& flags = {});

// The program of node_gateway/ in front of the same server; `folder`: where install_node_program
// put it.
absl::StatusOr<HttpProgram> StartNodeGateway(const std::string& folder, int server_port);

// What nginx answers to any request for a path.
struct StaticAnswer {
  std::string path;  // with the slash in front
  std::string body;  // JSON without apostrophe, backslash and dollar sign
};

// nginx with these answers in its configuration: one process, which reads no file and writes no
// log for a request.
absl::StatusOr<HttpProgram> StartNginx(const std::string& program,
                                       const std::vector<StaticAnswer>& answers);

}  // namespace otpgate::bench

#endif  // OTPGATE_TESTS_BENCH_GATEWAY_HTTP_PROGRAMS_H_
