// Measures cryptography and validation on the path of a login, without server and database.
#include <benchmark/benchmark.h>

#include <string>

#include "base/check.h"
#include "base/crypto/jws.h"
#include "base/crypto/system_random.h"
#include "server/keys/code.h"
#include "server/keys/handle.h"
#include "server/keys/refresh_token.h"
#include "server/keys/test_keyring.h"
#include "server/validation/email.h"
#include "server/validation/phone.h"

namespace otpgate::bench {
namespace {

using ::benchmark::DoNotOptimize;
using keys::TestKeyring;

constexpr char kPhone[] = "+14155550123";
const std::string& OtpIdText() {
  static const std::string id(24, 'i');
  return id;
}

void CryptoCodeMacCompute(benchmark::State& state) {
  const keys::CodeMac macs(keys::TestKeyring());
  const keys::CodeBinding binding{"login", kPhone, "live", OtpIdText()};
  for (auto _ : state) DoNotOptimize(macs.Compute(binding, "123456"));
}
BENCHMARK(CryptoCodeMacCompute);

void CryptoHandleSeal(benchmark::State& state) {
  const keys::Handles handles(keys::TestKeyring());
  const keys::HandlePayload content{"live", "login", kPhone, OtpIdText(), ""};
  for (auto _ : state) DoNotOptimize(handles.Seal(content));
}
BENCHMARK(CryptoHandleSeal);

void CryptoHandleOpen(benchmark::State& state) {
  const keys::Handles handles(keys::TestKeyring());
  const std::string text = handles.Seal({"live", "login", kPhone, OtpIdText(), ""});
  for (auto _ : state) DoNotOptimize(handles.Open(text));
}
BENCHMARK(CryptoHandleOpen);

void CryptoRefreshTokenIssue(benchmark::State& state) {
  const keys::RefreshTokens tokens(keys::TestKeyring());
  for (auto _ : state) DoNotOptimize(tokens.Issue(OtpIdText(), OtpIdText(), 1));
}
BENCHMARK(CryptoRefreshTokenIssue);

void CryptoRefreshTokenParse(benchmark::State& state) {
  const keys::RefreshTokens tokens(keys::TestKeyring());
  const std::string text = tokens.Issue(OtpIdText(), OtpIdText(), 1);
  for (auto _ : state) DoNotOptimize(tokens.Parse(text));
}
BENCHMARK(CryptoRefreshTokenParse);

crypto::AccessClaims Claims() {
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  return {.iss = "https://auth.example.com",
          .sub = std::string(32, 's'),
          .aud = {"otpgate"},
          .exp = now + absl::Minutes(15),
          .iat = now,
          .nbf = now,
          .jti = std::string(32, 'j'),
          .sid = std::string(32, 'i'),
          .ver = 1,
          .amr = {"sms"},
          .auth_time = now,
          .client_id = "app",
          .user_type = "live"};
}

void CryptoAccessTokenSign(benchmark::State& state) {
  const crypto::SigningKey key = crypto::SigningKey::Generate();
  const crypto::AccessClaims claims = Claims();
  for (auto _ : state) DoNotOptimize(crypto::SignAccessToken(key, claims));
}
BENCHMARK(CryptoAccessTokenSign);

void CryptoAccessTokenVerify(benchmark::State& state) {
  const crypto::SigningKey key = crypto::SigningKey::Generate();
  const crypto::AccessClaims claims = Claims();
  const std::string token = crypto::SignAccessToken(key, claims);
  const crypto::VerifyOptions options{.issuer = claims.iss, .audiences = claims.aud};
  const auto lookup = [&](absl::string_view) { return &key.public_key(); };
  for (auto _ : state) {
    const auto verified = crypto::VerifyAccessToken(token, lookup, claims.iat, options);
    OTPGATE_CHECK(verified.ok());
    DoNotOptimize(verified);
  }
}
BENCHMARK(CryptoAccessTokenVerify);

void CryptoGenerateCode(benchmark::State& state) {
  crypto::SystemRandom random;
  for (auto _ : state) DoNotOptimize(keys::GenerateCode(random, 6));
}
BENCHMARK(CryptoGenerateCode);

void ValidationPhone(benchmark::State& state) {
  validation::WarmUpPhoneNumbers();
  for (auto _ : state) DoNotOptimize(validation::CanonicalPhone({.number = kPhone}));
}
BENCHMARK(ValidationPhone);

void ValidationPhoneSpelling(benchmark::State& state) {
  validation::WarmUpPhoneNumbers();
  for (auto _ : state) {
    DoNotOptimize(validation::CanonicalPhone({.number = "(415) 555-0123", .region = "US"}));
  }
}
BENCHMARK(ValidationPhoneSpelling);

void ValidationEmail(benchmark::State& state) {
  for (auto _ : state) DoNotOptimize(validation::CanonicalEmail("Person123@Example.com"));
}
BENCHMARK(ValidationEmail);

}  // namespace
}  // namespace otpgate::bench
