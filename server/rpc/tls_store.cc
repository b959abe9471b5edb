#include "server/rpc/tls_store.h"

#include <utility>

#include "absl/time/time.h"
#include "base/status_macros.h"

namespace otpgate::rpc {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

const char* ModeName(ClientCertificates mode) {
  switch (mode) {
    case ClientCertificates::kOff:
      return "off";
    case ClientCertificates::kOptional:
      return "optional";
    case ClientCertificates::kRequired:
      return "required";
  }
  return "";
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsStore>> TlsStore::Open(const TlsOptions& options,
                                                         const Clock* clock, Log* log) {
  std::unique_ptr<TlsStore> store(new TlsStore(options, clock, log));
  OTPGATE_ASSIGN_OR_RETURN(LoadedTls loaded, LoadTls(options, clock->Now()));
  store->Use(std::move(loaded));
  return store;
}

std::shared_ptr<const TlsTexts> TlsStore::current() const {
  absl::MutexLock lock(&mu_);
  return current_;
}

void TlsStore::Watch() {
  repeater_ = std::make_unique<runtime::Repeater>(kInterval, [this] { CheckFiles(); });
}

void TlsStore::CheckFiles() {
  const absl::Status status = ReloadIfChanged();
  if (!status.ok() && problem_ != status.message()) {
    log_.Error("TLS_FILES_REFUSED", {{"problem", status.message()}});
  }
  problem_ = std::string(status.message());
}

absl::Status TlsStore::ReloadIfChanged() {
  OTPGATE_ASSIGN_OR_RETURN(TlsTexts texts, ReadTls(options_));
  if (texts == *current()) return absl::OkStatus();
  // The files are read twice, because they may be replaced in between, so that a new certificate
  // comes with the old key.
  OTPGATE_ASSIGN_OR_RETURN(const TlsTexts again, ReadTls(options_));
  if (texts != again) return absl::OkStatus();
  OTPGATE_ASSIGN_OR_RETURN(TlsFacts facts, CheckTls(options_, texts, clock_.Now()));
  Use({std::move(texts), std::move(facts)});
  return absl::OkStatus();
}

void TlsStore::Use(LoadedTls loaded) {
  const TlsFacts facts = std::move(loaded.facts);
  auto next = std::make_shared<const TlsTexts>(std::move(loaded.texts));
  {
    absl::MutexLock lock(&mu_);
    current_ = std::move(next);
  }
  log_.Info("TLS_CERTIFICATE",
            {{"expires", absl::FormatTime(absl::RFC3339_sec, facts.expires, absl::UTCTimeZone())},
             {"sha256", facts.sha256},
             {"client_certificates", ModeName(options_.client_certificates)}});
}

}  // namespace otpgate::rpc
