#include "tests/support/certificates.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "tests/support/program.h"

namespace otpgate::support {
namespace {

namespace fs = std::filesystem;

std::string Read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Openssl(std::vector<std::string> args) {
  args.insert(args.begin(), OTPGATE_OPENSSL);
  OTPGATE_CHECK(RunProgram(args).exit_code == 0);
}

// A new key and its certificate, as NAME.key and NAME.crt.
void MakePair(const TempFolder& folder, const std::string& name,
              const std::vector<std::string>& more) {
  std::vector<std::string> args = {"req",
                                   "-x509",
                                   "-config",
                                   folder.Path("req.cnf"),
                                   "-newkey",
                                   "ec",
                                   "-pkeyopt",
                                   "ec_paramgen_curve:P-256",
                                   "-nodes",
                                   "-days",
                                   "1",
                                   "-subj",
                                   absl::StrCat("/CN=", name),
                                   "-keyout",
                                   folder.Path(name + ".key"),
                                   "-out",
                                   folder.Path(name + ".crt")};
  args.insert(args.end(), more.begin(), more.end());
  Openssl(std::move(args));
}

}  // namespace

CertificateAuthority::CertificateAuthority() {
  folder_.Write("req.cnf", "[req]\ndistinguished_name = dn\n[dn]\n");
  MakePair(folder_, "ca", {"-addext", "basicConstraints=critical,CA:TRUE"});
  pem_ = Read(folder_.Path("ca.crt"));
}

CertifiedKey CertificateAuthority::Issue(const std::string& names) const {
  MakePair(folder_, "leaf",
           {"-CA", folder_.Path("ca.crt"), "-CAkey", folder_.Path("ca.key"), "-addext",
            "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=" + names});
  return {Read(folder_.Path("leaf.crt")), Read(folder_.Path("leaf.key"))};
}

std::string Encrypted(const std::string& key) {
  const TempFolder folder;
  Openssl({"pkcs8", "-topk8", "-in", folder.Write("plain", key), "-out", folder.Path("locked"),
           "-passout", "pass:secret"});
  return Read(folder.Path("locked"));
}

// At security level 0 the client itself offers every version.
std::string ShakeHands(int port, const std::string& version) {
  const ProgramResult result =
      RunProgram({OTPGATE_OPENSSL, "s_client", "-connect", absl::StrCat("127.0.0.1:", port),
                  "-alpn", "h2", "-brief", "-cipher", "DEFAULT:@SECLEVEL=0", version});
  return absl::StrCat(result.out, result.err);
}

MountedSecret::MountedSecret(const CertifiedKey& own, const std::string& roots) {
  fs::create_directory(path());
  Replace(own, roots);
  for (const char* name : {"tls.crt", "tls.key", "ca.crt"}) {
    fs::create_symlink(fs::path("..data") / name, fs::path(path()) / name);
  }
}

void MountedSecret::Replace(const CertifiedKey& own, const std::string& roots) {
  const std::string version = absl::StrCat("mounted/..", ++version_);
  fs::create_directory(folder_.Path(version));
  folder_.Write(version + "/tls.crt", own.chain);
  folder_.Write(version + "/tls.key", own.key);
  folder_.Write(version + "/ca.crt", roots);
  fs::create_symlink(absl::StrCat("..", version_), folder_.Path("mounted/..next"));
  fs::rename(folder_.Path("mounted/..next"), folder_.Path("mounted/..data"));
}

}  // namespace otpgate::support
