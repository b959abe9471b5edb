#include "clients/ctl/find_database.h"

#include <gmock/gmock.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace otpgate::ctl {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

class FindDatabaseTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Find() { return FindDatabase(globals_, environment_, reader()); }
  config::FileReader reader() const {
    return [this](const std::string& path) {
      const auto found = files_.find(path);
      if (found != files_.end()) return absl::StatusOr<std::string>(found->second);
      return absl::StatusOr<std::string>(absl::NotFoundError(absl::StrCat("cannot open ", path)));
    };
  }

  Globals globals_;
  config::EnvironmentVariables environment_;
  std::map<std::string, std::string> files_;
};

// Each source overrides those added before it.
TEST_F(FindDatabaseTest, TheStrongestSourceCounts) {
  EXPECT_THAT(Find(), support::StatusIs(absl::StatusCode::kInvalidArgument));

  files_[".data/database.url"] = "host=data\n";
  EXPECT_EQ(*Find(), "host=data");

  files_["a.toml"] = "[database]\nurl = \"host=file\"\n";
  globals_.config = "a.toml";
  EXPECT_EQ(*Find(), "host=file");

  environment_["OTPGATE_DATABASE_URL"] = "host=environment";
  EXPECT_EQ(*Find(), "host=environment");

  globals_.database = "host=flag";
  EXPECT_EQ(*Find(), "host=flag");
}

TEST_F(FindDatabaseTest, ThePasswordComesFromItsFile) {
  files_["a.toml"] = "[database]\nurl = \"host=file\"\npassword_file = \"pw\"\n";
  files_["pw"] = "s3 cret\nsecond line\n";
  environment_["OTPGATE_CONFIG"] = "a.toml";
  EXPECT_EQ(*Find(), "host='file' password='s3 cret'");

  files_["pw"] = "secret\r\n";
  EXPECT_EQ(*Find(), "host='file' password='secret'");
  files_["pw"] = " s3 cret ";
  EXPECT_EQ(*Find(), "host='file' password=' s3 cret '");

  files_.erase("pw");
  ASSERT_THAT(Find(), support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(Find().status().message()), HasSubstr("cannot open pw"));
}

// All users of a machine can read the arguments of a process.
TEST_F(FindDatabaseTest, TheCommandLineHoldsNoPassword) {
  for (const char* database : {"host=x password=s3cret", "postgresql://jo:s3cret@x/otp",
                               "postgresql://jo@x/otp?password=s3cret"}) {
    globals_.database = database;
    ASSERT_THAT(Find(), support::StatusIs(absl::StatusCode::kInvalidArgument));
    const std::string message(Find().status().message());
    EXPECT_THAT(message, HasSubstr("--database must be"));
    EXPECT_THAT(message, Not(HasSubstr("s3cret")));
  }
}

TEST_F(FindDatabaseTest, APasswordFileOnTheCommandLineIsForEverySource) {
  files_["pw"] = "s3cret\n";
  files_["other"] = "another\n";
  globals_.password_file = "pw";

  files_[".data/database.url"] = "host=data";
  EXPECT_EQ(*Find(), "host='data' password='s3cret'");

  files_["a.toml"] = "[database]\nurl = \"host=file\"\npassword_file = \"other\"\n";
  globals_.config = "a.toml";
  EXPECT_EQ(*Find(), "host='file' password='s3cret'");

  globals_.database = "postgresql://flag/otp";
  EXPECT_EQ(*Find(), "dbname='otp' host='flag' password='s3cret'");

  globals_.password_file.clear();  // the other file belongs to the other database
  EXPECT_EQ(*Find(), "postgresql://flag/otp");
}

TEST_F(FindDatabaseTest, ABrokenSourceIsNotSkipped) {
  files_[".data/database.url"] = "host=data";
  globals_.config = "missing.toml";
  ASSERT_THAT(Find(), support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(Find().status().message()), HasSubstr("missing.toml"));

  files_["missing.toml"] = "[database]\nurl = \"host=x password=s3cret\"\n";
  ASSERT_THAT(Find(), support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(Find().status().message()), Not(HasSubstr("s3cret")));
}

// Keys of the development server do not fit another database.
TEST_F(FindDatabaseTest, KeysOfADevelopmentServerAreForItsDatabaseAlone) {
  const auto pepper = [this] { return FindSecrets(globals_, environment_, reader())->pepper_file; };
  files_[".data/secrets/pepper.keys"] = "";
  files_[".data/database.url"] = "host=data";
  EXPECT_EQ(pepper(), ".data/secrets/pepper.keys");

  globals_.database = "host=flag";
  EXPECT_EQ(pepper(), "");
  globals_.database.clear();

  environment_["OTPGATE_DATABASE_URL"] = "host=environment";
  EXPECT_EQ(pepper(), "");
  environment_.clear();

  files_["a.toml"] = "[database]\nurl = \"host=file\"\n";
  globals_.config = "a.toml";
  EXPECT_EQ(pepper(), "");
  files_["a.toml"] += "[secrets]\npepper_file = \"p.keys\"\n";
  EXPECT_EQ(pepper(), "p.keys");
}

TEST_F(FindDatabaseTest, WithoutADatabaseAllPlacesAreNamed) {
  const std::string message(Find().status().message());
  for (const char* place :
       {"--database", "OTPGATE_DATABASE_URL", "--config", ".data/database.url"}) {
    EXPECT_THAT(message, HasSubstr(place));
  }
}

}  // namespace
}  // namespace otpgate::ctl
