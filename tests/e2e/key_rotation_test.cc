// Keys in files are rotated, retired and destroyed while servers run.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"
#include "tests/support/rpc_server.h"

namespace otpgate::e2e {
namespace {

using ::testing::HasSubstr;

class KeyRotationTest : public ::testing::Test {
 protected:
  support::ProgramResult Ctl(const std::string& what, const std::string& of,
                             std::vector<std::string> more) {
    std::vector<std::string> args = {OTPGATECTL,
                                     "keys",
                                     what,
                                     "--of",
                                     of,
                                     "--key-file",
                                     deployment_.keys().Path(of),
                                     "--database",
                                     deployment_.database().Socket(support::PgRole::kSuperuser),
                                     "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return support::RunProgram(args);
  }
  std::string Rotate(const std::string& of) {
    const support::ProgramResult result = Ctl("rotate", of, {"--in", "2s"});
    EXPECT_EQ(result.exit_code, 0) << result.out;
    return nlohmann::json::parse(result.out)["id"];
  }
  std::string StateOf(const std::string& of, const std::string& id) {
    const nlohmann::json list = nlohmann::json::parse(Ctl("list", of, {}).out);
    for (const auto& key : list["keys"]) {
      if (key["id"] == id) return key["state"];
    }
    return "";
  }
  std::string Value(const std::string& sql) { return deployment_.database().Value(sql); }

  Deployment deployment_{{.servers = 2,
                          .flags = {"--enable_rate_limit=false", "--database.health_interval=1m",
                                    "--secrets.reload_interval=100ms"}}};
};

// Users that sign in, enter wrong codes and refresh in a loop, on alternating servers.
class Traffic {
 public:
  explicit Traffic(Deployment& deployment) : deployment_(deployment) {
    for (int i = 0; i < kPeople; ++i) {
      threads_.emplace_back([this, i] {
        for (int round = 0; !stop_; ++round) Live(absl::StrCat("p", i, "-", round, "@example.com"));
      });
    }
  }
  ~Traffic() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  int64_t lives() const { return lives_; }
  int64_t failures() const { return failures_; }

 private:
  static constexpr int kPeople = 3;

  template <class T>
  const T& Check(const support::Answer<T>& answer, const char* what) {
    if (!answer.ok()) {
      ++failures_;
      ADD_FAILURE() << what << ": " << answer.reason << " " << answer.message;
    }
    return answer.reply;
  }
  void Live(const std::string& person) {
    support::AuthClient& one = deployment_.client(0);
    support::AuthClient& other = deployment_.client(1);
    const auto asked = Check(one.RequestOtp(person), "request");
    const std::string wrong = support::WrongCode(asked.development_code());
    EXPECT_EQ(other.VerifyOtp(asked.handle(), wrong).reason, "OTP_INVALID");
    const auto verified =
        Check(other.VerifyOtp(asked.handle(), asked.development_code()), "verify");
    const auto refreshed = Check(one.RefreshToken(verified.refresh_token()), "refresh");
    Check(other.RefreshToken(refreshed.refresh_token()), "refresh again");
    ++lives_;
  }

  Deployment& deployment_;
  std::atomic<bool> stop_ = false;
  std::atomic<int64_t> lives_ = 0;
  std::atomic<int64_t> failures_ = 0;
  std::vector<std::thread> threads_;
};

// Codes, handles and tokens are made on one server and used on the other while the keys change.
TEST_F(KeyRotationTest, A7_E9_NoCallFailsWhileEveryKindOfKeyIsRotated) {
  std::vector<std::string> fresh;
  {
    const Traffic traffic(deployment_);
    for (const char* of : {"pepper", "handle", "refresh", "master"}) fresh.push_back(Rotate(of));
    EXPECT_EQ(StateOf("pepper", "k1"), "active");
    EXPECT_EQ(StateOf("pepper", fresh[0]), "next");
    EXPECT_EQ(Ctl("rotate", "pepper", {}).exit_code, 1) << "one at a time";
    const auto used = [&](const std::string& table, const std::string& key) {
      return Value(absl::StrCat("SELECT count(*) FROM ", table, " WHERE key_id = '", key, "'")) !=
             "0";
    };
    EXPECT_TRUE(support::Eventually(
        [&] { return used("signup_otps", fresh[0]) && used("sessions", fresh[2]); }));
    const int64_t then = traffic.lives();
    EXPECT_TRUE(support::Eventually([&] { return traffic.lives() >= then + 20; }));
    EXPECT_EQ(traffic.failures(), 0);
  }
  EXPECT_EQ(StateOf("pepper", "k1"), "accepted");
  EXPECT_EQ(StateOf("pepper", fresh[0]), "active");
  EXPECT_EQ(Value("SELECT count(*) FROM audit_events WHERE scope = 'keys' AND event LIKE '%ADDED'"),
            "4");
}

class RetiredKeyTest : public KeyRotationTest {
 protected:
  // Changes a file and waits until both servers have read it.
  support::ProgramResult Change(const std::string& what, const std::string& of,
                                std::vector<std::string> more) {
    support::ProgramResult result = Ctl(what, of, std::move(more));
    EXPECT_EQ(result.exit_code, 0) << result.out;
    ++changes_;
    for (int i : {0, 1}) {
      EXPECT_TRUE(deployment_.server(i).WaitForEvent("KEY_FILES_LOADED", changes_));
    }
    return result;
  }
  // Signs in with the current key, and then makes servers use a newer one.
  v1::VerifyOtpResponse SignInThenRotate(const std::string& of) {
    const auto asked = deployment_.client().RequestOtp("test@example.com");
    auto verified =
        deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code());
    EXPECT_TRUE(verified.ok()) << verified.message;
    EXPECT_EQ(Ctl("retire", of, {"k1", "--yes"}).exit_code, 1) << "the only one";
    Change("rotate", of, {"--in", "0s"});
    return verified.reply;
  }

 private:
  int changes_ = 0;
};

TEST_F(RetiredKeyTest, E9_ARetiredRefreshKeyEndsSessionsButRefreshesNone) {
  const auto tokens = SignInThenRotate("refresh");
  EXPECT_EQ(Ctl("destroy", "refresh", {"k1", "--yes"}).exit_code, 1) << "in use";
  Change("retire", "refresh", {"k1", "--yes"});
  for (int i : {0, 1}) {
    EXPECT_EQ(deployment_.client(i).RefreshToken(tokens.refresh_token()).reason, "TOKEN_INVALID");
    EXPECT_FALSE(deployment_.client(i).IntrospectToken(tokens.refresh_token()).reply.active());
    EXPECT_TRUE(deployment_.client(i).IntrospectToken(tokens.access_token()).reply.active());
  }
  EXPECT_TRUE(deployment_.client(1).RevokeToken(tokens.refresh_token()).ok());
  EXPECT_FALSE(deployment_.client(0).IntrospectToken(tokens.access_token()).reply.active());
}

TEST_F(RetiredKeyTest, E9_ADestroyedRefreshKeyTakesItsSessionsAlong) {
  const auto tokens = SignInThenRotate("refresh");
  Change("retire", "refresh", {"k1", "--yes"});
  const support::ProgramResult destroyed = Change("destroy", "refresh", {"k1", "--yes"});
  EXPECT_EQ(nlohmann::json::parse(destroyed.out)["sessions_ended"], 1);
  EXPECT_FALSE(deployment_.client().IntrospectToken(tokens.access_token()).reply.active());
  EXPECT_EQ(StateOf("refresh", "k1"), "");
  EXPECT_EQ(Value("SELECT count(*) FROM audit_events WHERE event = 'SESSION_REVOKED'"), "1");
}

// Three batches of sessions: one account with many devices, many accounts with one device.
TEST_F(RetiredKeyTest, E9_ADestroyedRefreshKeyEndsMoreSessionsThanOneBatchTakes) {
  SignInThenRotate("refresh");
  const auto asked = deployment_.client().RequestOtp("fresh@example.com");
  ASSERT_TRUE(
      deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code()).ok());
  deployment_.database().Query(R"sql(
    INSERT INTO sessions
    SELECT (jsonb_populate_record(s, jsonb_build_object(
               'user_id', '\x' || lpad(to_hex(greatest(n, 300)), 48, '0'),
               'id', '\x' || lpad(to_hex(n), 48, '0')))).*
      FROM sessions s, generate_series(1, 600) n WHERE s.key_id = 'k1')sql");
  Change("retire", "refresh", {"k1", "--yes"});
  const support::ProgramResult destroyed = Change("destroy", "refresh", {"k1", "--yes"});
  EXPECT_EQ(nlohmann::json::parse(destroyed.out)["sessions_ended"], 601);
  EXPECT_EQ(Value("SELECT count(*) FROM sessions WHERE key_id = 'k1' AND revoked_reason = 'key'"),
            "601");
  EXPECT_EQ(Value("SELECT count(DISTINCT session_id) FROM audit_events"
                  " WHERE event = 'SESSION_REVOKED' AND detail = 'key'"),
            "601");
  EXPECT_EQ(Value("SELECT count(*) FROM sessions WHERE revoked_at IS NULL"), "1");
}

TEST_F(RetiredKeyTest, A7_ARetiredPepperVoidsItsCodesAndNoOthers) {
  const auto asked = deployment_.client().RequestOtp("pending@example.com");
  SignInThenRotate("pepper");
  const auto fresh = deployment_.client().RequestOtp("other@example.com");
  Change("retire", "pepper", {"k1", "--yes"});
  const auto verify = [&](const support::Answer<v1::RequestOtpResponse>& code) {
    return deployment_.client(1).VerifyOtp(code.reply.handle(), code.reply.development_code());
  };
  EXPECT_EQ(verify(asked).reason, "OTP_INVALID");
  EXPECT_EQ(Value("SELECT failures FROM subjects WHERE identifier = 'pending@example.com'"), "0")
      << "nobody could tell whether it was right";
  EXPECT_TRUE(verify(fresh).ok());
  EXPECT_TRUE(verify(deployment_.client().RequestOtp("pending@example.com")).ok());
}

TEST_F(RetiredKeyTest, ARetiredHandleKeyEndsItsHandles) {
  const auto asked = deployment_.client().RequestOtp("pending@example.com");
  SignInThenRotate("handle");
  Change("retire", "handle", {"k1", "--yes"});
  const auto refused =
      deployment_.client(1).VerifyOtp(asked.reply.handle(), asked.reply.development_code());
  EXPECT_EQ(refused.reason, "OTP_INVALID");
}

TEST_F(KeyRotationTest, AFileThatIsBrokenIsToldOfAndLeavesTheKeysOfBefore) {
  const auto asked = deployment_.client().RequestOtp("test@example.com");
  std::ofstream(deployment_.keys().Path("pepper")) << "nonsense\n";
  ASSERT_TRUE(deployment_.server(0).WaitForEvent("KEY_FILES_REFUSED"));
  EXPECT_THAT(deployment_.server(0).Log(), HasSubstr(deployment_.keys().Path("pepper")));
  EXPECT_TRUE(
      deployment_.client().VerifyOtp(asked.reply.handle(), asked.reply.development_code()).ok());
  EXPECT_EQ(Ctl("rotate", "pepper", {}).exit_code, 2) << "nothing is written over";
}

// The lock is held, as by another otpgatectl that changes a file.
TEST_F(KeyRotationTest, AFileThatSomebodyElseChangesIsLeftAlone) {
  const std::string path = deployment_.keys().Path("pepper");
  Rotate("pepper");
  const std::string folder = std::filesystem::path(path).parent_path();
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(flock(fd, LOCK_EX), 0);
  EXPECT_EQ(Ctl("rotate", "refresh", {}).exit_code, 1);
  EXPECT_EQ(Ctl("retire", "pepper", {"k1", "--yes"}).exit_code, 1);
  EXPECT_NE(StateOf("pepper", "k1"), "retired");
  close(fd);
  EXPECT_EQ(Value("SELECT count(*) FROM audit_events WHERE event LIKE '%KEY_RETIRED'"), "0");
}

TEST_F(KeyRotationTest, MasterKeysAreOnlyAdded) {
  EXPECT_EQ(Ctl("retire", "master", {"k1", "--yes"}).exit_code, 2);
  EXPECT_EQ(Ctl("destroy", "master", {"k1", "--yes"}).exit_code, 2);
  EXPECT_EQ(Ctl("rotate", "pepper", {"--in", "soon"}).exit_code, 2);
  EXPECT_EQ(Ctl("retire", "pepper", {"absent", "--yes"}).exit_code, 1);
}

}  // namespace
}  // namespace otpgate::e2e
