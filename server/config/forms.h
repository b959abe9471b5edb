#ifndef OTPGATE_SERVER_CONFIG_FORMS_H_
#define OTPGATE_SERVER_CONFIG_FORMS_H_

#include "absl/strings/string_view.h"
#include "server/config/field.h"

// The forms of configuration texts.
namespace otpgate::config {

// A path, or nothing.
Form PathForm();

// A literal IP address with a port, IPv6 in brackets, or a unix socket. Names are refused, because
// they can resolve to another address later.
Form ListenAddressForm();

// A listen address that other machines cannot reach: 127.0.0.0/8, [::1] or a unix socket.
Form PlaintextAddressForm();

// A listen address that is no unix socket, or nothing.
Form MetricsAddressForm();

// A libpq connection string (key=value pairs or a postgresql:// URI) without a password, so that it
// may be printed; or nothing.
Form DatabaseUrlForm();

// An audience or issuer of tokens, or a database user: printable ASCII without blanks.
Form TokenNameForm();

// A lower-case host name.
Form HostForm();

// 1 to 30 letters, digits, blanks or .-& , which every SMS alphabet has.
Form BrandForm();

// 1 to 64 characters of [a-z0-9._-], and not the name of a built-in caller.
Form CallerIdForm();

// A subject alternative name of a certificate: a URI with "://", or a lower-case DNS name.
Form SanForm();

// "otpgate.v1.AuthService/VerifyOtp", "otpgate.v1.AuthService/*" or "*".
Form MethodForm();

}  // namespace otpgate::config

#endif  // OTPGATE_SERVER_CONFIG_FORMS_H_
