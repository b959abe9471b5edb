// A target for libFuzzer: heads and chunks of any bytes. deploy/test runs it, and, without libFuzzer,
// http_head_fuzz_test.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/check.h"
#include "clients/gateway/http/body.h"
#include "clients/gateway/http/head.h"
#include "clients/gateway/http/parse_head.h"

namespace otpgate::gateway {
namespace {

constexpr size_t kMostBody = 64;

// The end of the head is the same when it comes byte by byte. Returns its size; 0: there is none.
size_t FindBothWays(absl::string_view bytes) {
  size_t at_once = 0;
  const HeadEnd end = FindHeadEnd(bytes, at_once);
  size_t scanned = 0;
  HeadEnd stepwise;
  for (size_t size = 0; size <= bytes.size() && stepwise.state == HeadEnd::State::kMore; ++size) {
    stepwise = FindHeadEnd(bytes.substr(0, size), scanned);
  }
  OTPGATE_CHECK(end.state == stepwise.state && end.size == stepwise.size);
  return end.size;
}

// Beast sees the same request as CheckHead.
void CompareWithBeast(absl::string_view head, const HeadFacts& facts) {
  const auto request = ParseHead(head);
  if (!request) {  // only Beast reads this header
    OTPGATE_CHECK(absl::StrContains(absl::AsciiStrToLower(head), "\nproxy-connection:"));
    return;
  }
  OTPGATE_CHECK(absl::StartsWith(head, request->method + " " + request->target + " HTTP/1."));
  OTPGATE_CHECK(request->Count("host") <= 1);
  OTPGATE_CHECK(request->Count("transfer-encoding") == (facts.chunked ? 1 : 0));
  OTPGATE_CHECK(facts.content_length == 0 || request->Count("content-length") == 1);
  size_t lines = 0;
  for (const char c : head) lines += c == '\n';
  OTPGATE_CHECK(request->headers.size() == lines - 2);
}

// A body is the same when it comes byte by byte.
void ReadBothWays(absl::string_view bytes, const HeadFacts& facts) {
  BodyReader at_once(facts, kMostBody);
  std::string in(bytes);
  const BodyState state = at_once.Feed(in);
  BodyReader stepwise(facts, kMostBody);
  std::string rest;
  BodyState stepwise_state = BodyState::kMore;
  for (size_t i = 0; i < bytes.size() && stepwise_state == BodyState::kMore; ++i) {
    rest.push_back(bytes[i]);
    stepwise_state = stepwise.Feed(rest);
  }
  if (!bytes.empty() && stepwise_state != BodyState::kDone) OTPGATE_CHECK(state == stepwise_state);
  const std::string body = at_once.Take();
  OTPGATE_CHECK(body.size() <= kMostBody && body == stepwise.Take());
}

}  // namespace
}  // namespace otpgate::gateway

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace otpgate::gateway;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  ReadBothWays(bytes, {.chunked = true});
  const size_t head_size = FindBothWays(bytes);
  if (head_size == 0) return 0;
  const absl::string_view head = bytes.substr(0, head_size);
  const CheckedHead checked = CheckHead(head, {.max_body = kMostBody});
  const HeadFacts* facts = std::get_if<HeadFacts>(&checked);
  if (facts == nullptr) return 0;
  CompareWithBeast(head, *facts);
  ReadBothWays(bytes.substr(head_size), *facts);
  return 0;
}
