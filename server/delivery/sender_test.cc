#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "server/delivery/console_sender.h"
#include "server/delivery/file_sender.h"
#include "tests/support/status_matchers.h"

namespace otpgate::delivery {
namespace {

using support::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
using Outcome = SendResult::Outcome;

Letter LetterTo(const std::string& to) {
  return {.id = {std::string(24, 'i')},
          .channel = storage::Channel::kEmail,
          .purpose = storage::Purpose::kLogin,
          .to = to,
          .text = {"Your Example code", "The code is:\n\n    012345\n"},
          .code = "012345"};
}

class SenderTest : public ::testing::Test {
 protected:
  SenderTest() {
    std::string pattern = ::testing::TempDir() + "/sender_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/letters.jsonl";
  }
  ~SenderTest() override {
    unlink(path_.c_str());
    rmdir(folder_.c_str());
  }

  std::string Content() const {
    std::ifstream in(path_, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  void MakeFile(mode_t mode) const {
    const int fd = open(path_.c_str(), O_CREAT | O_WRONLY, 0600);
    fchmod(fd, mode);
    close(fd);
  }

  std::string folder_;
  std::string path_;
};

TEST_F(SenderTest, FileGetsOneJsonLinePerLetter) {
  auto sender = FileSender::Open(path_);
  ASSERT_OK(sender);
  const std::string hostile = "\"a\\\n\x1b[2J\xff\"@example.com";
  const auto results = (*sender)->Send({LetterTo("test@example.com"), LetterTo(hostile)});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].outcome, Outcome::kSent);

  std::istringstream lines(Content());
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const auto letter = nlohmann::json::parse(line);
  EXPECT_EQ(letter["to"], "test@example.com");
  EXPECT_EQ(letter["code"], "012345");
  EXPECT_EQ(letter["channel"], "email");
  EXPECT_EQ(letter["purpose"], "login");
  EXPECT_EQ(letter["subject"], "Your Example code");
  EXPECT_EQ(letter["text"], "The code is:\n\n    012345\n");
  EXPECT_EQ(letter["id"], "aWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlp");
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  EXPECT_THAT(line, Not(HasSubstr("\x1b")));
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(SenderTest, FileIsAppendedToAndReadableByItsOwnerAlone) {
  umask(0);
  for (int i = 0; i < 2; ++i) {
    auto sender = FileSender::Open(path_);
    ASSERT_OK(sender);
    (*sender)->Send({LetterTo("test@example.com")});
  }
  const std::string content = Content();
  EXPECT_EQ(std::count(content.begin(), content.end(), '\n'), 2);
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(SenderTest, FileThatOthersMayReadIsRefused) {
  for (const mode_t mode : {0640, 0604, 0620, 0777}) {
    MakeFile(mode);
    EXPECT_THAT(FileSender::Open(path_), support::StatusIs(absl::StatusCode::kFailedPrecondition))
        << mode;
    unlink(path_.c_str());
  }
}

TEST_F(SenderTest, FileMustBeARegularOne) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_FALSE(FileSender::Open(path_).ok());
  unlink(path_.c_str());
  ASSERT_EQ(symlink("/dev/null", path_.c_str()), 0);
  EXPECT_THAT(FileSender::Open(path_), support::StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(FileSender::Open("/dev/null"),
              support::StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(FileSender::Open(folder_ + "/none/letters"),
              support::StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SenderTest, H1_FullDiskIsARetryNotALoss) {
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  auto sender = FileSender::Open(path_);
  ASSERT_OK(sender);
  const rlimit small{.rlim_cur = 100, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto failed = (*sender)->Send({LetterTo("test@example.com")});
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(failed[0].outcome, Outcome::kRetry);

  EXPECT_EQ((*sender)->Send({LetterTo("test@example.com")})[0].outcome, Outcome::kSent);
  const std::string content = Content();
  const size_t last_line = content.rfind('\n', content.size() - 2) + 1;
  EXPECT_TRUE(nlohmann::json::accept(content.substr(last_line))) << content;
}

TEST(ConsoleSenderTest, ShowsAddresseeTextAndCode) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ConsoleSender sender(ends[1]);
  const auto results = sender.Send({LetterTo("a\x1b[2J@example.com")});
  EXPECT_EQ(results[0].outcome, Outcome::kSent);
  char buffer[4096];
  const ssize_t size = read(ends[0], buffer, sizeof buffer);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(buffer, static_cast<size_t>(size)),
            "--- email to a\\x1b[2J@example.com (login)\nYour Example code\nThe code is:\n\n"
            "    012345\n\n");
  close(ends[0]);
  close(ends[1]);
}

TEST(ConsoleSenderTest, NobodyThereIsARetry) {
  signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(ConsoleSender(ends[1]).Send({LetterTo("test@example.com")})[0].outcome,
            Outcome::kRetry);
  close(ends[1]);
}

}  // namespace
}  // namespace otpgate::delivery
