#include "tests/chaos/final_state.h"

#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/crypto/base64url.h"
#include "migrations/migrator/connection.h"
#include "migrations/migrator/verify.h"
#include "tests/chaos/mailbox.h"

namespace otpgate::chaos {
namespace {

void AwaitMessages(const support::TestDatabase& database) {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  while (absl::Now() < end &&
         database.Value("SELECT count(*) FROM outbox WHERE state = 'pending'") != "0") {
    absl::SleepFor(absl::Milliseconds(50));
  }
}

}  // namespace

FinalState ReadFinalState(const Fleet& fleet) {
  const support::TestDatabase& database = fleet.database();
  AwaitMessages(database);
  FinalState state;
  for (const auto& row : database.Query("SELECT encode(s.id, 'hex'), i.identifier, s.generation"
                                        "  FROM sessions s JOIN identities i USING (user_id)")) {
    state.sessions[crypto::Base64UrlEncode(absl::HexStringToBytes(row[0]))] = {
        row[1], std::atoi(row[2].c_str())};
  }
  for (const auto& row : database.Query("SELECT identifier, attempts FROM signup_otps")) {
    state.attempts[row[0]] = std::atoi(row[1].c_str());
  }
  for (const auto& row :
       database.Query("SELECT encode(id, 'hex'), identifier, state FROM outbox")) {
    state.messages[row[0]] = {row[1], row[2]};
  }
  state.sent = Mailbox(fleet.MessagesFile()).Ids();
  return state;
}

std::vector<std::string> FindBrokenRows(const Fleet& fleet) {
  auto connection = migrator::Connect(fleet.database().Socket(support::PgRole::kSuperuser));
  if (!connection.ok()) return {connection.status().ToString()};
  const auto broken = migrator::FindDataProblems(**connection);
  if (!broken.ok()) return {broken.status().ToString()};
  std::vector<std::string> sentences;
  for (const migrator::BrokenRule& rule : *broken) {
    sentences.push_back(absl::StrCat(rule.rows, " rows break: ", rule.rule->text));
  }
  return sentences;
}

}  // namespace otpgate::chaos
