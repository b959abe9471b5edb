#include "clients/gateway/http/body.h"

#include <algorithm>

namespace otpgate::gateway {

BodyReader::BodyReader(const HeadFacts& facts, size_t max_body) : left_(facts.content_length) {
  if (facts.chunked) chunks_.emplace(max_body);
}

BodyState BodyReader::Feed(std::string& in) {
  if (chunks_) {
    absl::string_view bytes = in;
    const BodyState state = chunks_->Feed(bytes, body_);
    in.erase(0, in.size() - bytes.size());
    return state;
  }
  const size_t taken = std::min<uint64_t>(left_, in.size());
  body_.append(in, 0, taken);
  in.erase(0, taken);
  left_ -= taken;
  return left_ == 0 ? BodyState::kDone : BodyState::kMore;
}

}  // namespace otpgate::gateway
