// Front ends of older designs: every example of COMPAT.md, through a gateway to a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/deployment.h"
#include "tests/e2e/golden_examples.h"
#include "tests/e2e/rest_fixture.h"

namespace otpgate::e2e {
namespace {

using ::nlohmann::json;

// A server and its gateway, and what was sent to people.
class CompatDeployment {
 public:
  explicit CompatDeployment(bool development, std::vector<std::string> flags = {})
      : deployment_({.servers = 1, .flags = std::move(flags), .reveal_codes = development}),
        rest_(deployment_.server(0).port()) {}

  RestGateway& rest() { return rest_; }
  Deployment& deployment() { return deployment_; }

  // Sends a request and waits until the messages that it caused have left.
  RestAnswer Ask(const GoldenExample& example, const GoldenNames& names) {
    RestAnswer answer = rest_.Ask(example.method, example.path, names.Filled(example.body),
                                  names.Filled(example.headers));
    const std::string made = deployment_.database().Value("SELECT count(*) FROM outbox");
    EXPECT_TRUE(deployment_.server(0).WaitForEvent("OTP_MESSAGE_SENT", std::stoi(made)));
    return answer;
  }

  // The code of the last message.
  std::string LastCode() const {
    std::ifstream in(deployment_.MessagesFile());
    std::string code = "000000";
    for (std::string line; std::getline(in, line);) code = json::parse(line)["code"];
    return code;
  }

 private:
  Deployment deployment_;
  RestGateway rest_;
};

void Play(const GoldenSection& section, CompatDeployment& compat) {
  GoldenNames names;
  for (const GoldenExample& example : section.examples) {
    SCOPED_TRACE(absl::StrCat("COMPAT.md:", example.line, ": ", example.path));
    const RestAnswer answer = compat.Ask(example, names);
    EXPECT_EQ(answer.status, example.status) << answer.body;
    EXPECT_TRUE(names.Matches(example.reply, answer.body))
        << "wanted " << example.reply << "\ngot    " << answer.body;
    names.Set("code", compat.LastCode());
    names.Set("wrong", support::WrongCode(compat.LastCode()));
  }
}

TEST(CompatTest, EveryExampleIsTrue) {
  const GoldenExamples document(OTPGATE_COMPAT_DOCUMENT);
  const auto transcoder = *gateway::Transcoder::Create(gateway::ServedServices());
  std::set<const gateway::Binding*> shown;
  for (const GoldenSection& section : document.sections()) {
    SCOPED_TRACE(section.title);
    CompatDeployment compat(absl::StrContains(section.title, "development"));
    Play(section, compat);
    for (const GoldenExample& example : section.examples) {
      const gateway::LookupResult route = transcoder.routes().Lookup(example.method, example.path);
      shown.insert(std::get<gateway::Match>(route).binding);
    }
  }
  for (const gateway::Binding& binding : transcoder.routes().bindings()) {
    if (binding.method->service()->name() != "CompatService") continue;
    EXPECT_TRUE(shown.contains(&binding)) << "a route of " << binding.method->name();
  }
}

// The first example of each design, with its key or that of all switched off.
TEST(CompatTest, DesignsAreSwitchedOffOneByOneOrAsAWhole) {
  const GoldenExamples document(OTPGATE_COMPAT_DOCUMENT);
  for (const GoldenSection& off : document.sections()) {
    const std::vector<std::string> title = absl::StrSplit(off.title, '`');
    CompatDeployment compat(/*development=*/false, {absl::StrCat("--", title.at(1), "=false")});
    for (const GoldenSection& section : document.sections()) {
      const GoldenExample& first = section.examples.front();
      const bool is_off = absl::StrContains(section.title, title.at(1));
      EXPECT_EQ(compat.Ask(first, GoldenNames()).status, is_off ? 404 : first.status)
          << section.title << " without " << off.title;
    }
  }
  CompatDeployment compat(/*development=*/false, {"--compat.enabled=false"});
  for (const GoldenSection& section : document.sections()) {
    EXPECT_EQ(compat.Ask(section.examples.front(), GoldenNames()).status, 404) << section.title;
  }
}

// A code that AuthService made is bound to its handle.
TEST(CompatTest, B9_ACodeWithAHandleIsNotEvaluatedWithoutIt) {
  CompatDeployment compat(/*development=*/true);
  support::AuthClient& client = compat.deployment().client();
  const auto asked = client.RequestOtp("bound@example.com");
  ASSERT_TRUE(asked.ok());
  const json guess = {{"email", "bound@example.com"}, {"otp_code", asked.reply.development_code()}};
  EXPECT_EQ(compat.rest().Post("/api/v1/users/signup/verify-otp", guess).status, 400);
  EXPECT_TRUE(client.VerifyOtp(asked.reply.handle(), asked.reply.development_code()).ok());
}

// Five guesses for everybody, whoever asked for the code.
TEST(CompatTest, TheBudgetOfACodeIsFive) {
  CompatDeployment compat(/*development=*/false);
  const std::string path = "/api/v1/users/signup/";
  GoldenExample send;
  send.method = "POST";
  send.path = path + "send-otp";
  send.body = R"({"email": "five@example.com"})";
  ASSERT_EQ(compat.Ask(send, GoldenNames()).status, 200);
  const std::string code = compat.LastCode();
  json guess = {{"email", "five@example.com"}, {"otp_code", support::WrongCode(code)}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(compat.rest().Post(path + "verify-otp", guess).status, 400);
  }
  guess["otp_code"] = code;
  EXPECT_EQ(compat.rest().Post(path + "verify-otp", guess).status, 400);
  EXPECT_EQ(compat.deployment().database().Value(
                "SELECT failures FROM subjects WHERE identifier = 'five@example.com'"),
            "5");
}

}  // namespace
}  // namespace otpgate::e2e
