// C++ programs that are built with the result of `cmake --install`.
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/install/install_tree.h"

namespace otpgate::install {
namespace {

namespace fs = std::filesystem;

constexpr char kExample[] = OTPGATE_SOURCE_DIR "/clients/examples/cpp/main.cc";

class InstallTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { tree_ = new InstallTree("work"); }
  static void TearDownTestSuite() { delete tree_; }

  // Configures and builds the project in `source`. Returns the folder with its programs.
  static std::string Build(const std::string& source) {
    std::string folder = absl::StrCat(tree_->work(), "/", fs::path(source).filename().string());
    Succeed({OTPGATE_CMAKE, "-S", absl::StrCat(OTPGATE_SOURCE_DIR, "/", source), "-B", folder,
             absl::StrCat("-DCMAKE_PREFIX_PATH=", tree_->prefix()),
             absl::StrCat("-DCMAKE_CXX_COMPILER=", OTPGATE_CXX),
             absl::StrCat("-DCMAKE_CXX_COMPILER_LAUNCHER=", OTPGATE_CCACHE)});
    Succeed({OTPGATE_CMAKE, "--build", folder});
    return folder;
  }

  static InstallTree* tree_;
};
InstallTree* InstallTest::tree_ = nullptr;

TEST_F(InstallTest, EveryHeaderCompilesAlone) {
  const std::string folder = Build("tests/install/consumer");
  e2e::Deployment deployment({.servers = 1});
  const std::string address = absl::StrCat("127.0.0.1:", deployment.server(0).port());
  EXPECT_EQ(Succeed({absl::StrCat(folder, "/stubs_only"), address}), "1 keys\n");
}

TEST_F(InstallTest, ExampleByCmake) {
  ExpectSignsIn({absl::StrCat(Build("clients/examples/cpp"), "/otpgate-example")});
}

TEST_F(InstallTest, ExampleByPkgConfig) {
  const std::string program = absl::StrCat(tree_->work(), "/by-pkg-config");
  // "$@" is the compiler and its flags.
  const std::string compile = R"("$@" $(pkg-config --cflags --libs otpgate))";
  const std::string path = absl::StrCat(tree_->prefix(), "/", OTPGATE_LIBDIR, "/pkgconfig");
  Succeed({"/bin/sh", "-ec", compile, "sh", OTPGATE_CXX, "-std=c++20", "-o", program, kExample},
          {.environment = {{"PKG_CONFIG_PATH", path}}});
  ExpectSignsIn({program});
}

TEST_F(InstallTest, ProtosAreComplete) {
  const std::string share = tree_->share();
  const std::string compiled = absl::StrCat(tree_->work(), "/again.binpb");
  Succeed({OTPGATE_PROTOC, absl::StrCat("-I", share, "/proto"), "--include_imports",
           "--include_source_info", absl::StrCat("--descriptor_set_out=", compiled),
           "otpgate/v1/auth_service.proto"});
  EXPECT_GT(Contents(compiled).size(), 1000U);
  EXPECT_GE(Contents(share + "/otpgate.binpb").size(), Contents(compiled).size());
  EXPECT_TRUE(absl::StrContains(Contents(share + "/openapi.json"), R"("openapi": "3.1.0")"));
  EXPECT_EQ(Contents(share + "/service_config.json"),
            Contents(OTPGATE_SOURCE_DIR "/clients/cpp/service_config.json"));
}

TEST_F(InstallTest, NothingPointsToTheBuild) {
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(tree_->prefix())) {
    if (!entry.is_regular_file() || entry.path().extension() == ".a") continue;
    ++files;
    const std::string text = Contents(entry.path());
    EXPECT_FALSE(absl::StrContains(text, OTPGATE_SOURCE_DIR)) << entry.path();
    EXPECT_FALSE(absl::StrContains(text, "server/")) << entry.path();
  }
  EXPECT_GT(files, 20);
}

// The lines of the snippet occur, in order, in the example, which the tests above build and run.
TEST(Readme, FirstSnippetIsTheExample) {
  const std::vector<std::string> parts =
      absl::StrSplit(Contents(OTPGATE_SOURCE_DIR "/README.md"), "```cpp\n");
  ASSERT_GE(parts.size(), 2U);
  const std::string snippet = parts[1].substr(0, parts[1].find("```"));
  const std::string example = Contents(kExample);
  size_t at = 0;
  int lines = 0;
  for (absl::string_view line : absl::StrSplit(snippet, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    at = example.find(std::string(line), at);
    ASSERT_NE(at, std::string::npos) << line;
    at += line.size();
    ++lines;
  }
  EXPECT_GT(lines, 10);
}

}  // namespace
}  // namespace otpgate::install
