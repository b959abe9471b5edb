#include "tests/bench/redis_design.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "tests/bench/cpu_time.h"

namespace otpgate::bench {
namespace {

using nlohmann::json;

constexpr char kRedisServer[] = "/usr/bin/redis-server";
constexpr size_t kLogBytes = 1 << 16;

}  // namespace

absl::StatusOr<std::unique_ptr<RedisDesign>> RedisDesign::Start(const std::string& folder) {
  std::unique_ptr<RedisDesign> design(new RedisDesign);
  const std::string socket = design->data_.Path("redis.sock");
  design->redis_ = std::make_unique<support::ServerProcess>(
      std::vector<std::string>{"--port", "0", "--unixsocket", socket, "--dir",
                               design->data_.Path(""), "--appendonly", "yes", "--appendfsync",
                               "everysec", "--save", ""},
      kRedisServer);
  design->node_ = std::make_unique<support::ServerProcess>(
      std::vector<std::string>{"NODE_ENV=production", "node", absl::StrCat(folder, "/server.js"),
                               socket},
      "/usr/bin/env");
  if (!design->node_->WaitForEvent("LISTENING")) {
    return absl::InternalError(absl::StrCat(
        "the Redis design does not serve: ", design->redis_->Log(), design->node_->Log()));
  }
  design->redis_->KeepOfLog(kLogBytes);
  design->transport_ = std::make_unique<HttpTransport>(design->node_->port());
  return design;
}

absl::StatusOr<RedisDesign::CpuUsed> RedisDesign::Used() const {
  CpuUsed used;
  OTPGATE_ASSIGN_OR_RETURN(used.node, CpuTimeOf(node_->pid()));
  OTPGATE_ASSIGN_OR_RETURN(used.redis, CpuTimeOfFamily(redis_->pid(), 0));
  return used;
}

std::string RedisDesign::NextPhone() { return absl::StrFormat("+1415%07d", people_++); }

LoadCall RedisSignIn::Begin(int64_t n) {
  asking_.resize(static_cast<size_t>(n) + 1);
  std::string& phone = asking_.back() = design_.NextPhone();
  return {"api/auth/otp/request", json{{"phoneNumber", phone}}.dump()};
}

std::optional<LoadCall> RedisSignIn::Continue(int64_t n, const std::string& reply) {
  std::string& phone = asking_[static_cast<size_t>(n)];
  const json answer = json::parse(reply);
  if (phone.empty()) {
    OTPGATE_CHECK(answer.at("verified") == true && answer.contains("refresh_token"));
    return std::nullopt;
  }
  const json entered = {{"phoneNumber", phone}, {"otp", answer.at("otp")}};
  phone.clear();
  return LoadCall{"api/auth/otp/verify", entered.dump()};
}

}  // namespace otpgate::bench
