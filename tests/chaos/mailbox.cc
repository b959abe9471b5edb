#include "tests/chaos/mailbox.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"

namespace otpgate::chaos {

std::string Mailbox::CodeOf(const std::string& person) {
  absl::MutexLock lock(&mu_);
  ReadOn();
  const auto found = codes_.find(person);
  return found == codes_.end() ? std::string() : found->second;
}

std::set<std::string> Mailbox::Ids() {
  absl::MutexLock lock(&mu_);
  ReadOn();
  return ids_;
}

// Skips a line without its end: it is still being written, or its server was killed.
void Mailbox::ReadOn() {
  std::ifstream in(path_);
  in.seekg(read_);
  std::string line;
  while (std::getline(in, line) && !in.eof()) {
    read_ += static_cast<std::streamoff>(line.size()) + 1;
    const nlohmann::json message = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!message.is_object()) continue;
    std::string id;
    absl::WebSafeBase64Unescape(message["id"].get<std::string>(), &id);
    ids_.insert(absl::BytesToHexString(id));
    codes_[message["to"].get<std::string>()] = message["code"].get<std::string>();
  }
}

}  // namespace otpgate::chaos
