#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "storage/conformance/samples.h"

namespace otpgate::storage::conformance {
namespace {

// Sets every text of a change; key_id and device_info, which the schema limits, have their own.
void SetTexts(Change<Subject>& change, const std::string& key_id, const std::string& text,
              const std::string& device_info) {
  for (Code& code : change.state.codes) code.key_id = key_id;
  for (NewSession& session : change.effects.sessions) {
    session.key_id = key_id;
    session.caller = session.ip = text;
    session.device_info = device_info;
  }
  for (auto& [record, session] : change.state.requests) {
    record.key.caller = record.key.method = text;
    if (session) session->key_id = key_id;
  }
  for (RequestRecord& record : change.effects.requests) {
    record.key.caller = record.key.method = text;
  }
  for (AuditEvent& event : change.effects.audit) {
    event.event = event.caller = event.ip = event.detail = text;
  }
}

// Sets every byte string that is neither id nor key.
void SetBytes(Change<Subject>& change, char byte) {
  for (Code& code : change.state.codes) code.mac.assign(32, byte);
  for (Message& message : change.effects.messages) {
    message.code_mac.assign(32, byte);
    if (!message.sealed.empty()) message.sealed.assign(1, byte);
  }
  for (auto& [record, session] : change.state.requests) record.fingerprint.assign(34, byte);
  for (RequestRecord& record : change.effects.requests) record.fingerprint.assign(34, byte);
}

void SetTimes(Change<Subject>& change, absl::Time time) {
  SubjectState& state = change.state;
  state.blocked_until = state.disabled_at = state.last_success_at = state.updated_at = time;
  state.recent_sends = {time, time};
  state.recent_resends = {time};
  for (Code& code : state.codes) {
    code.created_at = code.expires_at = time;
    if (code.verified_at) code.verified_at = time;
  }
  for (auto& [record, session] : state.requests) {
    record.created_at = time;
    if (record.expires_at) record.expires_at = time;
    if (session)
      session->created_at = session->idle_expires_at = session->absolute_expires_at = time;
  }
  change.effects.requests = {state.requests[0].first, state.requests[1].first};
  for (NewSession& session : change.effects.sessions) {
    session.created_at = session.idle_expires_at = session.absolute_expires_at = time;
  }
  for (Message& message : change.effects.messages) message.created_at = message.expires_at = time;
  for (AuditEvent& event : change.effects.audit) event.at = time;
  state.account->created_at = state.identities[0].verified_at = time;
  change.effects.new_account = state.account;
  change.effects.new_identity = state.identities[0];
}

void SetNumbers(Change<Subject>& change, int attempts, int failures, int reason,
                int token_version) {
  change.state.failures = failures;
  for (Code& code : change.state.codes) code.attempts = attempts;
  for (auto& [record, session] : change.state.requests) {
    record.reason = reason;
    record.attempts_remaining = reason;
    if (session) session->token_version = token_version;
  }
  change.effects.requests = {change.state.requests[0].first, change.state.requests[1].first};
  for (NewSession& session : change.effects.sessions) session.token_version = token_version;
  change.state.account->token_version = token_version;
  change.effects.new_account = change.state.account;
}

// Removes everything that may be absent.
void Strip(Change<Subject>& change) {
  SubjectState empty;
  empty.requests = {{change.state.requests[1]}};
  empty.requests[0].first.user_id = {};
  change.state = empty;
  SubjectEffects effects;
  effects.requests = {empty.requests[0].first};
  effects.audit = {change.effects.audit[0]};
  effects.audit[0].otp_id = {};
  effects.audit[0].user_id = {};
  effects.audit[0].session_id = {};
  change.effects = effects;
}

std::string Repeat(const std::string& unit, size_t bytes) {
  std::string text;
  while (text.size() + unit.size() <= bytes) text += unit;
  return text + std::string(bytes - text.size(), 'x');
}

// Collects the edited changes.
class Extremes {
 public:
  explicit Extremes(Random& random) : random_(&random) {}

  template <class Edit>
  void Add(const char* name, const std::string& identifier, UserType user_type, Edit edit) {
    changes_.push_back({name, FullChange({identifier, user_type}, *random_)});
    edit(changes_.back().change);
  }
  template <class Edit>
  void Add(const char* name, const std::string& identifier, Edit edit) {
    Add(name, identifier, UserType::kLive, edit);
  }
  std::vector<NamedChange> Take() { return std::move(changes_); }

 private:
  Random* const random_;
  std::vector<NamedChange> changes_;
};

void AddShapes(Extremes& all) {
  all.Add("Ordinary", "a@example.com", [](auto&) {});
  all.Add("OrdinaryDemo", "a@example.com", UserType::kDemo, [](auto&) {});
  all.Add("NothingOptional", "+15550001", [](auto& c) { Strip(c); });
}

void AddTexts(Extremes& all) {
  const std::string quoting = R"({"a,b"},'c';\"\\d\n(NULL)$1%s--\x00)";
  const std::string unicode = "\u00e9\u4e2d\U0001f511\u202e\U0010ffff";
  all.Add("Shortest", "a@b", [](auto& c) { SetTexts(c, "k", "", ""); });
  all.Add("Longest", Repeat("\u00e9", 254),
          [](auto& c) { SetTexts(c, Repeat("k", 16), Repeat("t", 256), Repeat("\u4e2d", 512)); });
  all.Add("Quoting", quoting, [&](auto& c) { SetTexts(c, R"({"',\$1NULL)", quoting, quoting); });
  all.Add("TheWordNull", "NULL", [](auto& c) { SetTexts(c, "NULL", "NULL", "NULL"); });
  all.Add("EmptyArray", "{}{", [](auto& c) { SetTexts(c, "{}", "{}", "\"\""); });
  all.Add("ControlsAndSpaces", " \t\r\n\x01\x7f ",
          [](auto& c) { SetTexts(c, " ", "\n\x1f", "\t \x7f\r\n"); });
  all.Add("Unicode", unicode, UserType::kDemo,
          [&](auto& c) { SetTexts(c, "\U0001f511", unicode, unicode); });
}

void AddBytes(Extremes& all) {
  all.Add("ZeroBytes", "zero@example.com", [](auto& c) { SetBytes(c, '\0'); });
  all.Add("OnesBytes", "ones@example.com", [](auto& c) { SetBytes(c, '\xff'); });
  all.Add("QuoteBytes", "quote@example.com", [](auto& c) { SetBytes(c, '\''); });
  all.Add("BackslashBytes", "slash@example.com", [](auto& c) { SetBytes(c, '\\'); });
}

void AddTimes(Extremes& all) {
  const absl::Time first = absl::FromCivil(absl::CivilYear(1), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilYear(10000), absl::UTCTimeZone());
  const auto at = [](absl::Time time) { return [time](auto& c) { SetTimes(c, time); }; };
  all.Add("EarliestTime", "+15550002", at(first));
  all.Add("LatestTime", "+15550003", at(end - absl::Microseconds(1)));
  all.Add("MicrosecondBefore1970", "+15550004", at(absl::FromUnixMicros(-1)));
  all.Add("Epoch", "+15550005", at(absl::UnixEpoch()));
  all.Add("MicrosecondAfter2000", "+15550006", at(absl::FromUnixMicros(946'684'800'000'001)));
  all.Add("MicrosecondBefore2100", "+15550007", at(absl::FromUnixMicros(4'102'444'799'999'999)));
}

void AddNumbers(Extremes& all) {
  all.Add("LeastNumbers", "+15550008", [](auto& c) {
    SetNumbers(c, 0, 0, -32768, 0);
    c.version = std::numeric_limits<Version>::min();
  });
  all.Add("MostNumbers", "+15550009", [](auto& c) {
    for (RequestRecord& record : c.effects.requests) record.fingerprint.assign(49, 'f');
    for (auto& [record, session] : c.state.requests) record.fingerprint.assign(49, 'f');
    SetNumbers(c, 5, 100, 32767, std::numeric_limits<int>::max());
    c.version = std::numeric_limits<Version>::max();
  });
  all.Add("VersionMinusOne", "+15550010", [](auto& c) { c.version = -1; });
}

}  // namespace

std::vector<NamedChange> ExtremeChanges(Random& random) {
  Extremes all(random);
  AddShapes(all);
  AddTexts(all);
  AddBytes(all);
  AddTimes(all);
  AddNumbers(all);
  return all.Take();
}

}  // namespace otpgate::storage::conformance
