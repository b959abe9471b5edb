#ifndef OTPGATE_SERVER_RPC_TLS_STORE_H_
#define OTPGATE_SERVER_RPC_TLS_STORE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/log.h"
#include "server/rpc/tls_files.h"
#include "server/runtime/repeater.h"

namespace otpgate::rpc {

// The certificate of a server, kept up to date with its files.
//
// Once Watch is called, it compares the content of the files every second, so it does not matter
// how they are replaced: in place, by rename, or all at once by a symbolic link to another
// directory. New files are used if they are valid (event TLS_CERTIFICATE); otherwise the problem is
// logged once (TLS_FILES_REFUSED), and the old ones stay in use. Thread-safe.
class TlsStore {
 public:
  // Reads the files. `clock` and `log` outlive the store.
  //   INVALID_ARGUMENT, NOT_FOUND  they cannot be used
  static absl::StatusOr<std::unique_ptr<TlsStore>> Open(const TlsOptions& options,
                                                        const Clock* clock, Log* log);

  const TlsOptions& options() const { return options_; }

  // Never null. Equal pointers: nothing has changed.
  std::shared_ptr<const TlsTexts> current() const ABSL_LOCKS_EXCLUDED(mu_);

  // Starts to check the files, on a thread of its own. Call once.
  void Watch();
  // Checks the files once; for Watch and for tests. Not on two threads at once.
  void CheckFiles() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  TlsStore(const TlsOptions& options, const Clock* clock, Log* log)
      : options_(options), clock_(*clock), log_(*log) {}

  void Use(LoadedTls loaded) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status ReloadIfChanged() ABSL_LOCKS_EXCLUDED(mu_);

  const TlsOptions options_;
  const Clock& clock_;
  Log& log_;
  std::string problem_;  // the last one that was logged
  mutable absl::Mutex mu_;
  std::shared_ptr<const TlsTexts> current_ ABSL_GUARDED_BY(mu_);
  std::unique_ptr<runtime::Repeater> repeater_;  // the last member: it uses the others
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_TLS_STORE_H_
