#ifndef OTPGATE_CLIENTS_GATEWAY_MARKED_FIELD_H_
#define OTPGATE_CLIENTS_GATEWAY_MARKED_FIELD_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace otpgate::gateway {

// The first field of a message that has a mark of options.proto, such as v1::session_cookie; null:
// there is none. Thread-safe.
template <class Mark>
const google::protobuf::FieldDescriptor* FindMarked(const google::protobuf::Descriptor& type,
                                                    const Mark& mark) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->options().GetExtension(mark)) return type.field(i);
  }
  return nullptr;
}

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_MARKED_FIELD_H_
