#include "tests/bench/gateway/http_programs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/check.h"

namespace otpgate::bench {
namespace {

constexpr char kEnv[] = "/usr/bin/env";
constexpr size_t kLogBytes = 1 << 16;

absl::Status DoesNotServe(absl::string_view name, const HttpProgram& program) {
  return absl::InternalError(absl::StrCat(name, " does not serve: ", program.process->Log()));
}

std::string NginxConfiguration(const HttpProgram& program,
                               const std::vector<StaticAnswer>& answers) {
  std::string text =
      absl::StrCat("daemon off;\nmaster_process off;\nerror_log stderr notice;\npid ",
                   program.folder->Path("pid"), ";\nevents { worker_connections 4096; }\nhttp {\n",
                   "access_log off;\ndefault_type application/json;\nkeepalive_requests 10000;\n");
  for (const char* use : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    absl::StrAppend(&text, use, "_temp_path ", program.folder->Path(use), ";\n");
  }
  absl::StrAppend(&text, "server {\nlisten 127.0.0.1:", program.port, ";\n");
  for (const StaticAnswer& answer : answers) {
    OTPGATE_CHECK(answer.body.find_first_of("'\\$") == std::string::npos);
    absl::StrAppend(&text, "location = ", answer.path, " { return 200 '", answer.body, "'; }\n");
  }
  return absl::StrCat(text, "}\n}\n");
}

}  // namespace

absl::StatusOr<HttpProgram> StartGateway(const std::string& program, int server_port,
                                         const std::vector<std::string>& flags) {
  std::vector<std::string> all = {"--listen=127.0.0.1:0",
                                  absl::StrCat("--server=127.0.0.1:", server_port)};
  all.insert(all.end(), flags.begin(), flags.end());
  HttpProgram gateway;
  gateway.process = std::make_unique<support::ServerProcess>(std::move(all), program);
  if (!gateway.process->WaitForEvent("LISTENING")) return DoesNotServe("the gateway", gateway);
  gateway.port = gateway.process->port();
  gateway.process->KeepOfLog(kLogBytes);
  return gateway;
}

absl::StatusOr<HttpProgram> StartNodeGateway(const std::string& folder, int server_port) {
  std::vector<std::string> command = {"NODE_ENV=production", "node",
                                      absl::StrCat(folder, "/server.js"),
                                      absl::StrCat("127.0.0.1:", server_port)};
  for (const absl::string_view protos : absl::StrSplit(OTPGATE_PROTO_FOLDERS, ':')) {
    command.emplace_back(protos);
  }
  HttpProgram node;
  node.process = std::make_unique<support::ServerProcess>(std::move(command), kEnv);
  if (!node.process->WaitForEvent("LISTENING")) return DoesNotServe("the Node gateway", node);
  node.port = node.process->port();
  node.process->KeepOfLog(kLogBytes);
  return node;
}

absl::StatusOr<HttpProgram> StartNginx(const std::string& program,
                                       const std::vector<StaticAnswer>& answers) {
  HttpProgram nginx;
  nginx.folder = std::make_unique<support::TempFolder>();
  nginx.kept_port = support::KeepPort();
  nginx.port = support::PortOf(nginx.kept_port);
  const std::string file = nginx.folder->Write("nginx.conf", NginxConfiguration(nginx, answers));
  nginx.process = std::make_unique<support::ServerProcess>(
      std::vector<std::string>{"-e", "stderr", "-p", nginx.folder->Path(""), "-c", file}, program);
  // It tells its version when it listens.
  if (!nginx.process->WaitForText(": nginx/")) return DoesNotServe("nginx", nginx);
  return nginx;
}

}  // namespace otpgate::bench
