#ifndef OTPGATE_SERVER_DOMAIN_BUCKET_LIMIT_H_
#define OTPGATE_SERVER_DOMAIN_BUCKET_LIMIT_H_

#include "absl/time/time.h"

namespace otpgate::domain {

// The generic cell rate algorithm (ITU-T I.371, virtual scheduling): `burst` calls at once, then
// one per `interval`. A refused call changes nothing, so traffic cannot make the wait longer.
struct BucketLimit {
  absl::Duration interval = absl::Seconds(6);
  int burst = 20;
};

}  // namespace otpgate::domain

#endif  // OTPGATE_SERVER_DOMAIN_BUCKET_LIMIT_H_
