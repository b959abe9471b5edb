#include "clients/gateway/http/chunks.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace otpgate::gateway {
namespace {

constexpr int kMostSizeDigits = 8;

size_t HexDigit(char c) {
  return absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
}

}  // namespace

BodyState ChunkDecoder::Feed(absl::string_view& bytes, std::string& body) {
  while (!bytes.empty()) {
    if (expects_ == Expects::kData) {
      TakeData(bytes, body);
      continue;
    }
    const char c = bytes.front();
    bytes.remove_prefix(1);
    const BodyState state = TakeByte(c, body.size());
    if (state != BodyState::kMore) return state;
  }
  return BodyState::kMore;
}

BodyState ChunkDecoder::TakeData(absl::string_view& bytes, std::string& body) {
  const absl::string_view data = bytes.substr(0, left_);
  body.append(data.data(), data.size());
  bytes.remove_prefix(data.size());
  left_ -= data.size();
  if (left_ == 0) expects_ = Expects::kDataCr;
  return BodyState::kMore;
}

BodyState ChunkDecoder::TakeByte(char c, size_t body_size) {
  switch (expects_) {
    case Expects::kSize:
      return TakeSizeDigit(c);
    case Expects::kSizeLf:
      return c == '\n' ? BeginChunk(body_size) : BodyState::kMalformed;
    case Expects::kDataCr:
      return Match(c, '\r', Expects::kDataLf);
    case Expects::kDataLf:
      return Match(c, '\n', Expects::kSize);
    case Expects::kEndCr:
      return Match(c, '\r', Expects::kEndLf);
    case Expects::kEndLf:
      return c == '\n' ? BodyState::kDone : BodyState::kMalformed;
    case Expects::kData:
      break;
  }
  return BodyState::kMalformed;
}

BodyState ChunkDecoder::TakeSizeDigit(char c) {
  if (digits_ > 0 && c == '\r') {
    expects_ = Expects::kSizeLf;
    return BodyState::kMore;
  }
  if (!absl::ascii_isxdigit(c) || ++digits_ > kMostSizeDigits) return BodyState::kMalformed;
  left_ = left_ * 16 + HexDigit(c);
  return BodyState::kMore;
}

BodyState ChunkDecoder::BeginChunk(size_t body_size) {
  digits_ = 0;
  expects_ = left_ == 0 ? Expects::kEndCr : Expects::kData;
  return left_ > max_body_ - body_size ? BodyState::kTooLong : BodyState::kMore;
}

BodyState ChunkDecoder::Match(char c, char wanted, Expects next) {
  if (c != wanted) return BodyState::kMalformed;
  expects_ = next;
  return BodyState::kMore;
}

}  // namespace otpgate::gateway
