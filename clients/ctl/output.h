#ifndef OTPGATE_CLIENTS_CTL_OUTPUT_H_
#define OTPGATE_CLIENTS_CTL_OUTPUT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/ctl/exit_code.h"

namespace otpgate::ctl {

// The output of a command: lines as they are made, for people, or one JSON object at the end, for
// scripts. Not thread-safe.
class Output {
 public:
  explicit Output(bool json) : json_(json) {}

  bool json() const { return json_; }

  // For people: a line; prints nothing with --json.
  void Line(absl::string_view text) const;
  // For people: columns as wide as their widest cell; the first row is the header.
  void Table(const std::vector<std::vector<std::string>>& rows) const;

  // For scripts: sets a member of the object.
  void Set(const std::string& key, nlohmann::json value) { object_[key] = std::move(value); }

  // Ends the output. An error goes to stderr for people, and into "error" for scripts, whose object
  // always has "exit_code".
  void Finish(Exit exit, const absl::Status& status);

 private:
  const bool json_;
  nlohmann::json object_ = nlohmann::json::object();
};

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_OUTPUT_H_
