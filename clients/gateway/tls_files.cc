#include "clients/gateway/tls_files.h"

#include <utility>

#include "base/status_macros.h"
#include "base/text_file.h"

namespace otpgate::gateway {

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Open(std::string chain_file,
                                                         std::string key_file) {
  std::unique_ptr<TlsFiles> files(new TlsFiles(std::move(chain_file), std::move(key_file)));
  OTPGATE_RETURN_IF_ERROR(files->Reload());
  return files;
}

TlsFiles::TlsFiles(std::string chain_file, std::string key_file)
    : chain_file_(std::move(chain_file)), key_file_(std::move(key_file)) {}

absl::Status TlsFiles::Reload() {
  TlsIdentity read;
  OTPGATE_ASSIGN_OR_RETURN(read.chain, ReadTextFile(chain_file_));
  OTPGATE_ASSIGN_OR_RETURN(read.key, ReadTextFile(key_file_));
  const absl::MutexLock lock(&mu_);
  const bool same =
      current_ != nullptr && current_->chain == read.chain && current_->key == read.key;
  if (!same) current_ = std::make_shared<const TlsIdentity>(std::move(read));
  return absl::OkStatus();
}

std::shared_ptr<const TlsIdentity> TlsFiles::Current() const {
  const absl::MutexLock lock(&mu_);
  return current_;
}

}  // namespace otpgate::gateway
