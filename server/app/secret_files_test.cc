#include "server/app/secret_files.h"

#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/sample_values.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace otpgate::app {
namespace {

using keys::KeyFile;
using ::testing::HasSubstr;
using ::testing::Not;

using support::kNow;

class SecretFilesTest : public ::testing::Test {
 protected:
  std::optional<Secrets> Read(absl::Time now = support::kNow) {
    std::optional<Secrets> read = files_.Read(now);
    EXPECT_OK(files_.problem());
    return read;
  }
  std::string Fresh(const std::string& name) {
    return folder_.Write(name, keys::KeyFile::NewText(random_, "k1"));
  }

  support::SeededRandom random_{1};
  const support::TempFolder folder_;
  const config::SecretsConfig paths_ = {.pepper_file = Fresh("pepper"),
                                        .handle_key_file = Fresh("handle"),
                                        .refresh_key_file = Fresh("refresh"),
                                        .master_key_file = {}};
  SecretFiles files_{paths_, random_};
};

TEST_F(SecretFilesTest, TellsOnlyWhatIsNew) {
  ASSERT_TRUE(Read());
  EXPECT_FALSE(Read());
  ASSERT_OK(keys::KeyFile::Load(paths_.pepper_file)
                ->WithNewKey(random_, "k2", support::kNow + absl::Minutes(15))
                ->Save(paths_.pepper_file));
  const auto accepted = Read();
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->peppers.active().id, "k1");
  EXPECT_NE(accepted->peppers.Find("k2"), nullptr);
  EXPECT_FALSE(Read(support::kNow + absl::Minutes(15) - absl::Seconds(1)));
  const auto active = Read(support::kNow + absl::Minutes(15));
  ASSERT_TRUE(active);
  EXPECT_EQ(active->peppers.active().id, "k2");
}

TEST_F(SecretFilesTest, AKeyThatWasDrawnStays) {
  const auto first = Read();
  ASSERT_TRUE(first);
  ASSERT_OK(keys::KeyFile::Load(paths_.handle_key_file)
                ->WithNewKey(random_, "k2", support::kNow)
                ->Save(paths_.handle_key_file));
  const auto second = Read();
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->master.active().secret.Equals(first->master.active().secret.Reveal()));
}

TEST_F(SecretFilesTest, WhatCannotBeUsedIsToldAndForgotten) {
  ASSERT_TRUE(Read());
  const keys::KeyFile good = *keys::KeyFile::Load(paths_.refresh_key_file);
  const std::string all_retired(good.WithRetired("k1")->text());
  for (const std::string& bad : {std::string("nonsense\n"), all_retired}) {
    folder_.Write("refresh", bad);
    EXPECT_FALSE(files_.Read(support::kNow)) << "as before";
    EXPECT_THAT(std::string(files_.problem().message()), HasSubstr(paths_.refresh_key_file));
    EXPECT_THAT(std::string(files_.problem().message()), Not(HasSubstr("nonsense")));
  }
  folder_.Write("refresh", std::string(good.text()));
  EXPECT_FALSE(Read()) << "as before";
}

// A key that is retired in one file must not stay in force because another file is broken.
TEST_F(SecretFilesTest, OneBadFileDoesNotHoldUpTheOthers) {
  ASSERT_TRUE(Read());
  folder_.Write("pepper", "nonsense\n");
  ASSERT_OK(keys::KeyFile::Load(paths_.refresh_key_file)
                ->WithNewKey(random_, "k2", support::kNow)
                ->Save(paths_.refresh_key_file));
  const std::optional<Secrets> read = files_.Read(support::kNow);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->refresh_keys.active().id, "k2");
  EXPECT_EQ(read->peppers.active().id, "k1");
  EXPECT_FALSE(files_.problem().ok());
}

TEST_F(SecretFilesTest, WithoutOneFileThereIsNothing) {
  folder_.Write("pepper", "nonsense\n");
  EXPECT_FALSE(files_.Read(support::kNow));
  EXPECT_FALSE(files_.problem().ok());
}

}  // namespace
}  // namespace otpgate::app
