#ifndef OTPGATE_TESTS_SUPPORT_METRICS_PAGE_H_
#define OTPGATE_TESTS_SUPPORT_METRICS_PAGE_H_

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tests/support/http_get.h"
#include "tests/support/rpc_server.h"
#include "tests/support/server_process.h"

namespace otpgate::support {

// The metrics of a server with --metrics.address=127.0.0.1:0. The server must outlive this object.
class MetricsPage {
 public:
  explicit MetricsPage(const ServerProcess& server) : server_(server) {}

  int port() const {
    const std::string log = server_.Log();
    const size_t line = log.find("\"event\":\"METRICS_LISTENING\"");
    if (line == std::string::npos) return 0;
    const absl::string_view rest = absl::string_view(log).substr(log.find("\"port\":", line) + 7);
    int port = 0;
    EXPECT_TRUE(absl::SimpleAtoi(rest.substr(0, rest.find_first_of(",}")), &port));
    return port;
  }

  std::string Text() const { return HttpGet(port(), "/metrics"); }

  // Values by name and labels.
  static std::map<std::string, double> SamplesOf(const std::string& page) {
    std::map<std::string, double> samples;
    for (const absl::string_view line : absl::StrSplit(page, '\n')) {
      const size_t blank = line.rfind(' ');
      double value = 0;
      if (blank != absl::string_view::npos && absl::SimpleAtod(line.substr(blank + 1), &value)) {
        samples[std::string(line.substr(0, blank))] = value;
      }
    }
    return samples;
  }
  std::map<std::string, double> Samples() const { return SamplesOf(Text()); }

  // nullopt: the sample is not on the page.
  std::optional<double> Value(const std::string& name) const {
    const std::map<std::string, double> samples = Samples();
    const auto found = samples.find(name);
    return found == samples.end() ? std::nullopt : std::optional<double>(found->second);
  }

  // Waits for the value, as some counters change after the answer. The sample must be on the page,
  // even for 0.
  void Expect(const std::string& name, double value) const {
    EXPECT_TRUE(Eventually([&] { return Value(name) == value; }))
        << name << " is " << Value(name).value_or(std::nan("")) << ", not " << value;
  }
  void ExpectAbove(const std::string& name, double limit) const {
    EXPECT_TRUE(Eventually([&] { return Samples()[name] > limit; }))
        << name << " is " << Samples()[name] << ", not above " << limit;
  }

 private:
  const ServerProcess& server_;
};

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_METRICS_PAGE_H_
