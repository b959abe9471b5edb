#include "tests/bench/gateway/gateway_report.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"

namespace otpgate::bench {
namespace {

constexpr char kText[] = "  %-16s %5d %6d %8.1f %8s %8s %8s %8s\n";
constexpr double kKibPerMib = 1024;

std::optional<double> Ratio(double one, std::optional<double> other) {
  if (!other || *other <= 0) return std::nullopt;
  return one / *other;
}

nlohmann::json OrNull(std::optional<double> value) {
  return value ? nlohmann::json(Rounded(*value)) : nlohmann::json();
}

std::string Cell(std::optional<double> value, int decimals) {
  return value ? absl::StrFormat("%.*f", decimals, *value) : "-";
}

bool SameCall(const CallCost& a, const CallCost& b) {
  return a.operation == b.operation && a.concurrency == b.concurrency;
}

std::optional<double> MedianOf(const std::vector<CallCost>& rounds,
                               std::optional<double> CallCost::*figure) {
  std::vector<double> values;
  for (const CallCost& round : rounds) {
    if (round.*figure) values.push_back(*(round.*figure));
  }
  if (values.empty()) return std::nullopt;
  return Median(std::move(values));
}

CallCost MedianOf(const std::vector<CallCost>& rounds) {
  CallCost median = rounds.front();
  std::vector<double> gateway;
  for (const CallCost& round : rounds) gateway.push_back(round.gateway_us);
  median.gateway_us = Median(std::move(gateway));
  median.nginx_us = MedianOf(rounds, &CallCost::nginx_us);
  median.node_us = MedianOf(rounds, &CallCost::node_us);
  return median;
}

const Measurement* Find(const std::vector<Measurement>& all, const std::string& operation,
                        int concurrency) {
  for (const Measurement& one : all) {
    if (one.operation == operation && one.concurrency == concurrency) return &one;
  }
  return nullptr;
}

double PerConnectionKib(const IdleMemory& idle) {
  return (idle.after_mb - idle.before_mb) * kKibPerMib / idle.connections;
}

}  // namespace

std::vector<CallCost> Medians(const std::vector<CallCost>& rounds) {
  std::vector<std::vector<CallCost>> groups;
  for (const CallCost& round : rounds) {
    size_t group = 0;
    while (group < groups.size() && !SameCall(groups[group].front(), round)) ++group;
    if (group == groups.size()) groups.emplace_back();
    groups[group].push_back(round);
  }
  std::vector<CallCost> medians;
  for (const std::vector<CallCost>& group : groups) medians.push_back(MedianOf(group));
  return medians;
}

LoginCost LoginCostIn(const std::vector<Measurement>& all, int concurrency, double gateway_us) {
  const Measurement* const rest = Find(all, kRestLogin, concurrency);
  const Measurement* const grpc = Find(all, kLogin, concurrency);
  OTPGATE_CHECK(rest != nullptr && grpc != nullptr);
  LoginCost cost{.concurrency = concurrency,
                 .gateway_us = gateway_us,
                 .server_us = rest->server_cpu_us.value(),
                 .postgres_us = rest->postgres_cpu_us.value(),
                 .grpc_us = grpc->server_cpu_us.value() + grpc->postgres_cpu_us.value()};
  if (const Measurement* const redis = Find(all, kRedisDesignLogin, concurrency)) {
    cost.redis_design_us = redis->server_cpu_us.value() + redis->redis_cpu_us.value();
  }
  return cost;
}

std::string JsonOf(const GatewayReport& report) {
  nlohmann::json json = {{"rounds", report.rounds},
                         {"calls", nlohmann::json::array()},
                         {"logins", nlohmann::json::array()},
                         {"idle_connections", nlohmann::json::array()}};
  for (const CallCost& call : report.calls) {
    json["calls"].push_back({{"operation", call.operation},
                             {"concurrency", call.concurrency},
                             {"reply_bytes", call.reply_bytes},
                             {"gateway_cpu_us", Rounded(call.gateway_us)},
                             {"nginx_cpu_us", OrNull(call.nginx_us)},
                             {"node_cpu_us", OrNull(call.node_us)},
                             {"ratio_to_nginx", OrNull(Ratio(call.gateway_us, call.nginx_us))},
                             {"ratio_to_node", OrNull(Ratio(call.gateway_us, call.node_us))}});
  }
  for (const LoginCost& login : report.logins) {
    json["logins"].push_back(
        {{"concurrency", login.concurrency},
         {"gateway_cpu_us", Rounded(login.gateway_us)},
         {"server_cpu_us", Rounded(login.server_us)},
         {"postgres_cpu_us", Rounded(login.postgres_us)},
         {"ratio_to_grpc", OrNull(Ratio(login.all_us(), login.grpc_us))},
         {"redis_design_cpu_us", OrNull(login.redis_design_us)},
         {"ratio_to_redis_design", OrNull(Ratio(login.all_us(), login.redis_design_us))}});
  }
  for (const IdleMemory& idle : report.idle) {
    json["idle_connections"].push_back({{"tls", idle.tls},
                                        {"connections", idle.connections},
                                        {"memory_before_mb", Rounded(idle.before_mb)},
                                        {"memory_mb", Rounded(idle.after_mb)}});
  }
  return json.dump(2) + "\n";
}

std::string TextOf(const GatewayReport& report) {
  std::string text = absl::StrFormat(
      "REST gateway: CPU in us per call of the process that answers HTTP, medians of %d rounds\n"
      "  %-16s %5s %6s %8s %8s %8s %8s %8s\n",
      report.rounds, "call", "conc", "bytes", "gateway", "nginx", "Node", "/ nginx", "/ Node");
  for (const CallCost& call : report.calls) {
    absl::StrAppendFormat(&text, kText, call.operation, call.concurrency, call.reply_bytes,
                          call.gateway_us, Cell(call.nginx_us, 1), Cell(call.node_us, 1),
                          Cell(Ratio(call.gateway_us, call.nginx_us), 2),
                          Cell(Ratio(call.gateway_us, call.node_us), 2));
  }
  text += "  (target: / Node at most 0.33)\nLogin over REST: all CPU in us\n";
  for (const LoginCost& login : report.logins) {
    absl::StrAppendFormat(
        &text,
        "  conc %d: gateway %.1f, server %.1f, PostgreSQL %.1f; over that of gRPC: %s; over that "
        "of the Redis design (%s): %s\n",
        login.concurrency, login.gateway_us, login.server_us, login.postgres_us,
        Cell(Ratio(login.all_us(), login.grpc_us), 2), Cell(login.redis_design_us, 1),
        Cell(Ratio(login.all_us(), login.redis_design_us), 3));
  }
  text += "Idle connections: memory of the gateway (target: less than 200 MiB for 10000)\n";
  for (const IdleMemory& idle : report.idle) {
    absl::StrAppendFormat(&text, "  %d %-9s %6.1f MiB, %.1f before; %.1f KiB each\n",
                          idle.connections, idle.tls ? "TLS" : "plaintext", idle.after_mb,
                          idle.before_mb, PerConnectionKib(idle));
  }
  return text;
}

}  // namespace otpgate::bench
