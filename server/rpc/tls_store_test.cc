#include "server/rpc/tls_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "tests/support/captured_log.h"
#include "tests/support/certificates.h"
#include "tests/support/rpc_server.h"
#include "tests/support/status_matchers.h"

namespace otpgate::rpc {
namespace {

using support::CapturedLog;
using support::CertificateAuthority;
using support::CertifiedKey;
using support::Eventually;
using support::MountedSecret;
using ::testing::HasSubstr;
using ::testing::Not;

class TlsStoreTest : public ::testing::Test {
 protected:
  TlsStoreTest()
      : one_(authority_.Issue("DNS:one")),
        two_(authority_.Issue("DNS:two")),
        secret_(one_, authority_.pem()) {}

  void SetUp() override {
    auto store = TlsStore::Open({secret_.path(), ClientCertificates::kRequired}, &clock_, &log_);
    ASSERT_OK(store);
    store_ = *std::move(store);
  }

  int Logged(const std::string& event) const {
    int count = 0;
    for (const std::string& line : lines_.Lines()) {
      count += absl::StrContains(line, "\"event\":\"" + event + "\"") ? 1 : 0;
    }
    return count;
  }

  const support::CertificateAuthority authority_;
  const support::CertifiedKey one_;
  const support::CertifiedKey two_;
  support::MountedSecret secret_;
  const SystemClock clock_;
  support::CapturedLog lines_;
  Log log_{&lines_, &clock_};
  std::unique_ptr<TlsStore> store_;
};

TEST_F(TlsStoreTest, HoldsWhatItRead) {
  EXPECT_EQ(*store_->current(), (TlsTexts{one_.chain, one_.key, authority_.pem()}));
  EXPECT_EQ(Logged("TLS_CERTIFICATE"), 1);
  EXPECT_THAT(lines_.Text(), HasSubstr("\"client_certificates\":\"required\""));
}

TEST_F(TlsStoreTest, NothingNewIsNothingTaken) {
  const auto before = store_->current();
  store_->CheckFiles();
  EXPECT_EQ(store_->current(), before);
  EXPECT_EQ(Logged("TLS_CERTIFICATE"), 1);
}

TEST_F(TlsStoreTest, AnExchangedDirectoryIsTakenOver) {
  const support::CertificateAuthority other;
  secret_.Replace(two_, other.pem());
  store_->CheckFiles();
  EXPECT_EQ(*store_->current(), (TlsTexts{two_.chain, two_.key, other.pem()}));
  EXPECT_EQ(Logged("TLS_CERTIFICATE"), 2);
}

TEST_F(TlsStoreTest, APairThatDoesNotFitIsRefusedOnceAndTheOldOneStays) {
  const auto before = store_->current();
  secret_.Replace({two_.chain, one_.key}, authority_.pem());
  for (int i = 0; i < 3; ++i) store_->CheckFiles();
  EXPECT_EQ(store_->current(), before);
  EXPECT_EQ(Logged("TLS_FILES_REFUSED"), 1);
  EXPECT_THAT(lines_.Text(), HasSubstr("not the one of the certificate"));
  EXPECT_THAT(lines_.Text(), Not(HasSubstr("BEGIN")));
}

TEST_F(TlsStoreTest, FilesThatAreGoneChangeNothingUntilTheyAreBack) {
  const auto before = store_->current();
  std::filesystem::rename(secret_.path(), secret_.path() + "-away");
  for (int i = 0; i < 3; ++i) store_->CheckFiles();
  EXPECT_EQ(store_->current(), before);
  EXPECT_EQ(Logged("TLS_FILES_REFUSED"), 1);
  std::filesystem::rename(secret_.path() + "-away", secret_.path());
  store_->CheckFiles();
  EXPECT_EQ(store_->current(), before);
  secret_.Replace(two_, authority_.pem());
  store_->CheckFiles();
  EXPECT_EQ(store_->current()->chain, two_.chain);
}

TEST_F(TlsStoreTest, AProblemThatComesBackIsToldAgain) {
  for (int i = 1; i <= 2; ++i) {
    secret_.Replace({two_.chain, one_.key}, authority_.pem());
    store_->CheckFiles();
    EXPECT_EQ(Logged("TLS_FILES_REFUSED"), i);
    secret_.Replace(one_, authority_.pem());
    store_->CheckFiles();
  }
}

TEST_F(TlsStoreTest, FilesWrittenInPlaceAreTakenOnceBothAreThere) {
  const auto write = [this](const char* name, const std::string& text) {
    std::ofstream(secret_.path() + "/" + name) << text;
  };
  write("tls.crt", two_.chain);
  store_->CheckFiles();
  EXPECT_EQ(store_->current()->chain, one_.chain);
  write("tls.key", two_.key);
  store_->CheckFiles();
  EXPECT_EQ(store_->current()->chain, two_.chain);
}

TEST_F(TlsStoreTest, TheWatchLooksByItself) {
  store_->Watch();
  secret_.Replace(two_, authority_.pem());
  EXPECT_TRUE(support::Eventually([this] { return store_->current()->chain == two_.chain; }));
}

}  // namespace
}  // namespace otpgate::rpc
