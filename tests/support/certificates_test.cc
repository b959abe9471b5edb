#include "tests/support/certificates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/match.h"

namespace otpgate::support {
namespace {

std::string Read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(CertificatesTest, EachPairIsNew) {
  const CertificateAuthority authority;
  const CertifiedKey one = authority.Issue("DNS:localhost");
  const CertifiedKey other = authority.Issue("DNS:localhost");
  EXPECT_TRUE(absl::StrContains(one.chain, "BEGIN CERTIFICATE"));
  EXPECT_TRUE(absl::StrContains(one.key, "BEGIN PRIVATE KEY"));
  EXPECT_NE(one.chain, other.chain);
  EXPECT_NE(one.key, other.key);
  EXPECT_TRUE(absl::StrContains(Encrypted(one.key), "BEGIN ENCRYPTED PRIVATE KEY"));
}

TEST(CertificatesTest, AMountedSecretIsReplacedThroughItsLink) {
  MountedSecret secret({"chain 1", "key 1"}, "roots 1");
  EXPECT_EQ(Read(secret.path() + "/tls.crt"), "chain 1");
  secret.Replace({"chain 2", "key 2"}, "roots 2");
  EXPECT_EQ(Read(secret.path() + "/tls.crt"), "chain 2");
  EXPECT_EQ(Read(secret.path() + "/tls.key"), "key 2");
  EXPECT_EQ(Read(secret.path() + "/ca.crt"), "roots 2");
  EXPECT_TRUE(std::filesystem::is_symlink(secret.path() + "/..data"));
}

}  // namespace
}  // namespace otpgate::support
