#include "server/rpc/server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/base/call_once.h"
#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/blocking.h"
#include "base/status_macros.h"
#include "server/rpc/call.h"
#include "server/rpc/health_board.h"
#include "server/rpc/health_service.h"
#include "server/rpc/listen_address.h"
#include "server/rpc/server_limits.h"
#include "server/rpc/server_queue.h"
#include "server/rpc/tls_credentials.h"
#include "server/rpc/tls_store.h"

namespace otpgate::rpc {
namespace {

constexpr int kPostedWatches = 4;
constexpr absl::Duration kPollInterval = absl::Milliseconds(10);

// Few threads: one that is awake takes the next call for nothing, while waking another one costs as
// much as a third of an empty call.
int ThreadsOf(const ServerOptions& options) {
  const int half = static_cast<int>(std::thread::hardware_concurrency()) / 2;
  return options.threads > 0 ? options.threads : std::clamp(half, 1, 64);
}

std::vector<std::string> ServicesOf(const std::vector<UnaryMethod>& methods) {
  absl::btree_set<std::string> services;
  for (const UnaryMethod& method : methods) {
    services.insert(method.name.substr(0, method.name.find('/')));
  }
  return {services.begin(), services.end()};
}

absl::Status CheckMethods(const std::vector<UnaryMethod>& methods) {
  absl::btree_set<std::string> names;
  for (const UnaryMethod& method : methods) {
    if (!names.insert(method.name).second) {
      return absl::InvalidArgumentError(absl::StrCat("method ", method.name, " is there twice"));
    }
  }
  return absl::OkStatus();
}

class GrpcServer final : public Server {
 public:
  GrpcServer(const ServerOptions& options, std::vector<UnaryMethod> methods,
             const ServerEnvironment& environment)
      : options_(options),
        environment_(environment),
        ids_(*environment.random),
        board_(ServicesOf(methods)),
        methods_(WithHealth(std::move(methods))),
        service_(methods_) {}
  ~GrpcServer() override { Stop(); }

  absl::Status Listen();

  const std::vector<int>& ports() const override { return ports_; }
  void SetServing(bool serving) override { board_.SetServing(serving); }
  void Stop() override {
    absl::call_once(stopped_, [this] {
      if (server_ != nullptr) Drain();
    });
  }

 private:
  std::vector<UnaryMethod> WithHealth(std::vector<UnaryMethod> methods) {
    methods.push_back(HealthCheck(&board_));
    return methods;
  }
  absl::Status OpenTls();
  std::shared_ptr<grpc::ServerCredentials> CredentialsFor(const std::string& address) const;
  void Post(ServerQueue* queue);
  void AwaitQuiet() const;
  void Drain();

  const ServerOptions options_;
  const ServerEnvironment environment_;
  CallIds ids_;
  HealthBoard board_;
  const std::vector<UnaryMethod> methods_;
  ByteService service_;
  HealthWatchService watch_service_;
  OpenCalls open_;
  const CallParts call_parts_{options_, environment_, methods_, service_, ids_, open_};
  std::vector<int> ports_;
  std::unique_ptr<TlsStore> tls_;                                      // null: plaintext
  std::vector<std::shared_ptr<grpc::ServerCredentials>> credentials_;  // one per port
  // One queue per thread: a call stays on one thread, and none waits for the lock of a queue.
  std::vector<std::unique_ptr<ServerQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;
  absl::once_flag stopped_;
};

std::shared_ptr<grpc::ServerCredentials> GrpcServer::CredentialsFor(
    const std::string& address) const {
  if (tls_ == nullptr || IsUnixSocket(address)) return grpc::InsecureServerCredentials();
  return TlsPortCredentials(tls_.get());
}

absl::Status GrpcServer::OpenTls() {
  if (options_.tls.directory.empty()) return absl::OkStatus();
  OTPGATE_ASSIGN_OR_RETURN(tls_,
                           TlsStore::Open(options_.tls, environment_.clock, environment_.log));
  tls_->Watch();
  return absl::OkStatus();
}

absl::Status GrpcServer::Listen() {
  OTPGATE_RETURN_IF_ERROR(OpenTls());
  grpc::ServerBuilder builder;
  SetLimits(options_, builder);
  builder.RegisterService(&service_);
  builder.RegisterService(&watch_service_);
  ports_.resize(options_.addresses.size());
  for (size_t i = 0; i < ports_.size(); ++i) {
    credentials_.push_back(CredentialsFor(options_.addresses[i]));
    builder.AddListeningPort(options_.addresses[i], credentials_.back(), &ports_[i]);
  }
  for (int i = 0; i < ThreadsOf(options_); ++i) {
    queues_.push_back(std::make_unique<ServerQueue>(builder.AddCompletionQueue()));
  }
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", absl::StrJoin(options_.addresses, ", ")));
  }
  for (const auto& queue : queues_) {
    Post(queue.get());
    threads_.emplace_back([served = queue.get()] { served->Serve(); });
  }
  return absl::OkStatus();
}

void GrpcServer::Post(ServerQueue* queue) {
  for (size_t method = 0; method < methods_.size(); ++method) {
    for (int i = 0; i < options_.posted_calls; ++i) {
      Call::Post(call_parts_, static_cast<int>(method), queue);
    }
  }
  for (int i = 0; i < kPostedWatches; ++i) {
    HealthWatch::Post(&watch_service_, &board_, &open_, queue->get());
  }
}

// Watchers of health have been told that the server stops. Calls that were sent before are still on
// their way, and gRPC would end them as CANCELLED once Shutdown has begun.
void GrpcServer::AwaitQuiet() const {
  const Clock& clock = *environment_.clock;
  const absl::Duration end = clock.Steady() + options_.drain_timeout;
  absl::Duration quiet_since;
  for (int64_t known = -1; board_.watched(); absl::SleepFor(kPollInterval)) {
    const absl::Duration now = clock.Steady();
    const int64_t admitted = open_.admitted();
    if (admitted != known) quiet_since = now;
    if (now >= std::min(end, quiet_since + options_.drain_quiet)) return;
    known = admitted;
  }
}

void GrpcServer::Drain() {
  AssertMayBlock();
  board_.Retire();
  absl::SleepFor(options_.drain_delay);
  AwaitQuiet();
  board_.Close();
  server_->Shutdown(std::chrono::system_clock::now() +
                    absl::ToChronoNanoseconds(options_.drain_timeout));
  open_.WaitForNone();
  for (const auto& queue : queues_) queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      std::vector<UnaryMethod> methods,
                                                      const ServerEnvironment& environment) {
  OTPGATE_RETURN_IF_ERROR(CheckOptions(options));
  OTPGATE_RETURN_IF_ERROR(CheckMethods(methods));
  auto server = std::make_unique<GrpcServer>(options, std::move(methods), environment);
  OTPGATE_RETURN_IF_ERROR(server->Listen());
  return server;
}

}  // namespace otpgate::rpc
