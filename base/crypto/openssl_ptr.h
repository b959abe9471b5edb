#ifndef OTPGATE_BASE_CRYPTO_OPENSSL_PTR_H_
#define OTPGATE_BASE_CRYPTO_OPENSSL_PTR_H_

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace otpgate::crypto {

template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

// Owning pointers to OpenSSL objects. Only for .cc files of this folder and for p256.h: the public
// headers show no OpenSSL type.
using BignumPtr = std::unique_ptr<BIGNUM, OpensslFree<BN_free>>;
using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, OpensslFree<ECDSA_SIG_free>>;
using CipherCtxPtr = std::unique_ptr<EVP_CIPHER_CTX, OpensslFree<EVP_CIPHER_CTX_free>>;
using MacCtxPtr = std::unique_ptr<EVP_MAC_CTX, OpensslFree<EVP_MAC_CTX_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslFree<PKCS8_PRIV_KEY_INFO_free>>;

// Removes the errors that OpenSSL queues on this thread while the guard lives. Use it for calls
// that may fail on input: the next TLS call of the thread would take errors left there for its own.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard() { ERR_set_mark(); }
  ~ErrorQueueGuard() { ERR_pop_to_mark(); }
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
};

// OpenSSL takes and gives bytes as unsigned char.
inline const unsigned char* Bytes(const char* data) {
  return reinterpret_cast<const unsigned char*>(data);
}
inline unsigned char* Bytes(char* data) { return reinterpret_cast<unsigned char*>(data); }

}  // namespace otpgate::crypto

#endif  // OTPGATE_BASE_CRYPTO_OPENSSL_PTR_H_
