// otpgate-bench: see tests/bench/run, which passes its arguments on.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/time/time.h"
#include "tests/bench/bench.h"
#include "tests/bench/gateway/gateway_bench.h"
#include "tests/bench/profile.h"
#include "tests/bench/stress/parts.h"

namespace otpgate::bench {
namespace {

struct Arguments {
  BenchPlan plan;
  StressPlan stress = {};
  GatewayPlan gateway = {};
  std::string only = {};  // the name of a part, see stress/parts.h
  std::string json_file = {};
  std::string profile_file = {};
  bool quick = false;
  bool phones = false;
  double seconds = 1;
  double overload_seconds = 60;
};

void AddOptions(CLI::App& app, Arguments& arguments) {
  BenchPlan& plan = arguments.plan;
  app.add_option("--server", plan.server_program)->required();
  app.add_option("--json", arguments.json_file);
  app.add_option("--profile", arguments.profile_file);
  app.add_option("--redis-design", plan.redis_design_folder);
  CLI::Option* quick = app.add_flag("--quick", arguments.quick);
  app.add_flag("--phones", arguments.phones);
  app.add_option("--rows", plan.rows)->delimiter(',');
  app.add_option("--concurrency", plan.concurrencies)->delimiter(',')->check(CLI::Range(1, 4096));
  app.add_option("--rounds", plan.rounds)->check(CLI::Range(1, 100));
  app.add_option("--seconds", arguments.seconds)->check(CLI::Range(0.01, 600.0));
  for (const char* planned : {"--rows", "--concurrency", "--rounds", "--seconds"}) {
    quick->excludes(app.get_option(planned));
  }
  app.add_option("--only", arguments.only);
  app.add_option("--expired", arguments.stress.cleaning.expired)
      ->check(CLI::Range(100, 1'000'000'000));
  app.add_option("--codes", arguments.stress.cleaning.codes)->check(CLI::Range(1, 100'000'000));
  app.add_option("--guesses", arguments.stress.guesses.guesses)->check(CLI::Range(1, 10'000'000));
  app.add_option("--gateway", arguments.gateway.gateway_program);
  app.add_option("--nginx", arguments.gateway.nginx_program);
  app.add_option("--node-gateway", arguments.gateway.node_gateway_folder);
  app.add_option("--idle-connections", arguments.gateway.idle_connections)
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--overload-seconds", arguments.overload_seconds)->check(CLI::Range(1.0, 3600.0));
}

BenchPlan FullPlan() {
  BenchPlan plan;
  plan.rows = {1000, 10'000'000};
  plan.concurrencies = {1, 8, 64, 256, 512};
  plan.single_concurrencies = {64};
  plan.every_rpc = true;
  plan.open_loop_shares = {0.25, 0.5, 0.75};
  plan.rounds = 3;
  return plan;
}

BenchPlan QuickPlan(const Arguments& arguments) {
  BenchPlan plan;
  plan.server_program = arguments.plan.server_program;
  plan.single_concurrencies = {1, 64};
  plan.session_concurrencies = {16, 64, 256};
  plan.rounds = 3;
  plan.duration = absl::Milliseconds(300);
  return plan;
}

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "otpgate-bench: %s\n", status.ToString().c_str());
  return 1;
}

int Profile(const Arguments& arguments) {
  const absl::Status status = RecordProfile(
      {.server_program = arguments.plan.server_program, .data_file = arguments.profile_file});
  return status.ok() ? 0 : Fail(status);
}

int Tell(const Arguments& arguments, const std::string& json, const std::string& text) {
  std::ofstream out(arguments.json_file, std::ios::trunc);
  out << json << std::flush;
  std::fputs(text.c_str(), stdout);
  return out ? 0 : 1;
}

int Run(const Arguments& arguments, BenchPlan plan) {
  if (arguments.phones) plan.identifiers = IdentifierKind::kPhone;
  const absl::StatusOr<BenchReport> report = RunBench(plan);
  return report.ok() ? Tell(arguments, JsonOf(*report), TableOf(*report)) : Fail(report.status());
}

// `app`: tells which options were given.
int RunGateway(const Arguments& arguments, const CLI::App& app) {
  GatewayPlan plan = arguments.gateway;
  plan.server_program = arguments.plan.server_program;
  plan.redis_design_folder = arguments.plan.redis_design_folder;
  plan.duration = absl::Seconds(arguments.seconds);
  if (app.count("--rounds") > 0) plan.rounds = arguments.plan.rounds;
  if (app.count("--concurrency") > 0) plan.concurrencies = arguments.plan.concurrencies;
  const absl::StatusOr<GatewayReport> report = RunGatewayBench(plan);
  return report.ok() ? Tell(arguments, JsonOf(*report), TextOf(*report)) : Fail(report.status());
}

int RunOnly(const Arguments& arguments, StressPlan plan) {
  plan.overload.overload = absl::Seconds(arguments.overload_seconds);
  const absl::StatusOr<StressResult> result =
      RunStressPart(arguments.only, arguments.plan.server_program, plan);
  return result.ok() ? Tell(arguments, result->json, result->text) : Fail(result.status());
}

int Main(int argc, char** argv) {
  CLI::App app;
  Arguments arguments{.plan = FullPlan()};
  AddOptions(app, arguments);
  CLI11_PARSE(app, argc, argv);
  if (!arguments.profile_file.empty()) return Profile(arguments);
  if (!arguments.gateway.gateway_program.empty()) return RunGateway(arguments, app);
  if (!arguments.only.empty()) return RunOnly(arguments, arguments.stress);
  if (arguments.quick) return Run(arguments, QuickPlan(arguments));
  arguments.plan.session_concurrencies = arguments.plan.concurrencies;
  arguments.plan.duration = absl::Seconds(arguments.seconds);
  return Run(arguments, arguments.plan);
}

}  // namespace
}  // namespace otpgate::bench

int main(int argc, char** argv) { return otpgate::bench::Main(argc, argv); }
