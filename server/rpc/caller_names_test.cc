// Callers known by their certificates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/hmac.h"
#include "server/rpc/callers.h"
#include "tests/support/sample_values.h"
#include "tests/support/status_matchers.h"

namespace otpgate::rpc {
namespace {

using ::otpgate::support::StatusIs;
using ::testing::HasSubstr;

using support::kSecret;

std::vector<CallerEntry> Entries() {
  return {{.id = "orders", .methods = {"*"}, .san = "spiffe://example.com/orders"},
          {.id = "billing",
           .secret_mac = crypto::HmacSha256("billing", support::kSecret),
           .methods = {"*"},
           .san = "billing.example.com"},
          {.id = "gateway", .secret_mac = crypto::HmacSha256("gateway", support::kSecret)}};
}

struct NameCase {
  const char* name;
  CertificateNames names;
  const char* secret_of;  // empty: sends no header
  const char* caller;     // empty: nobody
};

class CallerNamesTest : public ::testing::TestWithParam<NameCase> {};

TEST_P(CallerNamesTest, TellTheCaller) {
  const Callers callers = *Callers::Create(Entries(), Callers::WithoutCredentials::kRefused);
  const std::string of = GetParam().secret_of;
  const std::string header =
      of.empty()
          ? ""
          : absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(of, ":", support::kSecret)));
  const Caller* caller = callers.Authenticate(header, GetParam().names);
  EXPECT_EQ(caller == nullptr ? "" : caller->id(), GetParam().caller);
}

constexpr char kOrders[] = "URI:spiffe://example.com/orders";
constexpr char kBilling[] = "DNS:billing.example.com";

INSTANTIATE_TEST_SUITE_P(
    Names, CallerNamesTest,
    ::testing::Values(NameCase{"None", {}, "", ""}, NameCase{"Uri", {kOrders}, "", "orders"},
                      NameCase{"Dns", {kBilling}, "", "billing"},
                      NameCase{"SameTwice", {kBilling, kBilling}, "", "billing"},
                      NameCase{"AmongOthers", {"DNS:x", "URI:a://b", kOrders}, "", "orders"},
                      NameCase{"OfTwoCallers", {kOrders, kBilling}, "", ""},
                      NameCase{"OfTwoCallersAndASecret", {kOrders, kBilling}, "billing", ""},
                      NameCase{"Unknown", {"DNS:other.example.com"}, "", ""},
                      NameCase{
                          "UnknownAndASecret", {"DNS:other.example.com"}, "billing", "billing"},
                      NameCase{"SecretOfTheSame", {kBilling}, "billing", "billing"},
                      NameCase{"SecretOfAnother", {kOrders}, "billing", ""},
                      NameCase{"SecretOfOneWithoutName", {kOrders}, "gateway", ""},
                      NameCase{"SecretOfNobody", {kOrders}, "nobody", ""},
                      NameCase{"SecretOfOneWithoutSecret", {}, "orders", ""},
                      NameCase{"Longer", {"URI:spiffe://example.com/orders/1"}, "", ""},
                      NameCase{"Shorter", {"URI:spiffe://example.com/order"}, "", ""},
                      NameCase{"OtherCase", {"DNS:BILLING.example.com"}, "", ""},
                      NameCase{"Wildcard", {"DNS:*.example.com"}, "", ""},
                      NameCase{"EndsInNul", {std::string("DNS:billing.example.com\0", 24)}, "", ""},
                      NameCase{"UriAsDns", {"DNS:spiffe://example.com/orders"}, "", ""},
                      NameCase{"DnsAsUri", {"URI:billing.example.com"}, "", ""},
                      NameCase{"NoType", {"billing.example.com"}, "", ""}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CallersByNameTest, InDevelopmentANameStillCounts) {
  const Callers callers = *Callers::Create(Entries(), Callers::WithoutCredentials::kDevelopment);
  EXPECT_EQ(callers.Authenticate("", {kOrders})->id(), "orders");
  EXPECT_EQ(callers.Authenticate("", {"DNS:other"})->id(), "development");
  EXPECT_EQ(callers.Authenticate("", {kOrders, kBilling}), nullptr);
}

TEST(CallersByNameTest, ANameIsOfOneClient) {
  std::vector<CallerEntry> entries = Entries();
  entries[2].san = entries[0].san;
  const auto callers = Callers::Create(entries, Callers::WithoutCredentials::kRefused);
  ASSERT_THAT(callers, support::StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(callers.status().message()), HasSubstr("\"gateway\": san"));
}

TEST(CallersByNameTest, WithoutANameASecretIsNeeded) {
  EXPECT_THAT(Callers::Create({{.id = "gateway"}}, Callers::WithoutCredentials::kRefused),
              support::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace otpgate::rpc
