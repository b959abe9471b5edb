#include "server/domain/events.h"

#include <iterator>

#include "base/check.h"

namespace otpgate::domain {
namespace {

template <class Label, size_t kSize>
absl::string_view Find(const LabelName<Label> (&names)[kSize], Label label) {
  for (const LabelName<Label>& one : names) {
    if (one.label == label) return one.name;
  }
  return "";
}

OtpFlow FlowOf(const storage::Code& code) {
  if (code.table == storage::CodeTable::kSignupOtps) return OtpFlow::kSignup;
  switch (code.purpose) {
    case storage::Purpose::kLogin:
      return OtpFlow::kLogin;
    case storage::Purpose::kVerifyPhone:
      return OtpFlow::kVerifyPhone;
    case storage::Purpose::kVerifyEmail:
      return OtpFlow::kVerifyEmail;
    case storage::Purpose::kVerification:
      return OtpFlow::kVerification;
  }
  return OtpFlow::kLogin;
}

}  // namespace

absl::string_view NameOf(Event event) { return FactsOf(event).name; }
absl::string_view NameOf(OtpFlow flow) { return Find(kOtpFlows, flow); }
absl::string_view NameOf(OtpStep step) { return Find(kOtpSteps, step); }
absl::string_view NameOf(RefreshOutcome outcome) { return Find(kRefreshOutcomes, outcome); }

Event OtpEvent(const storage::Code& code, OtpStep step) {
  const OtpFlow flow = FlowOf(code);
  for (const EventFacts& facts : kEvents) {
    if (facts.flow == flow && facts.step == step) return facts.event;
  }
  OTPGATE_CHECK(false && "a step that has an event in every flow");
}

}  // namespace otpgate::domain
