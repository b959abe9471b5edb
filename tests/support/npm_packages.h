#ifndef OTPGATE_TESTS_SUPPORT_NPM_PACKAGES_H_
#define OTPGATE_TESTS_SUPPORT_NPM_PACKAGES_H_

#include <string>

namespace otpgate::support {

// Copies package.json, package-lock.json and .npmrc of `source` to `folder` and installs the packages
// there, unless they are those of the lock file already. `folder` is below the build folder. A
// failure fails the test.
void InstallNpmPackages(const std::string& source, const std::string& folder);

}  // namespace otpgate::support

#endif  // OTPGATE_TESTS_SUPPORT_NPM_PACKAGES_H_
