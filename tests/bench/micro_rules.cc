// What rules, batches and parameters cost: no server, no database.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/domain/subject_rules.h"
#include "server/engine/batch.h"
#include "server/runtime/check.h"
#include "storage/postgres/array_param.h"
#include "tests/support/subject_world.h"

namespace otpgate::bench {
namespace {

using ::benchmark::DoNotOptimize;
using ::otpgate::testing::SubjectWorld;

void DomainDecideRequestOtp(benchmark::State& state) {
  SubjectWorld world;
  const SubjectCommand command = world.Request("123456");
  for (auto _ : state) {
    SubjectState subject = world.state;
    SubjectEffects effects;
    DoNotOptimize(world.rules().Decide(command, world.now, subject, effects));
    DoNotOptimize(subject);
  }
}
BENCHMARK(DomainDecideRequestOtp);

void DecideVerify(benchmark::State& state, const char* guess) {
  SubjectWorld world;
  const RequestOtp request = world.Request("123456");
  OTPGATE_CHECK(world.Run(request).ok());
  const SubjectCommand command = world.Verify(request.otp_id, guess);
  for (auto _ : state) {
    SubjectState subject = world.state;
    SubjectEffects effects;
    DoNotOptimize(world.rules().Decide(command, world.now, subject, effects));
    DoNotOptimize(subject);
  }
}
void DomainDecideVerifyOtpRight(benchmark::State& state) { DecideVerify(state, "123456"); }
void DomainDecideVerifyOtpWrong(benchmark::State& state) { DecideVerify(state, "654321"); }
BENCHMARK(DomainDecideVerifyOtpRight);
BENCHMARK(DomainDecideVerifyOtpWrong);

// Asks, decisions and answers of one batch of code requests; `keys` subjects share the commands.
void EngineBatch(benchmark::State& state) {
  const auto commands = static_cast<size_t>(state.range(0));
  const auto keys = static_cast<size_t>(state.range(1));
  constexpr Version kMark = 1 << 20;
  std::vector<SubjectWorld> worlds;
  for (size_t i = 0; i < keys; ++i) worlds.emplace_back(OtpPolicy(), absl::StrCat("+1415", i));
  std::vector<RequestOtp> requests;
  for (size_t i = 0; i < commands; ++i) requests.push_back(worlds[i % keys].Request("123456"));
  const SubjectRules& rules = worlds[0].rules();
  for (auto _ : state) {
    PendingList<SubjectRules> list;
    for (const RequestOtp& request : requests) {
      list.push_back({.command = request,
                      .answer = [](absl::StatusOr<SubjectReply> reply) { DoNotOptimize(reply); },
                      .patience = {}});
    }
    Batch<SubjectRules> batch(rules, std::move(list), kMark);
    Loaded<Subject> loaded;
    loaded.now = worlds[0].now;
    loaded.rows.resize(batch.Asks().size());
    batch.Decide(loaded);
    DoNotOptimize(batch.Settle(Store<Subject>::Won(batch.changes().size(), true)));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(EngineBatch)->Args({64, 64})->Args({64, 32})->Args({1, 1});

// Storage: one column of ids, as a statement takes them.
void StorageBytesArray(benchmark::State& state) {
  const std::string id(24, 'i');
  for (auto _ : state) {
    BytesArray ids;
    for (int64_t i = 0; i < state.range(0); ++i) ids.Add(id);
    DoNotOptimize(ids.bytes().size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(StorageBytesArray)->Arg(64);

}  // namespace
}  // namespace otpgate::bench
