#include "storage/conformance/samples.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

namespace otpgate::storage::conformance {
namespace {

// A different time for each `n`.
absl::Time At(int n) { return kSampleTime + absl::Seconds(n) + absl::Microseconds(n); }

NewSession SampleSession(const UserId& user, Random& random) {
  return {.user_id = user,
          .id = FreshId<SessionId>(random),
          .key_id = "refresh-1",
          .token_version = 3,
          .created_at = At(41),
          .idle_expires_at = At(42),
          .absolute_expires_at = At(43),
          .caller = "web-backend",
          .device_info = "Pixel 9, Android 16",
          .ip = "203.0.113.7",
          .amr = "email"};
}

RecordedSession AsRecorded(const NewSession& session) {
  return {.generation = 0,
          .revoked = false,
          .key_id = session.key_id,
          .token_version = session.token_version,
          .created_at = session.created_at,
          .idle_expires_at = session.idle_expires_at,
          .absolute_expires_at = session.absolute_expires_at,
          .amr = session.amr};
}

Message SampleMessage(const Code& code, Random& random) {
  return {.id = FreshId<MessageId>(random),
          .otp_id = code.id,
          .code_mac = code.mac,
          .table = code.table,
          .purpose = code.purpose,
          .channel = Channel::kEmail,
          .state = MessageState::kPending,
          .sealed = FreshBytes(random, 90),
          .created_at = At(51),
          .expires_at = At(52)};
}

AuditEvent SampleAudit(Random& random) {
  return {.id = FreshId<AuditId>(random),
          .event = "LOGIN_OTP_VERIFIED",
          .at = At(61),
          .caller = "web-backend",
          .ip = "2001:db8::7",
          .detail = "new_account",
          .otp_id = FreshId<OtpId>(random),
          .user_id = FreshId<UserId>(random),
          .session_id = FreshId<SessionId>(random)};
}

void FillGuard(SubjectState& state, Random& random) {
  state.user_id = FreshId<UserId>(random);
  state.failures = 21;
  state.blocked_until = At(1);
  state.disabled_at = At(2);
  state.last_success_at = At(3);
  state.recent_sends = {At(4), At(5), At(6)};
  state.recent_resends = {At(7), At(8)};
  state.updated_at = At(9);
}

void FillAccount(const SubjectKey& key, Change<Subject>& change) {
  const UserId& user = change.state.user_id;
  change.state.account = Account{user, key.user_type, /*disabled=*/true, 7, At(31)};
  change.state.identities = {Identity{user, key, At(32)}};
  change.effects.new_account = change.state.account;
  change.effects.new_identity = change.state.identities[0];
}

void FillRequests(Change<Subject>& change, Random& random) {
  const NewSession& session = change.effects.sessions[0];
  RequestRecord login = SampleRequest(random);
  login.user_id = session.user_id;
  login.session_id = session.id;
  RequestRecord bare = SampleRequest(random);
  bare.expires_at.reset();
  bare.attempts_remaining.reset();
  bare.otp_id = {};
  change.state.requests = {{login, AsRecorded(session)}, {bare, std::nullopt}};
  change.effects.requests = {login, bare};
}

}  // namespace

std::string FreshBytes(Random& random, size_t size) {
  std::string bytes(size, '\0');
  random.Fill(bytes.data(), size);
  return bytes;
}

Version FreshVersion(Random& random) {
  Version version = 0;
  while (version == 0) version = static_cast<Version>(random.Uint64());
  return version;
}

SubjectKey SampleSubject(int n) { return {absl::StrCat("+1555", 1'000'000 + n), UserType::kLive}; }

Code SampleCode(CodeTable table, Purpose purpose, Random& random) {
  Code code;
  code.table = table;
  code.purpose = purpose;
  code.id = FreshId<OtpId>(random);
  code.mac = FreshBytes(random, 32);
  code.key_id = "pepper-1";
  code.attempts = 2;
  code.bound = purpose != Purpose::kVerifyEmail;
  code.created_at = At(21);
  code.expires_at = At(22);
  return code;
}

RequestRecord SampleRequest(Random& random) {
  RequestRecord record;
  record.key = {"web-backend", "VerifyOtp", FreshBytes(random, 16)};
  record.fingerprint = FreshBytes(random, 40);
  record.reason = 5;
  record.otp_id = FreshId<OtpId>(random);
  record.expires_at = At(71);
  record.attempts_remaining = 4;
  record.new_user = true;
  record.created_at = At(72);
  return record;
}

Change<Subject> SmallChange(const SubjectKey& key, Random& random) {
  return NextChange(key, Row<Subject>{}, random);
}

Change<Subject> NextChange(const SubjectKey& key, const Row<Subject>& row, Random& random) {
  Change<Subject> change;
  change.key = key;
  change.expected = row.version;
  change.version = FreshVersion(random);
  change.before = row.state;
  change.state = row.state;
  change.effects.requests = {SampleRequest(random)};
  change.state.requests.emplace_back(change.effects.requests[0], std::nullopt);
  return change;
}

Change<Subject> FullChange(const SubjectKey& key, Random& random) {
  Change<Subject> change;
  change.key = key;
  change.version = FreshVersion(random);
  SubjectState& state = change.state;
  FillGuard(state, random);
  state.codes = {SampleCode(CodeTable::kSignupOtps, Purpose::kLogin, random)};
  for (const Purpose purpose : kPurposes) {
    state.codes.push_back(SampleCode(CodeTable::kOtpSessions, purpose, random));
  }
  state.codes[1].verified_at = At(23);
  state.codes[1].user_id = state.user_id;
  FillAccount(key, change);
  SubjectEffects& effects = change.effects;
  effects.sessions = {SampleSession(state.user_id, random), SampleSession(state.user_id, random)};
  effects.messages = {SampleMessage(state.codes[0], random), SampleMessage(state.codes[2], random)};
  effects.messages[1].channel = Channel::kSms;
  effects.messages[1].state = MessageState::kSuppressed;
  effects.messages[1].sealed.clear();
  effects.audit = {SampleAudit(random), SampleAudit(random)};
  FillRequests(change, random);
  return change;
}

SubjectState InOrder(SubjectState state) {
  std::sort(state.codes.begin(), state.codes.end(), [](const Code& a, const Code& b) {
    return std::tie(a.table, a.purpose) < std::tie(b.table, b.purpose);
  });
  std::sort(state.requests.begin(), state.requests.end(), [](const auto& a, const auto& b) {
    return a.first.key.request_id < b.first.key.request_id;
  });
  std::sort(state.identities.begin(), state.identities.end(),
            [](const Identity& a, const Identity& b) { return a.subject < b.subject; });
  return state;
}

}  // namespace otpgate::storage::conformance
