#include "tests/support/framer.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/match.h"

namespace otpgate::support {
namespace {

uint32_t BigEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// Length of the message at the front, and of its header; nullopt: more bytes are needed.
struct Extent {
  size_t size = 0;
  size_t header = 0;
  int type = 0;
};

class BufferedFramer : public Framer {
 public:
  std::vector<ProxyMessage> Add(absl::string_view bytes) final {
    buffer_.append(bytes.data(), bytes.size());
    std::vector<ProxyMessage> messages;
    size_t at = 0;
    for (;;) {
      const absl::string_view rest = absl::string_view(buffer_).substr(at);
      const std::optional<Extent> extent = rest.empty() ? std::nullopt : Measure(rest);
      if (!extent || rest.size() < extent->size) break;
      ProxyMessage& message = messages.emplace_back();
      message.bytes = std::string(rest.substr(0, extent->size));
      message.type = extent->type;
      message.header = extent->header;
      Seen(message);
      at += extent->size;
    }
    buffer_.erase(0, at);
    return messages;
  }

 protected:
  virtual std::optional<Extent> Measure(absl::string_view rest) = 0;
  virtual void Seen(const ProxyMessage&) {}

 private:
  std::string buffer_;
};

class BytesFramer final : public BufferedFramer {
  std::optional<Extent> Measure(absl::string_view rest) override {
    return Extent{rest.size(), 0, 0};
  }
};

class SingleByteFramer final : public BufferedFramer {
  std::optional<Extent> Measure(absl::string_view) override { return Extent{1, 0, 0}; }
};

// A type byte, then a length that includes itself.
std::optional<Extent> MeasurePg(absl::string_view rest) {
  if (rest.size() < 5) return std::nullopt;
  return Extent{1 + size_t{BigEndian(rest.substr(1, 4))}, 5, static_cast<unsigned char>(rest[0])};
}

// The number of requests (SSLRequest) whose one-byte answer, which has no frame, is still due.
using BareAnswers = std::shared_ptr<std::atomic<int>>;

class PgToServer final : public BufferedFramer {
 public:
  explicit PgToServer(BareAnswers bare) : bare_(std::move(bare)) {}

 private:
  static constexpr uint32_t kSslRequest = 80877103;
  static constexpr uint32_t kGssRequest = 80877104;

  std::optional<Extent> Measure(absl::string_view rest) override {
    if (started_) return MeasurePg(rest);
    if (rest.size() < 8) return std::nullopt;
    return Extent{BigEndian(rest.substr(0, 4)), 8, 0};
  }
  void Seen(const ProxyMessage& message) override {
    if (started_) return;
    const uint32_t code = BigEndian(absl::string_view(message.bytes).substr(4, 4));
    if (code == kSslRequest || code == kGssRequest) {
      ++*bare_;
    } else {
      started_ = true;
    }
  }

  const BareAnswers bare_;
  bool started_ = false;
};

class PgToClient final : public BufferedFramer {
 public:
  explicit PgToClient(BareAnswers bare) : bare_(std::move(bare)) {}

 private:
  std::optional<Extent> Measure(absl::string_view rest) override {
    if (*bare_ > 0) return Extent{1, 0, 0};
    return MeasurePg(rest);
  }
  void Seen(const ProxyMessage& message) override {
    if (message.header == 0) --*bare_;
  }

  const BareAnswers bare_;
};

class Http2Framer final : public BufferedFramer {
 public:
  explicit Http2Framer(bool preface) : preface_(preface) {}

 private:
  static constexpr absl::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  static constexpr int kPrefaceType = -1;

  std::optional<Extent> Measure(absl::string_view rest) override {
    if (preface_) return Extent{kPreface.size(), kPreface.size(), kPrefaceType};
    if (rest.size() < 9) return std::nullopt;
    return Extent{9 + size_t{BigEndian(rest.substr(0, 3))}, 9, static_cast<unsigned char>(rest[3])};
  }
  void Seen(const ProxyMessage&) override { preface_ = false; }

  bool preface_;
};

}  // namespace

FramerPair NewFramers(Framing framing) {
  switch (framing) {
    case Framing::kPostgres: {
      const auto bare = std::make_shared<std::atomic<int>>(0);
      return {std::make_unique<PgToServer>(bare), std::make_unique<PgToClient>(bare)};
    }
    case Framing::kHttp2:
      return {std::make_unique<Http2Framer>(true), std::make_unique<Http2Framer>(false)};
    case Framing::kSingleBytes:
      return {std::make_unique<SingleByteFramer>(), std::make_unique<SingleByteFramer>()};
    case Framing::kBytes:
      break;
  }
  return {std::make_unique<BytesFramer>(), std::make_unique<BytesFramer>()};
}

}  // namespace otpgate::support
