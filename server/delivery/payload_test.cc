#include "server/delivery/payload.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "server/keys/keyring.h"
#include "tests/support/seeded_random.h"

namespace otpgate::delivery {
namespace {

using keys::Keyring;
using support::SeededRandom;

const Payload kPayload{.code = "012345", .locale = "de-AT"};

class PayloadTest : public ::testing::Test {
 protected:
  support::SeededRandom random_{1};
  const keys::Keyring keys_ = *keys::Keyring::Parse(keys::KeyFile::NewText(random_, "k1"));
  const MessageSealer sealer_{keys_, &random_};
  const MessageBinding binding_{.id = {std::string(24, 'm')},
                                .subject = {"+14155550123", storage::UserType::kLive},
                                .purpose = storage::Purpose::kLogin};
};

TEST_F(PayloadTest, A5_WhatWasSealedOpensInItsRow) {
  EXPECT_EQ(sealer_.Open(binding_, sealer_.Seal(binding_, kPayload)), kPayload);
  EXPECT_EQ(sealer_.Open(binding_, sealer_.Seal(binding_, Payload{"1", ""})), (Payload{"1", ""}));
}

TEST_F(PayloadTest, A5_NothingOfItCanBeRead) {
  const std::string sealed = sealer_.Seal(binding_, kPayload);
  EXPECT_EQ(sealed.find(kPayload.code), std::string::npos);
  EXPECT_EQ(sealed.find(kPayload.locale), std::string::npos);
}

TEST_F(PayloadTest, A5_NoNonceTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) seen.insert(sealer_.Seal(binding_, kPayload));
  EXPECT_EQ(seen.size(), 10'000u);
}

TEST_F(PayloadTest, A5_OpensInNoOtherRow) {
  const std::string sealed = sealer_.Seal(binding_, kPayload);
  struct Case {
    const char* name;
    std::function<void(MessageBinding&)> edit;
  };
  const Case cases[] = {
      {"id", [](MessageBinding& b) { b.id.bytes[0] = 'n'; }},
      {"addressee", [](MessageBinding& b) { b.subject.identifier = "+14155550124"; }},
      {"user type", [](MessageBinding& b) { b.subject.user_type = storage::UserType::kDemo; }},
      {"purpose", [](MessageBinding& b) { b.purpose = storage::Purpose::kVerifyPhone; }},
  };
  for (const Case& c : cases) {
    MessageBinding other = binding_;
    c.edit(other);
    EXPECT_EQ(sealer_.Open(other, sealed), std::nullopt) << c.name;
  }
}

TEST_F(PayloadTest, A5_DamagedOrForeignBytesDoNotOpen) {
  const std::string sealed = sealer_.Seal(binding_, kPayload);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_EQ(sealer_.Open(binding_, damaged), std::nullopt) << "byte " << i;
    EXPECT_EQ(sealer_.Open(binding_, sealed.substr(0, i)), std::nullopt) << "first " << i;
  }
  EXPECT_EQ(sealer_.Open(binding_, sealed + "x"), std::nullopt);
}

TEST_F(PayloadTest, A5_AnotherKeyDoesNotOpen) {
  const keys::Keyring others = *keys::Keyring::Parse(keys::KeyFile::NewText(random_, "k1"));
  EXPECT_EQ(MessageSealer(others, &random_).Open(binding_, sealer_.Seal(binding_, kPayload)),
            std::nullopt);
}

}  // namespace
}  // namespace otpgate::delivery
