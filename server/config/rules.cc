#include "server/config/rules.h"

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/crypto/proof.h"
#include "server/config/forms.h"
#include "server/config/keys.h"

namespace otpgate::config {
namespace {

struct Rule {
  std::vector<absl::string_view> keys;  // the message begins with the first one
  bool (*broken)(const Config& config);
  absl::string_view must;
};

bool SharesAudience(const Config& c) {
  return absl::c_any_of(c.tokens.live_audiences, [&](const std::string& audience) {
    return absl::c_linear_search(c.tokens.demo_audiences, audience);
  });
}

constexpr absl::string_view kNoAudienceOfProofs =
    "must not begin with \"verification:\", as audiences of proofs do";

bool HasAudienceOfProofs(const std::vector<std::string>& audiences) {
  return absl::c_any_of(audiences, [](const std::string& audience) {
    return absl::StartsWith(audience, crypto::kProofAudiencePrefix);
  });
}

bool SpeaksPlaintextToOthers(const Config& c) {
  return c.listen.tls.directory.empty() && !c.listen.plaintext_is_safe &&
         !absl::c_all_of(c.listen.addresses, PlaintextAddressForm().fits);
}

std::vector<Rule> SecretRules() {
  return {{{"secrets.pepper_file", "use_database"},
           [](const Config& c) { return c.use_database && c.secrets.pepper_file.empty(); },
           "is needed with use_database"},
          {{"secrets.handle_key_file", "use_database"},
           [](const Config& c) { return c.use_database && c.secrets.handle_key_file.empty(); },
           "is needed with use_database"},
          {{"secrets.refresh_key_file", "use_database"},
           [](const Config& c) { return c.use_database && c.secrets.refresh_key_file.empty(); },
           "is needed with use_database"},
          {{"secrets.master_key_file", "use_database"},
           [](const Config& c) { return c.use_database && c.secrets.master_key_file.empty(); },
           "is needed with use_database"}};
}

std::vector<Rule> OtherRules() {
  return {
      {{"listen.default_deadline", "listen.max_deadline"},
       [](const Config& c) { return c.listen.default_deadline > c.listen.max_deadline; },
       "must not be longer than listen.max_deadline"},
      {{"listen.addresses", "listen.tls_directory", "listen.plaintext_is_safe"},
       SpeaksPlaintextToOthers,
       "that other machines can reach need listen.tls_directory, or listen.plaintext_is_safe if "
       "something else encrypts"},
      {{"metrics.address", "metrics.plaintext_is_safe"},
       [](const Config& c) {
         return !c.metrics.address.empty() && !c.metrics.plaintext_is_safe &&
                !PlaintextAddressForm().fits(c.metrics.address);
       },
       "that other machines can reach needs metrics.plaintext_is_safe"},
      {{"listen.client_certificates", "listen.tls_directory"},
       [](const Config& c) {
         return c.listen.tls.client_certificates != rpc::ClientCertificates::kOff &&
                c.listen.tls.directory.empty();
       },
       "needs listen.tls_directory"},
      {{"engine.queue_per_key", "engine.queue"},
       [](const Config& c) { return c.engine.queue.per_key > c.engine.queue.capacity; },
       "must not be more than engine.queue"},
      {{"database.url", "use_database"},
       [](const Config& c) {
         return c.use_database && c.database.postgres.connection_string.empty();
       },
       "is needed with use_database"},
      {{"otp.first_wait", "otp.longest_wait"},
       [](const Config& c) { return c.otp.first_wait > c.otp.longest_wait; },
       "must not be longer than otp.longest_wait"},
      {{"otp.wait_from_failures", "otp.disable_at_failures"},
       [](const Config& c) { return c.otp.wait_from_failures > c.otp.disable_at_failures; },
       "must not be more than otp.disable_at_failures"},
      {{"sessions.idle", "sessions.absolute"},
       [](const Config& c) { return c.otp.session.idle > c.otp.session.absolute; },
       "must not be longer than sessions.absolute"},
      {{"tokens.demo_audiences", "tokens.live_audiences"},
       SharesAudience,
       "must hold none of tokens.live_audiences"},
      {{"tokens.live_audiences"},
       [](const Config& c) { return HasAudienceOfProofs(c.tokens.live_audiences); },
       kNoAudienceOfProofs},
      {{"tokens.demo_audiences"},
       [](const Config& c) { return HasAudienceOfProofs(c.tokens.demo_audiences); },
       kNoAudienceOfProofs},
      {{"delivery.file_path", "delivery.sender"},
       [](const Config& c) {
         return c.delivery.sender == SenderKind::kFile && c.delivery.file_path.empty();
       },
       "is needed with delivery.sender = file"},
      {{"enable_real_otp", "delivery.sender"},
       [](const Config& c) {
         return c.enable_real_otp && c.delivery.sender == SenderKind::kConsole;
       },
       "contradicts delivery.sender = console, which reaches nobody"},
  };
}

void CheckRules(const std::vector<Rule>& rules, const Config& config,
                const absl::flat_hash_set<absl::string_view>& broken,
                std::vector<std::string>& problems) {
  for (const Rule& rule : rules) {
    const bool readable =
        absl::c_none_of(rule.keys, [&](absl::string_view key) { return broken.contains(key); });
    if (readable && rule.broken(config)) {
      problems.push_back(absl::StrCat(rule.keys[0], " ", rule.must));
    }
  }
}

void CheckProduction(const Config& config, const absl::flat_hash_set<absl::string_view>& broken,
                     std::vector<std::string>& problems) {
  if (config.environment != Environment::kProduction) return;
  for (const Key& key : AllKeys()) {
    if (key.production.refused == nullptr || broken.contains(key.name)) continue;
    if (!key.production.refused(config)) continue;
    problems.push_back(absl::StrCat(key.name, " ", key.production.must, " in production (",
                                    EnvironmentName(key), ")"));
  }
  if (config.callers.empty()) {
    problems.push_back("clients must name at least one caller in production");
  }
}

void CheckCallers(const Config& config, std::vector<std::string>& problems) {
  absl::flat_hash_set<std::string> ids;
  absl::flat_hash_set<std::string> sans;
  for (size_t i = 0; i < config.callers.size(); ++i) {
    const CallerConfig& caller = config.callers[i];
    const auto check = [&](bool good, absl::string_view key, absl::string_view must) {
      if (!good) problems.push_back(absl::StrCat("clients[", i, "].", key, " must be ", must));
    };
    const bool has_san = !caller.san.empty();
    check(CallerIdForm().fits(caller.id), "id", CallerIdForm().form);
    check(ids.insert(caller.id).second, "id", "different from those before");
    check(has_san || !caller.secret_mac_file.empty(), "secret_mac_file", "there, or san");
    check(PathForm().fits(caller.secret_mac_file), "secret_mac_file", PathForm().form);
    check(!has_san || SanForm().fits(caller.san), "san", SanForm().form);
    check(!has_san || sans.insert(caller.san).second, "san", "different from those before");
    check(!has_san || config.listen.tls.client_certificates != rpc::ClientCertificates::kOff, "san",
          "used with listen.client_certificates");
    check(!caller.methods.empty() && absl::c_all_of(caller.methods, MethodForm().fits), "methods",
          absl::StrCat("a list; each ", MethodForm().form));
  }
}

}  // namespace

std::vector<std::string> RuleProblems(const Config& config,
                                      const absl::flat_hash_set<absl::string_view>& broken) {
  std::vector<std::string> problems;
  CheckRules(OtherRules(), config, broken, problems);
  CheckRules(SecretRules(), config, broken, problems);
  CheckCallers(config, problems);
  if (!broken.contains("environment")) CheckProduction(config, broken, problems);
  return problems;
}

}  // namespace otpgate::config
