#include "base/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace otpgate {
namespace {

using ::nlohmann::json;

std::string Text(absl::string_view text, JsonCharacters characters) {
  std::string out = "before";
  AppendJsonText(out, text, characters);
  EXPECT_EQ(out.substr(0, 6), "before");
  return out.substr(6);
}

TEST(JsonTextTest, WritesTheSameBytesAsTheLibrary) {
  std::vector<std::string> texts = {"",          "plain",    "a\"b\\c",
                                    "π漢🙂", "\xff\xc0", "line\nbreak\x7f"};
  for (int c = 0; c < 256; ++c) texts.push_back({'x', static_cast<char>(c), 'y'});
  for (const std::string& text : texts) {
    for (const bool ascii : {true, false}) {
      EXPECT_EQ(Text(text, ascii ? JsonCharacters::kAscii : JsonCharacters::kUtf8),
                json(text).dump(-1, ' ', ascii, json::error_handler_t::replace));
    }
  }
}

}  // namespace
}  // namespace otpgate
