#include "server/rpc/tls_files.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/crypto/certificate.h"
#include "base/status_macros.h"
#include "base/text_file.h"

namespace otpgate::rpc {
namespace {

std::string Path(const TlsOptions& options, absl::string_view name) {
  return absl::StrCat(options.directory, "/", name);
}

absl::Status Named(absl::string_view what, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(what, ": ", status.message()));
}

bool AsksClients(const TlsOptions& options) {
  return options.client_certificates != ClientCertificates::kOff;
}

}  // namespace

absl::StatusOr<TlsTexts> ReadTls(const TlsOptions& options) {
  TlsTexts texts;
  OTPGATE_ASSIGN_OR_RETURN(texts.chain, ReadTextFile(Path(options, "tls.crt")));
  OTPGATE_ASSIGN_OR_RETURN(texts.key, ReadTextFile(Path(options, "tls.key")));
  if (AsksClients(options)) {
    OTPGATE_ASSIGN_OR_RETURN(texts.roots, ReadTextFile(Path(options, "ca.crt")));
  }
  return texts;
}

absl::StatusOr<TlsFacts> CheckTls(const TlsOptions& options, const TlsTexts& texts,
                                  absl::Time now) {
  const auto pair = crypto::CheckServerPair(texts.chain, texts.key, now);
  OTPGATE_RETURN_IF_ERROR(Named(Path(options, "tls.crt and tls.key"), pair.status()));
  if (AsksClients(options)) {
    OTPGATE_RETURN_IF_ERROR(Named(Path(options, "ca.crt"), crypto::CheckCertificates(texts.roots)));
  }
  return TlsFacts{pair->expires, pair->sha256};
}

absl::StatusOr<LoadedTls> LoadTls(const TlsOptions& options, absl::Time now) {
  absl::StatusOr<TlsTexts> texts = ReadTls(options);
  OTPGATE_RETURN_IF_ERROR(Named("listen.tls_directory", texts.status()));
  absl::StatusOr<TlsFacts> facts = CheckTls(options, *texts, now);
  OTPGATE_RETURN_IF_ERROR(Named("listen.tls_directory", facts.status()));
  return LoadedTls{*std::move(texts), *std::move(facts)};
}

}  // namespace otpgate::rpc
