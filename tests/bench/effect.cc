#include "tests/bench/effect.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace otpgate::bench {
namespace {

std::string Text(const RowCounts& counts, int64_t messages) {
  return absl::StrCat(counts.subjects, " subjects, ", counts.sessions, " sessions, ",
                      counts.revoked, " of them revoked, ", counts.sign_outs, " sign-outs, ",
                      counts.rotations, " rotations, ", messages, " messages");
}

}  // namespace

void Ledger::Add(const Effect& effect, int64_t operations) {
  expected_.subjects += effect.subjects * operations;
  expected_.sessions += effect.sessions * operations;
  expected_.revoked += effect.revoked * operations;
  expected_.sign_outs += effect.sign_outs * operations;
  expected_.rotations += effect.rotations * operations;
  messages_ += effect.messages * operations;
  dropped_at_most_ += (effect.sessions + effect.resends) * operations;
}

absl::Status Ledger::Check(const RowCounts& actual) const {
  const int64_t messages = actual.sent + actual.dropped;
  const int64_t dropped = actual.dropped - expected_.dropped;
  if (actual.subjects == expected_.subjects && actual.sessions == expected_.sessions &&
      actual.revoked == expected_.revoked && actual.sign_outs == expected_.sign_outs &&
      actual.rotations == expected_.rotations && messages == messages_ &&
      dropped <= dropped_at_most_) {
    return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat("the operations left ", Text(actual, messages), ", ",
                                          dropped, " of them dropped; expected ",
                                          Text(expected_, messages_)));
}

}  // namespace otpgate::bench
