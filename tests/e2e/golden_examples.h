#ifndef OTPGATE_TESTS_E2E_GOLDEN_EXAMPLES_H_
#define OTPGATE_TESTS_E2E_GOLDEN_EXAMPLES_H_

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

// The examples of a document: the indented lines of Markdown.
//
//   METHOD /path [JSON]
//   [Header: value]...
//   STATUS JSON, which may go on in the next lines
//   [Header: value of the reply, which may hold names in braces]...
namespace otpgate::e2e {

struct GoldenExample {
  int line = 0;  // in the document
  std::string method;
  std::string path;
  std::string body;     // JSON; empty: none
  std::string headers;  // lines that end with CRLF
  int status = 0;
  nlohmann::json reply;
  std::vector<std::string> reply_headers;
};

struct GoldenSection {
  std::string title;
  std::vector<GoldenExample> examples;

  // What stands in backquotes in the title.
  std::string key() const {
    const std::vector<std::string> parts = absl::StrSplit(title, '`');
    return parts.size() > 1 ? parts[1] : "";
  }
};

// Texts by the names that stand for them in braces.
class GoldenNames {
 public:
  void Set(const std::string& name, const std::string& text) { texts_["{" + name + "}"] = text; }

  std::string Filled(const std::string& text) const { return absl::StrReplaceAll(text, texts_); }

  // `got` with the texts of known names replaced by `wanted`, and unknown names learned.
  bool Matches(const nlohmann::json& wanted, const nlohmann::json& got) {
    if (wanted.is_string())
      return got.is_string() && IsText(wanted.get<std::string>(), got.get<std::string>());
    if (wanted.type() != got.type() || wanted.size() != got.size()) return false;
    if (!wanted.is_structured()) return wanted == got;
    for (const auto& [key, value] : wanted.items()) {
      if (wanted.is_object() && !got.contains(key)) return false;
      const nlohmann::json& other = wanted.is_object() ? got[key] : got[std::stoul(key)];
      if (!Matches(value, other)) return false;
    }
    return true;
  }

 private:
  bool IsText(const std::string& wanted, const std::string& got) {
    const bool is_name = absl::StartsWith(wanted, "{") && absl::EndsWith(wanted, "}");
    if (!is_name) return wanted == got;
    return !got.empty() && texts_.emplace(wanted, got).first->second == got;
  }

  std::map<std::string, std::string> texts_;
};

class GoldenExamples {
 public:
  explicit GoldenExamples(const std::string& file) {
    std::ifstream in(file);
    EXPECT_TRUE(in) << file;
    int number = 0;
    for (std::string line; std::getline(in, line);) Take(++number, line);
    EndReply();
  }

  const std::vector<GoldenSection>& sections() const { return sections_; }

 private:
  void Take(int number, const std::string& line) {
    if (absl::StartsWith(line, "## ")) sections_.push_back({line.substr(3), {}});
    if (!absl::StartsWith(line, "    ")) {
      EndReply();
      return;
    }
    const std::string text(absl::StripAsciiWhitespace(line));
    if (absl::ascii_isdigit(text[0])) {
      BeginReply(text);
    } else if (absl::ascii_isupper(text[0]) && absl::ascii_isupper(text[1])) {
      BeginRequest(number, text);
    } else if (absl::ascii_isupper(text[0])) {
      TakeHeader(text);
    } else {
      reply_ += text;
    }
  }

  GoldenExample& Last() { return sections_.back().examples.back(); }

  void BeginRequest(int number, const std::string& text) {
    EndReply();
    const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(' ', 2));
    GoldenExample example;
    example.line = number;
    example.method = parts[0];
    example.path = parts.at(1);
    if (parts.size() > 2) example.body = parts[2];
    sections_.back().examples.push_back(std::move(example));
  }

  void BeginReply(const std::string& text) {
    EXPECT_TRUE(absl::SimpleAtoi(text.substr(0, 3), &Last().status)) << text;
    reply_ = text.substr(3);
  }

  void TakeHeader(const std::string& text) {
    if (Last().status == 0) {
      absl::StrAppend(&Last().headers, text, "\r\n");
    } else {
      Last().reply_headers.push_back(text);
    }
  }

  void EndReply() {
    if (reply_.empty()) return;
    Last().reply = nlohmann::json::parse(reply_, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(Last().reply.is_discarded()) << reply_;
    reply_.clear();
  }

  std::vector<GoldenSection> sections_;
  std::string reply_;  // that has begun
};

}  // namespace otpgate::e2e

#endif  // OTPGATE_TESTS_E2E_GOLDEN_EXAMPLES_H_
