#ifndef OTPGATE_SERVER_JOBS_HOLDER_H_
#define OTPGATE_SERVER_JOBS_HOLDER_H_

#include <string>

#include "server/runtime/random.h"

namespace otpgate {

// A name for this process in leases, "web-3:4711:9f86d081": for people the host and the process,
// and something random, because containers may share both.
std::string HolderName(Random& random);

}  // namespace otpgate

#endif  // OTPGATE_SERVER_JOBS_HOLDER_H_
