#include "clients/gateway/http/tls_contexts.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "base/crypto/certificate.h"
#include "base/status_macros.h"

namespace otpgate::gateway {
namespace {

constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2; all of 1.3 are good
constexpr unsigned char kAlpn[] = "\x08http/1.1";

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using PemText = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

PemText Reading(const std::string& text) {
  return PemText(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// An empty passphrase, so that OpenSSL does not ask for one on the terminal.
char* EmptyPassphrase() {
  static char none[] = "";
  return none;
}

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* match = nullptr;
  const int result =
      SSL_select_next_proto(&match, size, kAlpn, sizeof kAlpn - 1, offered, offered_size);
  *chosen = match;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool Configure(SSL_CTX* context) {
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1;
}

bool UseChain(SSL_CTX* context, const std::string& chain) {
  const PemText text = Reading(chain);
  const Certificate own(PEM_read_bio_X509(text.get(), nullptr, nullptr, EmptyPassphrase()));
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  while (Certificate next{PEM_read_bio_X509(text.get(), nullptr, nullptr, EmptyPassphrase())}) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return false;
  }
  return true;
}

bool UseKey(SSL_CTX* context, const std::string& key) {
  const Key own(PEM_read_bio_PrivateKey(Reading(key).get(), nullptr, nullptr, EmptyPassphrase()));
  return own != nullptr && SSL_CTX_use_PrivateKey(context, own.get()) == 1 &&
         SSL_CTX_check_private_key(context) == 1;
}

}  // namespace

absl::StatusOr<SslContext> NewSslContext(const TlsIdentity& identity) {
  OTPGATE_RETURN_IF_ERROR(
      crypto::CheckServerPair(identity.chain, identity.key, absl::Now()).status());
  SslContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  const bool usable = context != nullptr && Configure(context.get()) &&
                      UseChain(context.get(), identity.chain) &&
                      UseKey(context.get(), identity.key);
  ERR_clear_error();  // the end of the chain is an error too
  if (!usable) return absl::InvalidArgumentError("TLS cannot use the certificate and its key");
  return context;
}

absl::StatusOr<std::unique_ptr<TlsContexts>> TlsContexts::Open(const TlsSource* source) {
  std::unique_ptr<TlsContexts> contexts(new TlsContexts(source));
  const absl::MutexLock lock(&contexts->mu_);
  OTPGATE_RETURN_IF_ERROR(contexts->LookAgain());
  return contexts;
}

SslContext TlsContexts::Newest() {
  const absl::MutexLock lock(&mu_);
  if (!LookAgain().ok()) refused_.fetch_add(1, std::memory_order_relaxed);
  return context_;
}

absl::Status TlsContexts::LookAgain() {
  std::shared_ptr<const TlsIdentity> current = source_.Current();
  if (current == seen_) return absl::OkStatus();
  seen_ = std::move(current);
  OTPGATE_ASSIGN_OR_RETURN(context_, NewSslContext(*seen_));
  return absl::OkStatus();
}

}  // namespace otpgate::gateway
