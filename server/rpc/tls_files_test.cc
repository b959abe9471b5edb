#include "server/rpc/tls_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "tests/support/certificates.h"
#include "tests/support/status_matchers.h"

namespace otpgate::rpc {
namespace {

using ::otpgate::support::StatusIs;
using support::CertificateAuthority;
using support::CertifiedKey;
using support::Encrypted;
using support::TempFolder;
using ::testing::HasSubstr;
using ::testing::Not;

class TlsFilesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    authority_ = new support::CertificateAuthority;
    pair_ = new support::CertifiedKey(authority_->Issue("DNS:localhost"));
  }
  static void TearDownTestSuite() {
    delete pair_;
    delete authority_;
  }

  void SetUp() override {
    folder_.Write("tls.crt", pair_->chain);
    folder_.Write("tls.key", pair_->key);
    folder_.Write("ca.crt", authority_->pem());
    options_.directory = folder_.Path(".");
    options_.client_certificates = ClientCertificates::kOptional;
  }

  absl::Status Check(absl::Time now = absl::Now()) const { return LoadTls(options_, now).status(); }

  static const support::CertificateAuthority* authority_;
  static const support::CertifiedKey* pair_;
  const support::TempFolder folder_;
  TlsOptions options_;
};

const support::CertificateAuthority* TlsFilesTest::authority_ = nullptr;
const support::CertifiedKey* TlsFilesTest::pair_ = nullptr;

TEST_F(TlsFilesTest, FilesThatFitAreFine) {
  EXPECT_OK(Check());
  folder_.Write("tls.crt", pair_->chain + authority_->pem());
  EXPECT_OK(Check());
}

TEST_F(TlsFilesTest, TheAuthorityIsNeededForClientsOnly) {
  options_.client_certificates = ClientCertificates::kOff;
  folder_.Write("ca.crt", "nonsense");
  EXPECT_OK(Check());
  options_.client_certificates = ClientCertificates::kRequired;
  EXPECT_FALSE(Check().ok());
}

TEST_F(TlsFilesTest, EachMissingFileIsNamed) {
  for (const std::string name : {"tls.crt", "tls.key", "ca.crt"}) {
    SetUp();
    std::filesystem::remove(folder_.Path(name));
    const absl::Status status = Check();
    EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(std::string(status.message()),
                ::testing::AllOf(::testing::StartsWith("listen.tls_directory"), HasSubstr(name)));
  }
}

TEST_F(TlsFilesTest, AnExpiredCertificateIsRefused) {
  EXPECT_OK(Check(absl::Now() + absl::Hours(23)));
  EXPECT_THAT(std::string(Check(absl::Now() + absl::Hours(25)).message()), HasSubstr("expired"));
}

TEST_F(TlsFilesTest, ACertificateIsRefusedBeforeItsTime) {
  const std::string message(Check(absl::Now() - absl::Hours(1)).message());
  EXPECT_THAT(message, HasSubstr("tls.crt"));
  EXPECT_THAT(message, HasSubstr("not valid yet"));
}

TEST_F(TlsFilesTest, FactsAreThoseOfTheOwnCertificate) {
  const auto loaded = LoadTls(options_, absl::Now());
  ASSERT_OK(loaded);
  const TlsFacts* facts = &loaded->facts;
  EXPECT_GT(facts->expires, absl::Now() + absl::Hours(23));
  EXPECT_LE(facts->expires, absl::Now() + absl::Hours(24));
  EXPECT_EQ(facts->sha256.size(), 64);
}

struct BadCase {
  const char* name;
  const char* file;
  std::string (*text)(const support::CertifiedKey& own, const support::CertifiedKey& other);
  const char* told;
};

class BadFileTest : public TlsFilesTest, public ::testing::WithParamInterface<BadCase> {};

TEST_P(BadFileTest, IsRefusedByNameAndWithoutItsContent) {
  const support::CertifiedKey other = authority_->Issue("DNS:localhost");
  folder_.Write(GetParam().file, GetParam().text(*pair_, other));
  const absl::Status status = Check();
  EXPECT_THAT(status, support::StatusIs(absl::StatusCode::kInvalidArgument));
  const std::string message(status.message());
  EXPECT_THAT(message, HasSubstr(GetParam().file));
  EXPECT_THAT(message, HasSubstr(GetParam().told));
  EXPECT_THAT(message, Not(HasSubstr("BEGIN")));
}

using Pair = const support::CertifiedKey&;

INSTANTIATE_TEST_SUITE_P(
    Files, BadFileTest,
    ::testing::Values(
        BadCase{"KeyOfAnother", "tls.key", [](Pair, Pair other) { return other.key; },
                "not the one of the certificate"},
        BadCase{"CertificateOfAnother", "tls.crt", [](Pair, Pair other) { return other.chain; },
                "not the one of the certificate"},
        BadCase{"EncryptedKey", "tls.key",
                [](Pair own, Pair) { return support::Encrypted(own.key); }, "unencrypted"},
        BadCase{"EmptyKey", "tls.key", [](Pair, Pair) { return std::string(); }, "unencrypted"},
        BadCase{"CertificateForKey", "tls.key", [](Pair own, Pair) { return own.chain; },
                "unencrypted"},
        BadCase{"EmptyCertificate", "tls.crt", [](Pair, Pair) { return std::string(); },
                "no certificate"},
        BadCase{"KeyForCertificate", "tls.crt", [](Pair own, Pair) { return own.key; },
                "no certificate"},
        BadCase{"HalfACertificate", "tls.crt",
                [](Pair own, Pair) { return own.chain.substr(0, own.chain.size() / 2); }, "broken"},
        BadCase{"HalfAChain", "tls.crt",
                [](Pair own, Pair other) { return own.chain + other.chain.substr(0, 200); },
                "broken"},
        BadCase{"EmptyAuthority", "ca.crt", [](Pair, Pair) { return std::string(); },
                "no certificate"},
        BadCase{"BrokenAuthority", "ca.crt",
                [](Pair own, Pair) { return own.chain.substr(0, 200); }, "broken"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace otpgate::rpc
