#include "server/config/forms.h"

#include <gtest/gtest.h>

#include <string>

namespace otpgate::config {
namespace {

struct FormCase {
  const char* name;
  Form (*form)();
  std::string text;
  bool fits;
};

class FormTest : public ::testing::TestWithParam<FormCase> {};

TEST_P(FormTest, TellsGoodFromBad) {
  EXPECT_EQ(GetParam().form().fits(GetParam().text), GetParam().fits);
}

constexpr auto kName = [](const auto& test) { return std::string(test.param.name); };

INSTANTIATE_TEST_SUITE_P(
    Addresses, FormTest,
    ::testing::Values(FormCase{"Loopback", PlaintextAddressForm, "127.0.0.1:50051", true},
                      FormCase{"LoopbackOther", PlaintextAddressForm, "127.1.2.3:0", true},
                      FormCase{"Loopback6", PlaintextAddressForm, "[::1]:50051", true},
                      FormCase{"Unix", PlaintextAddressForm, "unix:/run/otpgate.sock", true},
                      FormCase{"UnixRelative", PlaintextAddressForm, "unix:otpgate.sock", false},
                      FormCase{"Any", PlaintextAddressForm, "0.0.0.0:50051", false},
                      FormCase{"Any6", PlaintextAddressForm, "[::]:50051", false},
                      FormCase{"Public", PlaintextAddressForm, "203.0.113.7:50051", false},
                      FormCase{"Mapped", PlaintextAddressForm, "[::ffff:127.0.0.1]:1", false},
                      FormCase{"Name", PlaintextAddressForm, "localhost:50051", false},
                      FormCase{"NoPort", PlaintextAddressForm, "127.0.0.1", false},
                      FormCase{"PortTooHigh", PlaintextAddressForm, "127.0.0.1:65536", false},
                      FormCase{"NoHost", PlaintextAddressForm, ":50051", false}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    ListenAddresses, FormTest,
    ::testing::Values(FormCase{"ListenLoopback", ListenAddressForm, "127.0.0.1:0", true},
                      FormCase{"ListenAny", ListenAddressForm, "0.0.0.0:50051", true},
                      FormCase{"ListenAny6", ListenAddressForm, "[::]:50051", true},
                      FormCase{"ListenPublic6", ListenAddressForm, "[2001:db8::1]:443", true},
                      FormCase{"ListenUnix", ListenAddressForm, "unix:/run/otpgate.sock", true},
                      FormCase{"ListenUnixRelative", ListenAddressForm, "unix:a.sock", false},
                      FormCase{"ListenName", ListenAddressForm, "localhost:50051", false},
                      FormCase{"ListenNoPort", ListenAddressForm, "0.0.0.0", false},
                      FormCase{"ListenNoHost", ListenAddressForm, ":50051", false},
                      FormCase{"ListenUnbracketed6", ListenAddressForm, "::1:50051", false},
                      FormCase{"ListenBracketed4", ListenAddressForm, "[10.0.0.1]:1", false},
                      FormCase{"ListenBracketsAlone", ListenAddressForm, "[]:1", false}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    MetricsAddresses, FormTest,
    ::testing::Values(FormCase{"MetricsOff", MetricsAddressForm, "", true},
                      FormCase{"MetricsLoopback", MetricsAddressForm, "127.0.0.1:9464", true},
                      FormCase{"MetricsAny6", MetricsAddressForm, "[::]:9464", true},
                      FormCase{"MetricsUnix", MetricsAddressForm, "unix:/run/m.sock", false},
                      FormCase{"MetricsTwo", MetricsAddressForm, "127.0.0.1:1,[::]:2", false},
                      FormCase{"MetricsTls", MetricsAddressForm, "127.0.0.1:9464s", false},
                      FormCase{"MetricsPort", MetricsAddressForm, "9464", false}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    Sans, FormTest,
    ::testing::Values(FormCase{"SanUri", SanForm, "spiffe://example.com/ns/prod/sa/orders", true},
                      FormCase{"SanDns", SanForm, "orders.example.com", true},
                      FormCase{"SanDnsUpper", SanForm, "Orders.example.com", false},
                      FormCase{"SanWildcard", SanForm, "*.example.com", false},
                      FormCase{"SanNoScheme", SanForm, "://example.com", false},
                      FormCase{"SanUpperScheme", SanForm, "SPIFFE://example.com", false},
                      FormCase{"SanNoRest", SanForm, "spiffe://", false},
                      FormCase{"SanBlank", SanForm, "spiffe://a b", false},
                      FormCase{"SanLong", SanForm, "a://" + std::string(1024, 'a'), false},
                      FormCase{"SanEmpty", SanForm, "", false}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    DatabaseUrls, FormTest,
    ::testing::Values(
        FormCase{"None", DatabaseUrlForm, "", true},
        FormCase{"Pairs", DatabaseUrlForm, "host=/run/postgresql dbname=a user=b", true},
        FormCase{"Uri", DatabaseUrlForm, "postgresql://b@localhost:5432/a?sslmode=require", true},
        FormCase{"UriOfTwoHosts", DatabaseUrlForm, "postgresql://b@h1:5432,h2:5433/a", true},
        FormCase{"Passfile", DatabaseUrlForm, "dbname=a passfile=/etc/pgpass", true},
        FormCase{"Password", DatabaseUrlForm, "dbname=a password=x", false},
        FormCase{"PasswordSpaced", DatabaseUrlForm, "dbname=a password = 'x'", false},
        FormCase{"SslPassword", DatabaseUrlForm, "dbname=a sslpassword=x", false},
        FormCase{"UriPassword", DatabaseUrlForm, "postgresql://b:x@localhost/a", false},
        FormCase{"UriPasswordOnly", DatabaseUrlForm, "postgresql://b:x@localhost", false},
        FormCase{"UriQuery", DatabaseUrlForm, "postgresql://localhost/a?user=b&password=x", false},
        FormCase{"LineFeed", DatabaseUrlForm, "dbname=a\nhost=b", false}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    Names, FormTest,
    ::testing::Values(FormCase{"Path", PathForm, "/run/secrets/pepper", true},
                      FormCase{"PathOfControl", PathForm, "a\x01", false},
                      FormCase{"PathEndless", PathForm, std::string(1025, 'a'), false},
                      FormCase{"Issuer", TokenNameForm, "https://auth.example.com", true},
                      FormCase{"IssuerBlank", TokenNameForm, "a b", false},
                      FormCase{"Host", HostForm, "login.example.com", true},
                      FormCase{"HostUpper", HostForm, "Login.example.com", false},
                      FormCase{"HostPort", HostForm, "example.com:443", false},
                      FormCase{"HostEmpty", HostForm, "", false},
                      FormCase{"Brand", BrandForm, "Example & Co.", true},
                      FormCase{"BrandBlanks", BrandForm, " Example", false},
                      FormCase{"BrandMarkup", BrandForm, "<b>", false},
                      FormCase{"BrandLong", BrandForm, std::string(31, 'a'), false},
                      FormCase{"Client", CallerIdForm, "gateway-1.eu_west", true},
                      FormCase{"ClientUpper", CallerIdForm, "Gateway", false},
                      FormCase{"ClientBuiltIn", CallerIdForm, "development", false},
                      FormCase{"ClientEmpty", CallerIdForm, "", false},
                      FormCase{"Method", MethodForm, "otpgate.v1.AuthService/VerifyOtp", true},
                      FormCase{"Service", MethodForm, "otpgate.v1.AuthService/*", true},
                      FormCase{"AllMethods", MethodForm, "*", true},
                      FormCase{"MethodAlone", MethodForm, "VerifyOtp", false},
                      FormCase{"MethodPath", MethodForm, "/a.B/C", false},
                      FormCase{"MethodWild", MethodForm, "a.B/C*", false}),
    kName);

}  // namespace
}  // namespace otpgate::config
