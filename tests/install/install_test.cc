// Services that are built against what `cmake --install` leaves, from a folder moved since.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/deployment.h"
#include "tests/support/program.h"

namespace otpgate::testing {
namespace {

namespace fs = std::filesystem;

std::string Contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What it wrote to its standard output; fails the test when it fails.
std::string Succeed(const std::vector<std::string>& argv, ProgramOptions options = {}) {
  const ProgramResult result = RunProgram(argv, options);
  EXPECT_EQ(result.exit_code, 0) << argv[0] << '\n' << result.out << result.err;
  return result.out;
}

class InstallTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    fs::remove_all(kWork);
    const std::string first = absl::StrCat(kWork, "/first");
    Succeed({OTPGATE_CMAKE, "--install", OTPGATE_BUILD_DIR, "--component", "client", "--prefix",
             first});
    fs::rename(first, kPrefix);
  }

  // Configures and builds the project in `source`; the folder with its programs.
  static std::string Build(const std::string& source) {
    const std::string folder = absl::StrCat(kWork, "/", fs::path(source).filename().string());
    Succeed({OTPGATE_CMAKE, "-S", absl::StrCat(OTPGATE_SOURCE_DIR, "/", source), "-B", folder,
             absl::StrCat("-DCMAKE_PREFIX_PATH=", kPrefix),
             absl::StrCat("-DCMAKE_CXX_COMPILER=", OTPGATE_CXX),
             absl::StrCat("-DCMAKE_CXX_COMPILER_LAUNCHER=", OTPGATE_CCACHE)});
    Succeed({OTPGATE_CMAKE, "--build", folder});
    return folder;
  }
  static std::string Address(Deployment& deployment) {
    return absl::StrCat("127.0.0.1:", deployment.server(0).port());
  }
  static void ExpectSignsIn(const std::string& example) {
    Deployment deployment({.servers = 1});
    const std::string out = Succeed({example, Address(deployment), "test@example.com"});
    EXPECT_TRUE(absl::StrContains(out, "signed in as ")) << out;
    EXPECT_TRUE(absl::StrContains(out, "refreshed session ")) << out;
    EXPECT_EQ(deployment.database().Value("SELECT generation FROM sessions"), "1");
  }

  static constexpr char kWork[] = OTPGATE_BUILD_DIR "/tests/install/work";
  static constexpr char kPrefix[] = OTPGATE_BUILD_DIR "/tests/install/work/prefix";
};

TEST_F(InstallTest, EveryHeaderCompilesAlone) {
  const std::string folder = Build("tests/install/consumer");
  Deployment deployment({.servers = 1});
  EXPECT_EQ(Succeed({absl::StrCat(folder, "/stubs_only"), Address(deployment)}), "1 keys\n");
}

TEST_F(InstallTest, ExampleByCmake) {
  ExpectSignsIn(absl::StrCat(Build("clients/examples/cpp"), "/otpgate-example"));
}

TEST_F(InstallTest, ExampleByPkgConfig) {
  const std::string program = absl::StrCat(kWork, "/by-pkg-config");
  // "$@" is the compiler, whose flags are split at blanks.
  const std::string compile = R"("$@" $(pkg-config --cflags --libs otpgate))";
  Succeed({"/bin/sh", "-ec", compile, "sh", OTPGATE_CXX, "-std=c++20", "-o", program,
           OTPGATE_SOURCE_DIR "/clients/examples/cpp/main.cc"},
          {.environment = {
               {"PKG_CONFIG_PATH", absl::StrCat(kPrefix, "/", OTPGATE_LIBDIR, "/pkgconfig")}}});
  ExpectSignsIn(program);
}

TEST_F(InstallTest, ProtosAreComplete) {
  const std::string share = absl::StrCat(kPrefix, "/share/otpgate");
  const std::string compiled = absl::StrCat(kWork, "/again.binpb");
  Succeed({OTPGATE_PROTOC, absl::StrCat("-I", share, "/proto"), "--include_imports",
           "--include_source_info", absl::StrCat("--descriptor_set_out=", compiled),
           "otpgate/v1/auth_service.proto"});
  EXPECT_GT(Contents(compiled).size(), 1000U);
  EXPECT_GE(Contents(share + "/otpgate.binpb").size(), Contents(compiled).size());
  EXPECT_EQ(Contents(share + "/service_config.json"),
            Contents(OTPGATE_SOURCE_DIR "/clients/cpp/service_config.json"));
}

TEST_F(InstallTest, NothingPointsToTheBuild) {
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kPrefix)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".a") continue;
    ++files;
    const std::string text = Contents(entry.path());
    EXPECT_FALSE(absl::StrContains(text, OTPGATE_SOURCE_DIR)) << entry.path();
    EXPECT_FALSE(absl::StrContains(text, "server/")) << entry.path();
  }
  EXPECT_GT(files, 20);
}

}  // namespace
}  // namespace otpgate::testing
