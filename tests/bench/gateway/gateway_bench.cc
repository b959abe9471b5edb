#include "tests/bench/gateway/gateway_bench.h"

#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tests/bench/cpu_time.h"
#include "tests/bench/gateway/http_programs.h"
#include "tests/bench/gateway/idle_memory.h"
#include "tests/bench/gateway/rest_transport.h"
#include "tests/bench/meter.h"
#include "tests/bench/session_operations.h"

namespace otpgate::bench {
namespace {

constexpr Effect kSignsIn = {.subjects = 1, .messages = 1, .sessions = 1};

// A program under measurement and the way to it.
struct RestProgram {
  explicit RestProgram(HttpProgram started)
      : program(std::move(started)), transport(program.port) {}

  HttpProgram program;
  RestTransport transport;
};

// A call that is measured. `sessions` outlives the operation.
struct RestCall {
  std::string name;
  std::function<SingleCall(const std::vector<Tokens>& sessions)> make;
};

std::vector<RestCall> Calls() {
  return {{"GetJwks", [](const std::vector<Tokens>&) { return FetchKeys(); }},
          {"IntrospectToken", &Introspect},
          {"GetCurrentUser", &AskWhoIsSignedIn}};
}

// The answer of a program to one call as it stands on the wire.
absl::StatusOr<StaticAnswer> AnswerOf(int port, const LoadCall& call) {
  HttpTransport http(port);
  const LoadCall over_rest = OverRest(call);
  http.Send(0, over_rest);
  const std::optional<Transport::Answer> answer = http.Next(absl::InfiniteDuration());
  OTPGATE_RETURN_IF_ERROR(answer->status);
  return StaticAnswer{.path = absl::StrCat("/", over_rest.method), .body = answer->reply};
}

class GatewayBench {
 public:
  GatewayBench(const GatewayPlan& plan, SystemUnderTest& system)
      : plan_(plan), system_(system), meter_(system, {Variant()}) {}

  absl::StatusOr<GatewayReport> Run() {
    OTPGATE_RETURN_IF_ERROR(meter_.StartLedgers());
    OTPGATE_RETURN_IF_ERROR(StartPrograms());
    OTPGATE_RETURN_IF_ERROR(Round());
    calls_.clear();
    login_gateway_us_.clear();
    meter_.measured().clear();
    for (int i = 0; i < plan_.rounds; ++i) OTPGATE_RETURN_IF_ERROR(Round());
    GatewayReport report{.rounds = plan_.rounds, .calls = Medians(calls_)};
    const std::vector<Measurement> logins = Medians(meter_.measured());
    for (const int concurrency : plan_.concurrencies) {
      const double gateway_us = Median(login_gateway_us_.at(concurrency));
      report.logins.push_back(LoginCostIn(logins, concurrency, gateway_us));
    }
    for (const bool tls : {false, true}) {
      OTPGATE_ASSIGN_OR_RETURN(
          const IdleMemory idle,
          MeasureIdleMemory(plan_.gateway_program, system_.port(0), plan_.idle_connections, tls));
      report.idle.push_back(idle);
    }
    return report;
  }

 private:
  absl::Status StartPrograms() {
    OTPGATE_ASSIGN_OR_RETURN(
        HttpProgram gateway,
        StartGateway(plan_.gateway_program, system_.port(0), {"--trusted-proxies=1"}));
    gateway_ = std::make_unique<RestProgram>(std::move(gateway));
    if (!plan_.node_gateway_folder.empty()) {
      OTPGATE_ASSIGN_OR_RETURN(HttpProgram node,
                               StartNodeGateway(plan_.node_gateway_folder, system_.port(0)));
      node_ = std::make_unique<RestProgram>(std::move(node));
    }
    if (!plan_.redis_design_folder.empty()) {
      OTPGATE_ASSIGN_OR_RETURN(design_, RedisDesign::Start(plan_.redis_design_folder));
    }
    return absl::OkStatus();
  }

  absl::Status Round() {
    for (const int concurrency : plan_.concurrencies) {
      OTPGATE_RETURN_IF_ERROR(RoundAt({.concurrency = concurrency,
                                       .operations = plan_.operations,
                                       .duration = plan_.duration}));
    }
    return meter_.CheckLedgers();
  }

  absl::Status RoundAt(const LoadLimits& limits) {
    SignInWithIp sign_in(people_);
    OTPGATE_RETURN_IF_ERROR(meter_.Measure(kLogin, 0, sign_in, limits, kSignsIn));
    OTPGATE_RETURN_IF_ERROR(MeasureRestLogin(limits));
    if (design_ != nullptr) OTPGATE_RETURN_IF_ERROR(meter_.MeasureRedisDesign(*design_, limits));
    const std::vector<Tokens> sessions = sign_in.TakeTokens();
    if (nginx_ == nullptr && !plan_.nginx_program.empty()) {
      OTPGATE_RETURN_IF_ERROR(StartNginxFor(sessions));
    }
    for (const RestCall& call : Calls()) {
      OTPGATE_RETURN_IF_ERROR(MeasureCall(call, sessions, limits));
    }
    return absl::OkStatus();
  }

  absl::Status MeasureRestLogin(const LoadLimits& limits) {
    SignInWithIp sign_in(people_);
    const pid_t pid = gateway_->program.process->pid();
    OTPGATE_ASSIGN_OR_RETURN(const absl::Duration before, CpuTimeOf(pid));
    OTPGATE_RETURN_IF_ERROR(
        meter_.Measure(kRestLogin, 0, sign_in, limits, kSignsIn, &gateway_->transport));
    OTPGATE_ASSIGN_OR_RETURN(const absl::Duration after, CpuTimeOf(pid));
    login_gateway_us_[limits.concurrency].push_back(
        absl::ToDoubleMicroseconds(after - before) /
        static_cast<double>(sign_in.TakeTokens().size()));
    return absl::OkStatus();
  }

  // nginx answers what the gateway answers for the first session.
  absl::Status StartNginxFor(const std::vector<Tokens>& sessions) {
    std::vector<StaticAnswer> answers;
    for (const RestCall& call : Calls()) {
      SingleCall operation = call.make(sessions);
      OTPGATE_ASSIGN_OR_RETURN(StaticAnswer answer,
                               AnswerOf(gateway_->program.port, operation.Begin(0)));
      answers.push_back(std::move(answer));
    }
    OTPGATE_ASSIGN_OR_RETURN(HttpProgram nginx, StartNginx(plan_.nginx_program, answers));
    nginx_ = std::make_unique<RestProgram>(std::move(nginx));
    return absl::OkStatus();
  }

  absl::Status MeasureCall(const RestCall& call, const std::vector<Tokens>& sessions,
                           const LoadLimits& limits) {
    CallCost cost{.operation = call.name, .concurrency = limits.concurrency};
    SingleCall operation = call.make(sessions);
    OTPGATE_ASSIGN_OR_RETURN(const StaticAnswer answer,
                             AnswerOf(gateway_->program.port, operation.Begin(0)));
    cost.reply_bytes = answer.body.size();
    RestProgram* const programs[] = {gateway_.get(), nginx_.get(), node_.get()};
    std::optional<double> costs[std::size(programs)];
    const size_t first = first_++;
    for (size_t i = 0; i < std::size(programs); ++i) {
      const size_t at = (first + i) % std::size(programs);
      if (programs[at] == nullptr) continue;
      OTPGATE_ASSIGN_OR_RETURN(costs[at], CostOf(*programs[at], operation, limits));
    }
    cost.gateway_us = costs[0].value();
    cost.nginx_us = costs[1];
    cost.node_us = costs[2];
    calls_.push_back(std::move(cost));
    return absl::OkStatus();
  }

  // CPU time of the program per call, in us.
  static absl::StatusOr<double> CostOf(RestProgram& under_test, Operation& operation,
                                       const LoadLimits& limits) {
    const pid_t pid = under_test.program.process->pid();
    OTPGATE_ASSIGN_OR_RETURN(const absl::Duration before, CpuTimeOf(pid));
    OTPGATE_ASSIGN_OR_RETURN(const LoadResult load,
                             RunLoad(under_test.transport, operation, limits));
    OTPGATE_ASSIGN_OR_RETURN(const absl::Duration after, CpuTimeOf(pid));
    return absl::ToDoubleMicroseconds(after - before) / static_cast<double>(load.latencies.size());
  }

  const GatewayPlan& plan_;
  SystemUnderTest& system_;
  Meter meter_;
  People people_{IdentifierKind::kEmail};
  std::unique_ptr<RestProgram> gateway_;
  std::unique_ptr<RestProgram> nginx_;  // null: not measured, or not yet
  std::unique_ptr<RestProgram> node_;   // null: not measured
  std::unique_ptr<RedisDesign> design_;
  std::vector<CallCost> calls_;
  std::map<int, std::vector<double>> login_gateway_us_;  // by concurrency
  size_t first_ = 0;  // which program the next call is measured with first
};

}  // namespace

absl::StatusOr<GatewayReport> RunGatewayBench(const GatewayPlan& plan) {
  OTPGATE_ASSIGN_OR_RETURN(
      const std::unique_ptr<SystemUnderTest> system,
      SystemUnderTest::Start({.server_program = plan.server_program, .variants = {Variant()}}));
  return GatewayBench(plan, *system).Run();
}

}  // namespace otpgate::bench
