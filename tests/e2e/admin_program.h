#ifndef OTPGATE_TESTS_E2E_ADMIN_PROGRAM_H_
#define OTPGATE_TESTS_E2E_ADMIN_PROGRAM_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/deployment.h"
#include "tests/support/program.h"

namespace otpgate::e2e {

// Runs otpgatectl on the database of a deployment. Needs the macro OTPGATECTL, the path of it.
class AdminProgram {
 public:
  // `deployment` must outlive this object.
  explicit AdminProgram(const Deployment& deployment) : deployment_(deployment) {}

  // Runs a command, without confirmation, and returns its JSON output. An error fails the test.
  std::string Run(std::vector<std::string> args) const {
    args.insert(args.begin(), OTPGATECTL);
    args.insert(args.end(), {"--json", "--database",
                             deployment_.database().Socket(support::PgRole::kSuperuser)});
    const support::ProgramResult result = support::RunProgram(args);
    EXPECT_EQ(result.exit_code, 0) << args[1] << ' ' << args[2] << result.out << result.err;
    return result.out;
  }

 private:
  const Deployment& deployment_;
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_ADMIN_PROGRAM_H_
