#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_CHUNKS_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_CHUNKS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace otpgate::gateway {

// How far a body has been read.
enum class BodyState { kMore, kDone, kMalformed, kTooLong };

// Reads a chunked body (RFC 9112, 7.1) in pieces of any size. Nobody needs chunk extensions and
// trailers, and proxies differ about them: both are malformed here. So are bare CR and LF, and
// sizes of more than eight digits. Not thread-safe.
class ChunkDecoder {
 public:
  // kTooLong as soon as a chunk is announced that ends above `max_body` bytes.
  explicit ChunkDecoder(size_t max_body) : max_body_(max_body) {}

  // Takes bytes off the front of `bytes` up to the end of the body, and appends what is in the
  // chunks to `body`, the same string in every call. Not after another state than kMore.
  BodyState Feed(absl::string_view& bytes, std::string& body);

 private:
  enum class Expects { kSize, kSizeLf, kData, kDataCr, kDataLf, kEndCr, kEndLf };

  BodyState TakeData(absl::string_view& bytes, std::string& body);
  BodyState TakeByte(char c, size_t body_size);
  BodyState TakeSizeDigit(char c);
  BodyState BeginChunk(size_t body_size);
  BodyState Match(char c, char wanted, Expects next);

  const size_t max_body_;
  Expects expects_ = Expects::kSize;
  int digits_ = 0;   // of the size that is being read
  size_t left_ = 0;  // of the chunk, in bytes; its size while that is being read
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_CHUNKS_H_
