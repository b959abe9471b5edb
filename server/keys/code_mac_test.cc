#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/crypto/hmac.h"
#include "base/crypto/packing.h"
#include "server/keys/code.h"
#include "server/keys/test_keyring.h"
#include "tests/support/seeded_random.h"
#include "tests/support/trials.h"

namespace otpgate::keys {
namespace {

// A row of the code table as an attacker sees it in a dump.
struct Row {
  std::string purpose, identifier, user_type, otp_id;
  CodeMac::Mac mac;

  CodeBinding binding() const { return {purpose, identifier, user_type, otp_id}; }
};

Row MakeRow(const CodeMac& macs, Random& random, int number, absl::string_view code) {
  Row row{"login", absl::StrFormat("+1415555%04d", number), "live", std::string(24, '\0'), {}};
  random.Fill(row.otp_id.data(), row.otp_id.size());
  row.mac = macs.Compute(row.binding(), code);
  return row;
}

TEST(CodeMacTest, TheRightCodeMatchesAndNoOther) {
  const CodeMac macs(keys::TestKeyring("1"));
  const CodeBinding binding{"login", "test@example.com", "live", "id"};
  const CodeMac::Mac mac = macs.Compute(binding, "012345");
  EXPECT_EQ(mac.key_id, "1");
  EXPECT_EQ(mac.bytes.size(), crypto::kSha256Bytes);
  EXPECT_TRUE(macs.Matches(mac, binding, "012345"));
  for (const char* wrong : {"012346", "112345", "12345", "0123450", ""}) {
    EXPECT_FALSE(macs.Matches(mac, binding, wrong)) << wrong;
  }
  EXPECT_FALSE(macs.Matches({"1", mac.bytes.substr(1)}, binding, "012345"));
  EXPECT_FALSE(macs.Matches({"1", ""}, binding, "012345"));
}

TEST(CodeMacTest, EveryFieldIsBound) {
  const CodeMac macs(keys::TestKeyring("1"));
  const CodeMac::Mac mac = macs.Compute({"login", "a@b.test", "live", "id"}, "123456");
  EXPECT_FALSE(macs.Matches(mac, {"verify_email", "a@b.test", "live", "id"}, "123456"));
  EXPECT_FALSE(macs.Matches(mac, {"login", "c@b.test", "live", "id"}, "123456"));
  EXPECT_FALSE(macs.Matches(mac, {"login", "a@b.test", "demo", "id"}, "123456"));
  EXPECT_FALSE(macs.Matches(mac, {"login", "a@b.test", "live", "other"}, "123456"));
}

TEST(CodeMacTest, FieldsCannotRunIntoEachOther) {
  const CodeMac macs(keys::TestKeyring("1"));
  const CodeMac::Mac mac = macs.Compute({"login", "ab", "c", "id1"}, "23456");
  EXPECT_FALSE(macs.Matches(mac, {"login", "a", "bc", "id1"}, "23456"));
  EXPECT_FALSE(macs.Matches(mac, {"login", "ab", "c", "id"}, "123456"));
}

TEST(CodeMacTest, RotationKeepsOldCodesUntilTheirPepperIsGone) {
  const CodeMac before(keys::TestKeyring("1"));
  const CodeMac during(keys::TestKeyring("21"));
  const CodeMac after(keys::TestKeyring("2"));
  const CodeBinding binding{"login", "a@b.test", "live", "id"};
  const CodeMac::Mac old_mac = before.Compute(binding, "123456");
  EXPECT_TRUE(during.Matches(old_mac, binding, "123456"));
  EXPECT_FALSE(after.Matches(old_mac, binding, "123456"));
  const CodeMac::Mac new_mac = during.Compute(binding, "123456");
  EXPECT_EQ(new_mac.key_id, "2");
  EXPECT_TRUE(after.Matches(new_mac, binding, "123456"));
  EXPECT_FALSE(during.Matches({"2", old_mac.bytes}, binding, "123456"));
  EXPECT_FALSE(during.Matches({"3", new_mac.bytes}, binding, "123456"));
}

TEST(CodeMacTest, A3_AMacMovedToAnotherRowFails) {
  support::SeededRandom random(3);
  const CodeMac macs(keys::TestKeyring("1"));
  std::vector<Row> rows;
  for (int i = 0; i < 20; ++i) rows.push_back(MakeRow(macs, random, i, "123456"));
  for (const Row& to : rows) {
    for (const Row& from : rows) {
      EXPECT_EQ(macs.Matches(from.mac, to.binding(), "123456"), &from == &to);
    }
  }
}

// How an attacker with a dump but without the pepper could compute MACs.
std::vector<std::string> Guesses(const Row& row, absl::string_view code) {
  std::string message;
  for (const absl::string_view field :
       {absl::string_view(row.purpose), absl::string_view(row.identifier),
        absl::string_view(row.user_type), absl::string_view(row.otp_id), code}) {
    crypto::AppendLong(message, field);
  }
  const std::string zeros(32, '\0');
  return {
      crypto::Sha256(message),
      crypto::Sha256(code),
      crypto::HmacSha256(zeros, message),
      crypto::HmacSha256(row.mac.key_id, message),
      crypto::HmacSha256(row.otp_id, message),
      crypto::HmacSha256(crypto::HkdfSha256(zeros, "otpgate code mac 1", 32).Reveal(), message)};
}

TEST(CodeMacTest, A3_BruteForceWithoutThePepperFindsNothing) {
  constexpr int kDigits = 3;  // short, so that every code can be tried for many rows
  support::SeededRandom random(4);
  const CodeMac macs(keys::TestKeyring("1"));
  const int64_t rows = support::Trials(20);
  int64_t found_without = 0, found_with = 0;
  for (int64_t i = 0; i < rows; ++i) {
    const std::string secret_code = GenerateCode(random, kDigits);
    const Row row = MakeRow(macs, random, static_cast<int>(i), secret_code);
    for (int guess = 0; guess < 1000; ++guess) {
      const std::string code = absl::StrFormat("%03d", guess);
      for (const std::string& mac : Guesses(row, code)) found_without += mac == row.mac.bytes;
      found_with += macs.Matches(row.mac, row.binding(), code);
    }
  }
  EXPECT_EQ(found_without, 0);
  EXPECT_EQ(found_with, rows);  // the same search with the pepper finds every code
}

}  // namespace
}  // namespace otpgate::keys
