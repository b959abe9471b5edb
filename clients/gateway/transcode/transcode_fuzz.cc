// Fuzz target of the transcoder: whatever comes in, it neither crashes nor lets protobuf's lenient
// parser see what it would read otherwise.
//
// An input is the request line, the Content-Type and the body, each ended by "\n" but the last:
// "POST /v1/tokens:revoke?x=1\napplication/json\n{}". deploy/test runs it, and, without libFuzzer,
// transcode_fuzz_test.

#include <google/protobuf/util/field_comparator.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "clients/gateway/transcode/error_body.h"
#include "clients/gateway/transcode/media_type.h"
#include "clients/gateway/transcode/reply.h"
#include "clients/gateway/transcode/strict_json.h"
#include "clients/gateway/transcode/test_library.h"
#include "clients/gateway/transcode/transcoder.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::Message;

using HeadAndRest = std::pair<absl::string_view, absl::string_view>;

RestRequest RequestOf(absl::string_view input) {
  const HeadAndRest line = absl::StrSplit(input, absl::MaxSplits('\n', 1));
  const HeadAndRest type = absl::StrSplit(line.second, absl::MaxSplits('\n', 1));
  const HeadAndRest words = absl::StrSplit(line.first, absl::MaxSplits(' ', 1));
  const HeadAndRest target = absl::StrSplit(words.second, absl::MaxSplits('?', 1));
  return {words.first, target.first, target.second, type.first, type.second};
}

const Transcoder& FuzzedTranscoder() {
  static const auto* transcoder = new Transcoder(*Transcoder::Create(TestServices()));
  return *transcoder;
}

// The JSON of an accepted message is accepted too, and means the same.
void CheckRoundTrip(const Message& message) {
  const absl::StatusOr<std::string> json = RenderReply(message, Binding());
  if (!json.ok()) return;  // a timestamp out of range
  OTPGATE_CHECK(CheckJson(*json, *message.GetDescriptor()).empty());
  std::unique_ptr<Message> again(message.New());
  OTPGATE_CHECK(google::protobuf::util::JsonStringToMessage(*json, again.get()).ok());
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_field_comparator(&comparator);
  // protobuf reads "-0" as the integer 0, and a field with 0 as one that is not there.
  if (absl::StrContains(*json, ":-0")) {
    differencer.set_message_field_comparison(
        google::protobuf::util::MessageDifferencer::EQUIVALENT);
  }
  OTPGATE_CHECK(differencer.Compare(message, *again));
}

void CheckError(const Rejection& rejection, absl::string_view accept) {
  OTPGATE_CHECK(rejection.http_status != 400 || !rejection.violations.empty());
  OTPGATE_CHECK(rejection.violations.size() <= kMaxViolations);
  const HttpError error = ErrorOf(rejection, {.problem_json = PrefersProblemJson(accept)});
  OTPGATE_CHECK(error.status == rejection.http_status && !error.body.empty());
}

// Text within the strings of Timestamp, Duration and FieldMask is left to protobuf.
bool HasTextOfItsOwn(absl::string_view json) {
  for (absl::string_view name : {"time", "duration", "mask", "\\u"}) {
    if (absl::StrContains(json, name)) return true;
  }
  return false;
}

// What the scan accepts, protobuf parses.
void CheckScan(absl::string_view text) {
  gateway_test::Everything message;
  if (!CheckJson(text, *gateway_test::Everything::descriptor()).empty()) return;
  const bool parsed = google::protobuf::util::JsonStringToMessage(std::string(text), &message).ok();
  OTPGATE_CHECK(parsed || HasTextOfItsOwn(text));
}

void CheckInput(absl::string_view input) {
  const RestRequest request = RequestOf(input);
  const auto result = FuzzedTranscoder().Transcode(request);
  if (const auto* rpc = std::get_if<RpcRequest>(&result)) {
    OTPGATE_CHECK(rpc->message->IsInitialized());
    CheckRoundTrip(*rpc->message);
  } else {
    CheckError(std::get<Rejection>(result), request.content_type.value_or(""));
  }
  CheckScan(request.body);
  (void)ErrorOf(RpcError{static_cast<int>(request.body.size() % 20), request.path, request.body},
                {.problem_json = true});
}

}  // namespace
}  // namespace otpgate::gateway

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  otpgate::gateway::CheckInput({reinterpret_cast<const char*>(data), size});
  return 0;
}
