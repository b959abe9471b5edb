#include "tests/support/delivery_fixture.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "storage/conformance/samples.h"
#include "tests/support/status_matchers.h"

namespace otpgate::support {
namespace {

storage::Code NewCode(absl::Time now, Random& random) {
  storage::Code code = storage::conformance::SampleCode(storage::CodeTable::kSignupOtps,
                                                        storage::Purpose::kLogin, random);
  code.created_at = now;
  code.expires_at = now + absl::Minutes(5);
  return code;
}

}  // namespace

DeliveryTest::~DeliveryTest() {
  const std::string lines = captured_.Text();
  for (const std::string& secret : secrets_) {
    EXPECT_THAT(lines, ::testing::Not(::testing::HasSubstr(secret))) << "in a log line";
  }
}

std::string DeliveryTest::CodeOf(int n) { return absl::StrCat(735'190 + n); }

storage::MessageKey DeliveryTest::Request(int n, storage::Channel channel) {
  const storage::SubjectKey subject{channel == storage::Channel::kSms
                                        ? absl::StrCat("+1555", 1'000'000 + n)
                                        : absl::StrCat("somebody", n, "@example.com"),
                                    storage::UserType::kLive};
  const storage::SubjectAsk ask{subject, false, {}};
  const auto loaded = store_.Load({&ask, 1});
  storage::Change<storage::Subject> change{.key = subject,
                                           .expected = loaded->rows[0].version,
                                           .version = storage::conformance::FreshVersion(random_),
                                           .before = loaded->rows[0].state,
                                           .state = loaded->rows[0].state,
                                           .effects = {}};
  change.state.updated_at = loaded->now;
  const storage::Code code = NewCode(loaded->now, random_);
  change.state.codes = {code};
  const auto id = storage::conformance::FreshId<MessageId>(random_);
  const delivery::MessageBinding binding{
      .id = id, .subject = subject, .purpose = storage::Purpose::kLogin};
  change.effects.messages = {{.id = id,
                              .otp_id = code.id,
                              .code_mac = code.mac,
                              .table = code.table,
                              .purpose = code.purpose,
                              .channel = channel,
                              .state = storage::MessageState::kPending,
                              .sealed = sealer_.Seal(binding, {CodeOf(n), "en"}),
                              .created_at = code.created_at,
                              .expires_at = code.expires_at}};
  EXPECT_OK(store_.Write({&change, 1}, absl::InfiniteFuture()));
  secrets_.push_back(CodeOf(n));
  secrets_.push_back(subject.identifier);
  return {subject.identifier, id};
}

std::unique_ptr<DeliveryTest::Server> DeliveryTest::NewServer(
    const FakeSender::Behaviour& behaviour) {
  auto server = std::make_unique<Server>();
  delivery::Courier::Parts parts;
  parts.outbox = std::make_unique<FaultyOutbox>(database_, &server->faults);
  for (const storage::Channel channel : {storage::Channel::kSms, storage::Channel::kEmail}) {
    parts.senders[channel] = std::make_unique<FakeSender>(&mailbox_, behaviour);
  }
  parts.composer = &composer_;
  parts.clock = &clock_;
  parts.random = &random_;
  parts.log = &log_;
  server->courier = std::make_unique<delivery::Courier>(std::move(parts), options_);
  return server;
}

storage::memory::OutboxRow DeliveryTest::Row(const storage::MessageKey& key) {
  for (const storage::memory::OutboxRow& row : database_.Messages()) {
    if (row.message.id == key.id) return row;
  }
  ADD_FAILURE() << "no such message";
  return {};
}

std::vector<std::string> DeliveryTest::Received() const {
  std::vector<std::string> codes;
  for (const delivery::Letter& letter : mailbox_.Letters()) codes.push_back(letter.code);
  return codes;
}

}  // namespace otpgate::support
