#ifndef OTPGATE_CLIENTS_GATEWAY_TLS_FILES_H_
#define OTPGATE_CLIENTS_GATEWAY_TLS_FILES_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clients/gateway/http/tls_source.h"

namespace otpgate::gateway {

// The certificate of the gateway from two PEM files. Thread-safe.
class TlsFiles final : public TlsSource {
 public:
  // NOT_FOUND, PERMISSION_DENIED  a file cannot be read
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(std::string chain_file,
                                                        std::string key_file);

  // Reads the files again; new content is used from the next connection on. After an error what
  // was read before stays in use.
  absl::Status Reload() ABSL_LOCKS_EXCLUDED(mu_);

  std::shared_ptr<const TlsIdentity> Current() const override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  TlsFiles(std::string chain_file, std::string key_file);

  const std::string chain_file_;
  const std::string key_file_;
  mutable absl::Mutex mu_;
  std::shared_ptr<const TlsIdentity> current_ ABSL_GUARDED_BY(mu_);
};

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TLS_FILES_H_
