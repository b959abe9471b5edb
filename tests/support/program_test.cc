#include "tests/support/program.h"

#include <gtest/gtest.h>

namespace otpgate::support {
namespace {

TEST(ProgramTest, GivesOutputsAndExitCode) {
  const ProgramResult result = RunProgram({"/bin/sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_EQ(result.exit_code, 7);
}

TEST(ProgramTest, ASignalIsTold) {
  EXPECT_EQ(RunProgram({"/bin/sh", "-c", "kill -KILL $$"}).exit_code, 128 + 9);
}

TEST(ProgramTest, InputEnvironmentAndFolderReachIt) {
  const ProgramResult result =
      RunProgram({"/bin/sh", "-c", "cat; echo $OTPGATE_TEST_X; pwd; test -t 0 || echo pipe"},
                 {.environment = {{"OTPGATE_TEST_X", "y"}}, .input = "in\n", .folder = "/"});
  EXPECT_EQ(result.out, "in\ny\n/\npipe\n");
}

TEST(ProgramTest, ATerminalIsATerminal) {
  const ProgramResult result =
      RunProgram({"/bin/sh", "-c", "test -t 0 && read -r line && echo \"got $line\""},
                 {.input = "word\n", .terminal = true});
  EXPECT_EQ(result.out, "got word\n");
}

TEST(ProgramTest, LargeOutputsOfBothKindsDoNotBlock) {
  const ProgramResult result =
      RunProgram({"/bin/sh", "-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero"});
  EXPECT_EQ(result.out.size(), 300000u);
  EXPECT_EQ(result.err.size(), 300000u);
}

}  // namespace
}  // namespace otpgate::support
