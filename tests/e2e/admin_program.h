#ifndef OTPGATE_TESTS_E2E_ADMIN_PROGRAM_H_
#define OTPGATE_TESTS_E2E_ADMIN_PROGRAM_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/deployment.h"
#include "tests/support/program.h"

namespace otpgate::testing {

// otpgatectl beside a deployment. The test that includes this defines OTPGATECTL, its path.
class AdminProgram {
 public:
  // Must not outlive the deployment.
  explicit AdminProgram(const Deployment& deployment) : deployment_(deployment) {}

  // Nobody is asked; a failure of the program fails the test. What it printed, as JSON.
  std::string Run(std::vector<std::string> args) const {
    args.insert(args.begin(), OTPGATECTL);
    args.insert(args.end(),
                {"--json", "--database", deployment_.database().Socket(PgRole::kSuperuser)});
    const ProgramResult result = RunProgram(args);
    EXPECT_EQ(result.exit_code, 0) << args[1] << ' ' << args[2] << result.out << result.err;
    return result.out;
  }

 private:
  const Deployment& deployment_;
};

}  // namespace otpgate::testing

#endif  // OTPGATE_TESTS_E2E_ADMIN_PROGRAM_H_
