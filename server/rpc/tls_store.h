#ifndef OTPGATE_SERVER_RPC_TLS_STORE_H_
#define OTPGATE_SERVER_RPC_TLS_STORE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/tls_files.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/repeater.h"

namespace otpgate {

// The certificate a server serves with, kept up to date with its files.
//
// Once a second it looks whether the files changed; by content, so it does not matter how they are
// replaced: in place, by rename, or all at once by a symbolic link to another directory. What can
// serve is taken over (event TLS_CERTIFICATE); anything else is logged once (TLS_FILES_REFUSED) and
// what was in use stays so. Thread-safe.
class TlsStore {
 public:
  // Reads the files. `clock` and `log` outlive the store.
  //   INVALID_ARGUMENT, NOT_FOUND  they cannot be used
  static absl::StatusOr<std::unique_ptr<TlsStore>> Open(const TlsOptions& options,
                                                        const Clock* clock, Log* log);

  const TlsOptions& options() const { return options_; }

  // Never null. Equal pointers: nothing has changed.
  std::shared_ptr<const TlsTexts> current() const ABSL_LOCKS_EXCLUDED(mu_);

  // Begins to look at the files, on a thread of its own; call it once.
  void Watch();
  // One look, for Watch and for tests; not on two threads at once.
  void Look() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  TlsStore(const TlsOptions& options, const Clock* clock, Log* log)
      : options_(options), clock_(*clock), log_(*log) {}

  void Use(LoadedTls loaded) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status TakeOverIfChanged() ABSL_LOCKS_EXCLUDED(mu_);

  const TlsOptions options_;
  const Clock& clock_;
  Log& log_;
  std::string problem_;  // the last one that was logged
  mutable absl::Mutex mu_;
  std::shared_ptr<const TlsTexts> current_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<Repeater> repeater_;  // the last member: it uses the others
};

}  // namespace otpgate

#endif  // OTPGATE_SERVER_RPC_TLS_STORE_H_
