#include "server/config/describe.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/config/load.h"
#include "tests/support/status_matchers.h"

namespace otpgate::config {
namespace {

std::string DeployFile(const std::string& name) {
  std::ifstream file(std::string(OTPGATE_DEPLOY_FOLDER "/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Removes "# " from lines such as "# ttl = ..." and "# [[clients]]".
std::string Uncommented(const std::string& text) {
  std::string out;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    const bool value = words.size() > 3 && words[0] == "#" && words[2] == "=";
    if (value || absl::StartsWith(line, "# [[")) line.remove_prefix(2);
    absl::StrAppend(&out, line, "\n");
  }
  return out;
}

TEST(ExamplesTest, FilesAreUpToDate) {
  EXPECT_EQ(DeployFile("otpgate.example.toml"), ExampleToml()) << "build config_examples";
  EXPECT_EQ(DeployFile(".env.example"), ExampleEnv()) << "build config_examples";
}

TEST(ExamplesTest, LinesFitAPage) {
  for (const absl::string_view line : absl::StrSplit(ExampleToml() + ExampleEnv(), '\n')) {
    EXPECT_LE(line.size(), 100u) << line;
  }
}

// Each example, once its lines are uncommented, sets exactly the defaults.
TEST(ExamplesTest, TomlHoldsTheDefaultsOfAllKeys) {
  const std::string text = Uncommented(ExampleToml());
  const Settings settings = FromToml(text, "example");
  EXPECT_THAT(settings.problems, ::testing::IsEmpty());
  EXPECT_EQ(settings.values.size(), AllKeys().size());
  for (const Setting& setting : settings.values) {
    EXPECT_EQ(setting.text, FormatValue(setting.key->field, Config())) << setting.key->name;
  }
  ASSERT_EQ(settings.callers.size(), 1u);
  EXPECT_EQ(settings.callers[0].id, "gateway");
}

TEST(ExamplesTest, EnvironmentHoldsTheDefaultsOfAllKeys) {
  size_t found = 0;
  const std::string text = ExampleEnv();
  for (const Key& key : AllKeys()) {
    const std::string line =
        "\n# " + EnvironmentName(key) + "=" + FormatValue(key.field, Config()) + "\n";
    EXPECT_THAT(text, ::testing::HasSubstr(line));
    ++found;
  }
  EXPECT_EQ(found, AllKeys().size());
}

TEST(ExamplesTest, TomlValuesAreEscaped) {
  const Key* key = FindKey("delivery.file_path");
  const std::string text = "[delivery]\nfile_path = " + TomlValue(*key, R"(a"b\c)");
  const Settings settings = FromToml(text, "x");
  ASSERT_EQ(settings.values.size(), 1u);
  EXPECT_EQ(settings.values[0].text, R"(a"b\c)");
}

}  // namespace
}  // namespace otpgate::config
