#include "tests/simulation/call.h"

#include <cstring>

namespace otpgate::simulation {

AuditId AuditIdOf(CallId call) {
  std::string bytes(AuditId::kBytes, 'a');
  std::memcpy(bytes.data() + AuditId::kBytes - sizeof call, &call, sizeof call);
  return AuditId{bytes};
}

CallId CallOf(const AuditId& id) {
  CallId call = 0;
  std::memcpy(&call, id.bytes.data() + AuditId::kBytes - sizeof call, sizeof call);
  return call;
}

}  // namespace otpgate::simulation
