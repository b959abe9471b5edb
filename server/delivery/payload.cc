#include "server/delivery/payload.h"

#include <memory>

#include "base/crypto/packing.h"

namespace otpgate::delivery {
namespace {

std::string Pack(const Payload& payload) {
  std::string out;
  crypto::AppendShort(out, payload.code);
  crypto::AppendShort(out, payload.locale);
  return out;
}

std::optional<Payload> Unpack(absl::string_view bytes) {
  crypto::Unpacker in(bytes);
  const std::optional<absl::string_view> code = in.TakeShort();
  const std::optional<absl::string_view> locale = in.TakeShort();
  if (!code || !locale || !in.rest().empty()) return std::nullopt;
  return Payload{.code = std::string(*code), .locale = std::string(*locale)};
}

std::string Aad(const MessageBinding& binding) {
  std::string out;
  crypto::AppendShort(out, binding.id.bytes);
  crypto::AppendShort(out, binding.subject.identifier);
  crypto::AppendShort(out, NameOf(binding.subject.user_type));
  crypto::AppendShort(out, NameOf(binding.purpose));
  return out;
}

}  // namespace

MessageSealer::MessageSealer(const keys::Keyring& master, Random* random) : random_(random) {
  UseKeys(master);
}

void MessageSealer::UseKeys(const keys::Keyring& master) {
  sealer_.Set(std::make_shared<const keys::Sealer>(master, "outbox message"));
}

std::string MessageSealer::Seal(const MessageBinding& binding, const Payload& payload) const {
  return sealer_.Get()->Seal(*random_, Pack(payload), Aad(binding));
}

std::optional<Payload> MessageSealer::Open(const MessageBinding& binding,
                                           absl::string_view sealed) const {
  const std::optional<crypto::Secret> opened = sealer_.Get()->Open(sealed, Aad(binding));
  if (!opened) return std::nullopt;
  return Unpack(opened->Reveal());
}

}  // namespace otpgate::delivery
