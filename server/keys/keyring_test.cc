#include "server/keys/keyring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <ostream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/hmac.h"
#include "tests/support/sample_values.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace otpgate::keys {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

using support::KeyText;

TEST(KeyringTest, FirstIsActiveTheOthersAreFound) {
  const auto keyring = Keyring::Parse(absl::StrCat("# peppers\n\n  k-2\t ", support::KeyText('b'),
                                                   " \r\n", "k-1 ", support::KeyText('a')));
  ASSERT_OK(keyring);
  EXPECT_EQ(keyring->active().id, "k-2");
  EXPECT_EQ(keyring->active().secret.Reveal(), std::string(32, 'b'));
  ASSERT_NE(keyring->Find("k-1"), nullptr);
  EXPECT_EQ(keyring->Find("k-1")->secret.Reveal(), std::string(32, 'a'));
  EXPECT_EQ(keyring->Find("k-3"), nullptr);
  EXPECT_EQ(keyring->Find(""), nullptr);
}

TEST(KeyringTest, ANewFileCanBeRead) {
  support::SeededRandom random(1);
  const auto first = Keyring::Parse(KeyFile::NewText(random, "2026-01"));
  const auto second = Keyring::Parse(KeyFile::NewText(random, "2026-01"));
  ASSERT_OK(first);
  ASSERT_OK(second);
  EXPECT_EQ(first->active().id, "2026-01");
  EXPECT_FALSE(first->active().secret.Equals(second->active().secret.Reveal()));
}

TEST(KeyringTest, DerivedKeysDifferByLabelAndKeepTheirIds) {
  const auto root = Keyring::Parse(
      absl::StrCat("k2 ", support::KeyText('b'), "\nk1 ", support::KeyText('a'), "\n"));
  ASSERT_OK(root);
  const Keyring one = root->Derive("one");
  const Keyring two = root->Derive("two");
  EXPECT_EQ(one.active().id, "k2");
  ASSERT_NE(one.Find("k1"), nullptr);
  EXPECT_TRUE(
      one.Find("k1")->secret.Equals(crypto::HkdfSha256(std::string(32, 'a'), "one", 32).Reveal()));
  EXPECT_FALSE(one.active().secret.Equals(two.active().secret.Reveal()));
}

struct BadText {
  const char* name;
  std::string text;
  const char* message;
};

void PrintTo(const BadText& value, std::ostream* out) { *out << value.name; }

class KeyringRefusalTest : public ::testing::TestWithParam<BadText> {};

TEST_P(KeyringRefusalTest, NamesTheFaultButNotTheContent) {
  const absl::Status status = Keyring::Parse(GetParam().text).status();
  EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().message));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("YWFh")));  // of base64("aaa")
}

INSTANTIATE_TEST_SUITE_P(
    All, KeyringRefusalTest,
    ::testing::Values(
        BadText{"Empty", "", "there is no key"},
        BadText{"OnlyComments", "# nothing\n", "there is no key"},
        BadText{"NoId", support::KeyText('a'), "line 1: expected"},
        BadText{"ThreeWords", absl::StrCat("k1 ", support::KeyText('a'), " x"), "line 1: expected"},
        BadText{"NoTime", absl::StrCat("k1 ", support::KeyText('a'), " from=soon"),
                "line 1: expected"},
        BadText{"UpperCaseId", absl::StrCat("K1 ", support::KeyText('a')), "line 1: the key id"},
        BadText{"IdLikeAnOption", absl::StrCat("-k1 ", support::KeyText('a')), "begins with -"},
        BadText{"LongId", absl::StrCat(std::string(17, 'k'), " ", support::KeyText('a')),
                "the key id"},
        BadText{"ShortKey", absl::StrCat("k1 ", absl::Base64Escape(std::string(31, 'a'))),
                "not base64 of 32"},
        BadText{"LongKey", absl::StrCat("k1 ", absl::Base64Escape(std::string(33, 'a'))),
                "not base64 of 32"},
        BadText{"NoPadding", absl::StrCat("k1 ", support::KeyText('a').substr(0, 43)),
                "not base64 of 32"},
        BadText{"Hex", absl::StrCat("k1 ", absl::BytesToHexString(std::string(32, 'a'))),
                "not base64 of 32"},
        BadText{"SameId",
                absl::StrCat("k1 ", support::KeyText('a'), "\nk1 ", support::KeyText('b')),
                "line 2: the key id or the key is there twice"},
        BadText{"SameKey",
                absl::StrCat("k1 ", support::KeyText('a'), "\n#\nk2 ", support::KeyText('a')),
                "line 3: the key id or the key is there twice"}),
    [](const auto& test) { return test.param.name; });

class KeyFileLoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/keyring-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = folder_ / "peppers";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& text, mode_t mode) {
    std::ofstream(path_) << text;
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
  }

  std::filesystem::path folder_, path_;
};

TEST_F(KeyFileLoadTest, LoadsAPrivateFile) {
  Write(absl::StrCat("k1 ", support::KeyText('a'), "\n"), 0600);
  const auto file = KeyFile::Load(path_);
  ASSERT_OK(file);
  EXPECT_EQ(file->lines().front().id, "k1");
  ASSERT_EQ(chmod(path_.c_str(), 0400), 0);
  EXPECT_OK(KeyFile::Load(path_));
}

TEST_F(KeyFileLoadTest, RefusesAFileOpenToOthers) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0644, 0777}) {
    Write(absl::StrCat("k1 ", support::KeyText('a'), "\n"), mode);
    const absl::Status status = KeyFile::Load(path_).status();
    EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kFailedPrecondition))
        << std::oct << mode;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path_.string()));
  }
}

TEST_F(KeyFileLoadTest, NamesTheFile) {
  const absl::Status missing = KeyFile::Load(path_).status();
  EXPECT_THAT(missing, support::StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(std::string(missing.message()), HasSubstr(path_.string()));
  Write("k1 nonsense\n", 0600);
  const absl::Status bad = KeyFile::Load(path_).status();
  EXPECT_THAT(bad, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(bad.message()), HasSubstr(path_.string()));
  EXPECT_THAT(std::string(bad.message()), Not(HasSubstr("nonsense")));
}

TEST_F(KeyFileLoadTest, RefusesWhatIsNotAKeyFile) {
  EXPECT_THAT(KeyFile::Load(folder_), support::StatusIs(absl::StatusCode::kFailedPrecondition));
  Write(std::string(100'000, '#'), 0600);
  EXPECT_THAT(KeyFile::Load(path_), support::StatusIs(absl::StatusCode::kInvalidArgument));
  std::filesystem::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(KeyFile::Load(path_), support::StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace otpgate::keys
