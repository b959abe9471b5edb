// otpgate-bench SERVER_PROGRAM JSON_FILE quick|long email|phone: see tests/bench/run.
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/time/time.h"
#include "tests/bench/bench.h"

namespace otpgate::bench {
namespace {

int Main(const std::string& server_program, const std::string& file, bool quick, bool phones) {
  BenchPlan plan;
  plan.server_program = server_program;
  plan.rounds = quick ? 3 : 7;
  plan.duration = quick ? absl::Milliseconds(300) : absl::Seconds(3);
  if (quick) {
    plan.single_concurrencies = {1, 64};
    plan.session_concurrencies = {16, 64, 256};
  }
  if (phones) plan.identifiers = IdentifierKind::kPhone;
  const absl::StatusOr<BenchReport> report = RunBench(plan);
  if (!report.ok()) {
    std::fprintf(stderr, "otpgate-bench: %s\n", report.status().ToString().c_str());
    return 1;
  }
  std::ofstream out(file, std::ios::trunc);
  out << JsonOf(*report) << std::flush;
  std::fputs(TableOf(*report).c_str(), stdout);
  return out ? 0 : 1;
}

}  // namespace
}  // namespace otpgate::bench

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  return otpgate::bench::Main(argv[1], argv[2], std::string(argv[3]) == "quick",
                              std::string(argv[4]) == "phone");
}
