#include "clients/gateway/oauth/metadata.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace otpgate::gateway {
namespace {

using ::nlohmann::json;

TEST(CheckIssuerTest, TakesUrlsOfRfc8414) {
  for (const char* issuer :
       {"https://auth.example.com", "https://auth.example.com:8443", "https://a/b/c-1._~",
        "https://[2001:db8::1]:443", "http://127.0.0.1:8080", "http://127.1.2.3",
        "http://localhost:1", "http://[::1]:8080/auth"}) {
    EXPECT_TRUE(CheckIssuer(issuer).ok()) << issuer;
  }
}

TEST(CheckIssuerTest, RefusesOthers) {
  for (const char* issuer : {"",
                             "otpgate",
                             "auth.example.com",
                             "ftp://auth.example.com",
                             "HTTPS://auth.example.com",
                             "http://auth.example.com",
                             "http://127.example.com",
                             "http://localhost.example.com",
                             "http://[2001:db8::1]",
                             "https://",
                             "https:///auth",
                             "https://a/",
                             "https://a/b/",
                             "https://a//b",
                             "https://a/../b",
                             "https://a?b",
                             "https://a/b?",
                             "https://a#b",
                             "https://user@a",
                             "https://user:pass@a",
                             "https://a:",
                             "https://a:0",
                             "https://a:65536",
                             "https://a:+1",
                             "https://a:b",
                             "https://[::1",
                             "https://[]",
                             "https://a b",
                             "https://a/b%20c",
                             "https://\xC3\xA4",
                             "https://a\n"}) {
    EXPECT_FALSE(CheckIssuer(issuer).ok()) << issuer;
  }
}

TEST(MetadataTest, SaysWhatIsTrue) {
  EXPECT_EQ(json::parse(ServerMetadata("https://auth.example.com")), json::parse(R"({
    "issuer": "https://auth.example.com",
    "jwks_uri": "https://auth.example.com/.well-known/jwks.json",
    "token_endpoint": "https://auth.example.com/oauth2/token",
    "introspection_endpoint": "https://auth.example.com/oauth2/introspect",
    "revocation_endpoint": "https://auth.example.com/oauth2/revoke",
    "grant_types_supported": ["refresh_token"],
    "response_types_supported": [],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
    "introspection_endpoint_auth_methods_supported": ["client_secret_basic"],
    "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "none"]
  })"));
}

TEST(MetadataTest, OpenIdHasItsSubjects) {
  json metadata = json::parse(OpenIdMetadata("https://a/b"));
  EXPECT_EQ(metadata["subject_types_supported"], json::parse(R"(["public"])"));
  metadata.erase("subject_types_supported");
  EXPECT_EQ(metadata, json::parse(ServerMetadata("https://a/b")));
}

TEST(MetadataTest, AnIssuerMayHaveAPath) {
  EXPECT_EQ(IssuerPath("https://a:1/b/c"), "/b/c");
  EXPECT_EQ(IssuerPath("http://[::1]:1"), "");
  EXPECT_EQ(json::parse(ServerMetadata("https://a/b"))["token_endpoint"],
            "https://a/b/oauth2/token");
}

}  // namespace
}  // namespace otpgate::gateway
