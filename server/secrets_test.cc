#include "server/secrets.h"

#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/sample_values.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace otpgate {
namespace {

using crypto::KeyFile;
using ::testing::HasSubstr;
using ::testing::Not;

using ::otpgate::testing::kNow;

class SecretFilesTest : public ::testing::Test {
 protected:
  std::optional<Secrets> Read(absl::Time now = kNow) {
    std::optional<Secrets> read = files_.Read(now);
    EXPECT_OK(files_.problem());
    return read;
  }
  std::string Fresh(const std::string& name) {
    return folder_.Write(name, KeyFile::NewText(random_, "k1"));
  }

  testing::SeededRandom random_{1};
  const testing::TempFolder folder_;
  const SecretsConfig paths_ = {.pepper_file = Fresh("pepper"),
                                .handle_key_file = Fresh("handle"),
                                .refresh_key_file = Fresh("refresh"),
                                .master_key_file = {}};
  SecretFiles files_{paths_, random_};
};

TEST_F(SecretFilesTest, TellsOnlyWhatIsNew) {
  ASSERT_TRUE(Read());
  EXPECT_FALSE(Read());
  ASSERT_OK(KeyFile::Load(paths_.pepper_file)
                ->WithNewKey(random_, "k2", kNow + absl::Minutes(15))
                ->Save(paths_.pepper_file));
  const auto accepted = Read();
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->peppers.active().id, "k1");
  EXPECT_NE(accepted->peppers.Find("k2"), nullptr);
  EXPECT_FALSE(Read(kNow + absl::Minutes(15) - absl::Seconds(1)));
  const auto active = Read(kNow + absl::Minutes(15));
  ASSERT_TRUE(active);
  EXPECT_EQ(active->peppers.active().id, "k2");
}

TEST_F(SecretFilesTest, AKeyThatWasDrawnStays) {
  const auto first = Read();
  ASSERT_TRUE(first);
  ASSERT_OK(KeyFile::Load(paths_.handle_key_file)
                ->WithNewKey(random_, "k2", kNow)
                ->Save(paths_.handle_key_file));
  const auto second = Read();
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->master.active().secret.Equals(first->master.active().secret.Reveal()));
}

TEST_F(SecretFilesTest, WhatCannotBeUsedIsToldAndForgotten) {
  ASSERT_TRUE(Read());
  const KeyFile good = *KeyFile::Load(paths_.refresh_key_file);
  const std::string all_retired(good.WithRetired("k1")->text());
  for (const std::string& bad : {std::string("nonsense\n"), all_retired}) {
    folder_.Write("refresh", bad);
    EXPECT_FALSE(files_.Read(kNow)) << "as before";
    EXPECT_THAT(std::string(files_.problem().message()), HasSubstr(paths_.refresh_key_file));
    EXPECT_THAT(std::string(files_.problem().message()), Not(HasSubstr("nonsense")));
  }
  folder_.Write("refresh", std::string(good.text()));
  EXPECT_FALSE(Read()) << "as before";
}

// A retirement elsewhere must not wait until somebody mended another file.
TEST_F(SecretFilesTest, OneBadFileDoesNotHoldUpTheOthers) {
  ASSERT_TRUE(Read());
  folder_.Write("pepper", "nonsense\n");
  ASSERT_OK(KeyFile::Load(paths_.refresh_key_file)
                ->WithNewKey(random_, "k2", kNow)
                ->Save(paths_.refresh_key_file));
  const std::optional<Secrets> read = files_.Read(kNow);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->refresh_keys.active().id, "k2");
  EXPECT_EQ(read->peppers.active().id, "k1");
  EXPECT_FALSE(files_.problem().ok());
}

TEST_F(SecretFilesTest, WithoutOneFileThereIsNothing) {
  folder_.Write("pepper", "nonsense\n");
  EXPECT_FALSE(files_.Read(kNow));
  EXPECT_FALSE(files_.problem().ok());
}

}  // namespace
}  // namespace otpgate
