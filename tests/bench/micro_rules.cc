// Measures rules, batches and parameters, without server and database.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "server/domain/subject_rules.h"
#include "server/engine/batch.h"
#include "storage/postgres/array_param.h"
#include "tests/support/subject_world.h"

namespace otpgate::bench {
namespace {

using ::benchmark::DoNotOptimize;
using support::SubjectWorld;

void DomainDecideRequestOtp(benchmark::State& state) {
  support::SubjectWorld world;
  const domain::SubjectCommand command = world.Request("123456");
  for (auto _ : state) {
    storage::SubjectState subject = world.state;
    storage::SubjectEffects effects;
    DoNotOptimize(world.rules().Decide(command, world.now, subject, effects));
    DoNotOptimize(subject);
  }
}
BENCHMARK(DomainDecideRequestOtp);

void DecideVerify(benchmark::State& state, const char* guess) {
  support::SubjectWorld world;
  const domain::RequestOtp request = world.Request("123456");
  OTPGATE_CHECK(world.Run(request).ok());
  const domain::SubjectCommand command = world.Verify(request.otp_id, guess);
  for (auto _ : state) {
    storage::SubjectState subject = world.state;
    storage::SubjectEffects effects;
    DoNotOptimize(world.rules().Decide(command, world.now, subject, effects));
    DoNotOptimize(subject);
  }
}
void DomainDecideVerifyOtpRight(benchmark::State& state) { DecideVerify(state, "123456"); }
void DomainDecideVerifyOtpWrong(benchmark::State& state) { DecideVerify(state, "654321"); }
BENCHMARK(DomainDecideVerifyOtpRight);
BENCHMARK(DomainDecideVerifyOtpWrong);

// Asks, decides and answers one batch of code requests, which are for `keys` different subjects.
void EngineBatch(benchmark::State& state) {
  const auto commands = static_cast<size_t>(state.range(0));
  const auto keys = static_cast<size_t>(state.range(1));
  constexpr storage::Version kMark = 1 << 20;
  std::vector<support::SubjectWorld> worlds;
  for (size_t i = 0; i < keys; ++i)
    worlds.emplace_back(domain::OtpPolicy(), absl::StrCat("+1415", i));
  std::vector<domain::RequestOtp> requests;
  for (size_t i = 0; i < commands; ++i) requests.push_back(worlds[i % keys].Request("123456"));
  const domain::SubjectRules& rules = worlds[0].rules();
  for (auto _ : state) {
    engine::PendingList<domain::SubjectRules> list;
    for (const domain::RequestOtp& request : requests) {
      list.push_back(
          {.command = request,
           .answer = [](absl::StatusOr<domain::SubjectReply> reply) { DoNotOptimize(reply); },
           .cancellation = {}});
    }
    engine::Batch<domain::SubjectRules> batch(rules, std::move(list), kMark);
    storage::Loaded<storage::Subject> loaded;
    loaded.now = worlds[0].now;
    loaded.rows.resize(batch.Asks().size());
    batch.Decide(loaded);
    DoNotOptimize(
        batch.Settle(storage::Store<storage::Subject>::Won(batch.changes().size(), true)));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(EngineBatch)->Args({64, 64})->Args({64, 32})->Args({1, 1});

// Encodes one column of ids as an array parameter of a statement.
void StorageBytesArray(benchmark::State& state) {
  const std::string id(24, 'i');
  for (auto _ : state) {
    storage::postgres::BytesArray ids;
    for (int64_t i = 0; i < state.range(0); ++i) ids.Add(id);
    DoNotOptimize(ids.bytes().size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(StorageBytesArray)->Arg(64);

}  // namespace
}  // namespace otpgate::bench
