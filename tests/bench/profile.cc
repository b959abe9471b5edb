#include "tests/bench/profile.h"

#include <limits>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tests/bench/load.h"
#include "tests/bench/operations.h"
#include "tests/bench/system_under_test.h"
#include "tests/support/program.h"

namespace otpgate::bench {
namespace {

constexpr char kSamplesPerSecond[] = "997";
constexpr absl::Duration kWarmUp = absl::Seconds(1);

absl::Status SignPeopleIn(SystemUnderTest& system, People& people, int concurrency,
                          absl::Duration duration) {
  SignIn sign_in(people);
  return RunLoad(system.transport(0), sign_in,
                 {.concurrency = concurrency,
                  .operations = std::numeric_limits<int64_t>::max(),
                  .duration = duration})
      .status();
}

}  // namespace

absl::Status RecordProfile(const ProfilePlan& plan) {
  OTPGATE_ASSIGN_OR_RETURN(
      const std::unique_ptr<SystemUnderTest> system,
      SystemUnderTest::Start({.server_program = plan.server_program, .variants = {Variant()}}));
  People people(IdentifierKind::kEmail);
  OTPGATE_RETURN_IF_ERROR(SignPeopleIn(*system, people, plan.concurrency, kWarmUp));
  support::ProgramResult perf;
  std::thread recorder([&] {
    perf = support::RunProgram({"/usr/bin/env", "perf", "record", "-e", "cpu-clock", "-F",
                                kSamplesPerSecond, "-g", "-o", plan.data_file, "-p",
                                absl::StrCat(system->pid(0)), "--", "sleep",
                                absl::StrCat(absl::ToInt64Seconds(plan.duration))});
  });
  const absl::Status loaded = SignPeopleIn(*system, people, plan.concurrency, plan.duration);
  recorder.join();
  OTPGATE_RETURN_IF_ERROR(loaded);
  if (perf.exit_code == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("perf record: ", perf.err));
}

}  // namespace otpgate::bench
