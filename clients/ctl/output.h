#ifndef OTPGATE_CLIENTS_CTL_OUTPUT_H_
#define OTPGATE_CLIENTS_CTL_OUTPUT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/ctl/exit_code.h"

namespace otpgate::ctl {

// Two faces of one answer: lines as they come for people, or one JSON object at the end for
// scripts. Not thread-safe.
class Output {
 public:
  explicit Output(bool json) : json_(json) {}

  bool json() const { return json_; }

  // For people; nothing with --json.
  void Line(absl::string_view text) const;
  // Columns as wide as their widest cell; the first row is the header.
  void Table(const std::vector<std::vector<std::string>>& rows) const;

  // For scripts: a member of the object.
  void Set(const std::string& key, nlohmann::json value) { object_[key] = std::move(value); }

  // The end: an error goes to stderr for people, into "error" for scripts, where "exit_code" is
  // always there.
  void Finish(Exit exit, const absl::Status& status);

 private:
  const bool json_;
  nlohmann::json object_ = nlohmann::json::object();
};

}  // namespace otpgate::ctl

#endif  // OTPGATE_CLIENTS_CTL_OUTPUT_H_
