#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_BODY_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_BODY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "clients/gateway/http/chunks.h"
#include "clients/gateway/http/head.h"

namespace otpgate::gateway {

// Reads the body of one request, by Content-Length or in chunks. Not thread-safe.
class BodyReader {
 public:
  BodyReader(const HeadFacts& facts, size_t max_body);

  // Takes what belongs to the body off the front of `in`. Not after another state than kMore.
  BodyState Feed(std::string& in);

  // What has been read. Takes it away.
  std::string Take() { return std::move(body_); }

 private:
  std::string body_;
  uint64_t left_;                       // of Content-Length
  std::optional<ChunkDecoder> chunks_;  // with chunks only
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_BODY_H_
