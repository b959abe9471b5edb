#ifndef OTPGATE_TESTS_E2E_CALLER_FILES_H_
#define OTPGATE_TESTS_E2E_CALLER_FILES_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/support/program.h"
#include "tests/support/temp_folder.h"

namespace otpgate::e2e {

// Configuration of a server with calling services and their secrets.
class CallerFiles {
 public:
  struct Caller {
    std::string id;
    bool may_forward_client_ip = false;
    std::string methods = "otpgate.v1.AuthService/*";
  };

  explicit CallerFiles(const std::vector<Caller>& callers) {
    std::string text;
    for (const Caller& caller : callers) {
      const std::string mac =
          folder_.Write(caller.id + ".mac", MacOf(caller.id, SecretOf(caller.id)));
      absl::StrAppend(&text, "[[clients]]\nid = \"", caller.id, "\"\nsecret_mac_file = \"", mac,
                      "\"\nmethods = [\"", caller.methods, "\"]\nmay_forward_client_ip = ",
                      caller.may_forward_client_ip ? "true" : "false", "\n");
    }
    folder_.Write("otpgate.toml", text);
  }

  // The flag of the server.
  std::string Flag() const { return "--config=" + folder_.Path("otpgate.toml"); }

  static std::string SecretOf(const std::string& id) {
    return id + "-secret-of-at-least-thirty-two-bytes";
  }
  // The header x-otpgate-client-authorization.
  static std::string HeaderOf(const std::string& id, const std::string& secret) {
    return "Basic " + absl::Base64Escape(absl::StrCat(id, ":", secret));
  }
  static std::string HeaderOf(const std::string& id) { return HeaderOf(id, SecretOf(id)); }

 private:
  static std::string MacOf(const std::string& id, const std::string& secret) {
    const support::ProgramResult mac = support::RunProgram(
        {"/usr/bin/openssl", "dgst", "-sha256", "-hmac", id}, {.input = secret});
    EXPECT_EQ(mac.exit_code, 0) << mac.err;
    return mac.out;
  }

  const support::TempFolder folder_;
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_CALLER_FILES_H_
