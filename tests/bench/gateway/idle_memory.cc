#include "tests/bench/gateway/idle_memory.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "clients/gateway/http/test_client.h"
#include "tests/bench/gateway/http_programs.h"
#include "tests/bench/memory_use.h"
#include "tests/support/certificates.h"
#include "tests/support/sockets.h"

namespace otpgate::bench {
namespace {

constexpr rlim_t kOtherFiles = 200;  // of either process
constexpr char kCall[] = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n\r\n";

// For this process and those that it starts.
absl::Status AllowFiles(int connections) {
  rlimit limit{};
  OTPGATE_CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  const rlim_t wanted = static_cast<rlim_t>(connections) + kOtherFiles;
  if (limit.rlim_max < wanted) {
    return absl::FailedPreconditionError(
        absl::StrCat(connections, " connections need a limit of open files (ulimit -n) of ", wanted,
                     ", it is ", limit.rlim_max));
  }
  limit.rlim_cur = std::max(limit.rlim_cur, wanted);
  OTPGATE_CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  return absl::OkStatus();
}

// A connection on which one call was answered. Only the socket is kept of it, because what a
// client remembers of thousands of TLS sessions is not measured.
absl::StatusOr<support::Socket> CallOnce(int port, bool tls) {
  gateway::TestClient client(port);
  if (!client.connected() || (tls && !client.StartTls())) {
    return absl::InternalError("the gateway refused a connection");
  }
  const int status = client.Ask(kCall).status;
  if (status != 200) return absl::InternalError(absl::StrCat("the gateway answered ", status));
  support::Socket kept(fcntl(client.fd(), F_DUPFD_CLOEXEC, 0));
  OTPGATE_CHECK(kept.valid());
  return kept;
}

absl::Status CheckAllAreOpen(const std::vector<support::Socket>& sockets) {
  std::vector<pollfd> polled;
  for (const support::Socket& socket : sockets) polled.push_back({socket.fd(), POLLRDHUP, 0});
  const int closed = poll(polled.data(), polled.size(), 0);
  if (closed == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("the gateway closed ", closed, " idle connections before they were measured"));
}

std::vector<std::string> FlagsFor(int connections, bool tls, const support::TempFolder& folder) {
  std::vector<std::string> flags = {absl::StrCat("--max-connections=", connections)};
  if (!tls) return flags;
  const support::CertifiedKey own = support::CertificateAuthority().Issue("IP:127.0.0.1");
  flags.push_back(absl::StrCat("--tls-certificate=", folder.Write("chain.pem", own.chain)));
  flags.push_back(absl::StrCat("--tls-key=", folder.Write("key.pem", own.key)));
  return flags;
}

}  // namespace

absl::StatusOr<IdleMemory> MeasureIdleMemory(const std::string& gateway_program, int server_port,
                                             int connections, bool tls) {
  OTPGATE_RETURN_IF_ERROR(AllowFiles(connections));
  const support::TempFolder folder;
  OTPGATE_ASSIGN_OR_RETURN(
      const HttpProgram gateway,
      StartGateway(gateway_program, server_port, FlagsFor(connections, tls, folder)));
  OTPGATE_ASSIGN_OR_RETURN(const MemoryUse before, MemoryUseOf(gateway.process->pid()));
  std::vector<support::Socket> sockets;
  for (int i = 0; i < connections; ++i) {
    OTPGATE_ASSIGN_OR_RETURN(support::Socket socket, CallOnce(gateway.port, tls));
    sockets.push_back(std::move(socket));
  }
  OTPGATE_ASSIGN_OR_RETURN(const MemoryUse after, MemoryUseOf(gateway.process->pid()));
  OTPGATE_RETURN_IF_ERROR(CheckAllAreOpen(sockets));
  return IdleMemory{
      .tls = tls, .connections = connections, .before_mb = before.now, .after_mb = after.now};
}

}  // namespace otpgate::bench
