#include "tests/simulation/trace.h"

#include "absl/strings/str_format.h"

namespace otpgate::simulation {

void Trace::Mix(uint64_t value) {
  hash_ = (hash_ ^ value) * 0x9e3779b97f4a7c15;
  hash_ ^= hash_ >> 29;
}

void Trace::Note(absl::Duration at, const char* what, int server, uint64_t call, int64_t detail) {
  Mix(static_cast<uint64_t>(absl::ToInt64Microseconds(at)));
  for (const char* c = what; *c != '\0'; ++c) Mix(static_cast<unsigned char>(*c));
  Mix(static_cast<uint64_t>(server));
  Mix(call);
  Mix(static_cast<uint64_t>(detail));
  ++noted_;
  last_.push_back({at, what, server, call, detail});
  if (last_.size() > kKept) last_.pop_front();
}

std::vector<std::string> Trace::LastSteps() const {
  std::vector<std::string> lines;
  uint64_t number = noted_ - last_.size();
  for (const Step& step : last_) {
    lines.push_back(absl::StrFormat("%6d  %s  server %2d  %-22s call %d  %d", ++number,
                                    absl::FormatDuration(step.at), step.server, step.what,
                                    step.call, step.detail));
  }
  return lines;
}

}  // namespace otpgate::simulation
