// Runs testdata/requests.txt, which says how its rows are written.

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/gateway/transcode/test_library.h"
#include "clients/gateway/transcode/transcoder.h"

namespace otpgate::gateway {
namespace {

struct Row {
  std::string request;  // the first line
  std::string method, path, query, body;
  std::optional<std::string> content_type;
  std::string expected;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.request << "\n" << row.body; }

std::string Unescaped(absl::string_view text) {
  std::string plain;
  EXPECT_TRUE(absl::CUnescape(text, &plain)) << text;
  return plain;
}

void TakeRequest(absl::string_view line, Row& row) {
  row.request = std::string(line);
  const std::pair<absl::string_view, absl::string_view> words =
      absl::StrSplit(line, absl::MaxSplits(' ', 1));
  const std::pair<absl::string_view, absl::string_view> target =
      absl::StrSplit(words.second, absl::MaxSplits('?', 1));
  row.method = std::string(words.first);
  row.path = std::string(target.first);
  row.query = std::string(target.second);
}

void TakeLine(absl::string_view line, Row& row) {
  if (absl::ConsumePrefix(&line, "> ")) {
    TakeRequest(line, row);
  } else if (absl::ConsumePrefix(&line, "type: ")) {
    row.content_type = std::string(line);
  } else if (absl::ConsumePrefix(&line, "body: ")) {
    row.body = std::string(line);
    if (!row.content_type) row.content_type = "application/json";
  } else if (absl::ConsumePrefix(&line, "bytes: ")) {
    row.body = Unescaped(line);
    if (!row.content_type) row.content_type = "application/json";
  } else if (line == "no type") {
    row.content_type.reset();
  } else if (absl::StartsWith(line, "= ") || absl::StartsWith(line, "! ")) {
    absl::StrAppend(&row.expected, row.expected.empty() ? "" : "\n", line);
  } else {
    ADD_FAILURE() << "a line that says nothing: " << line;
  }
}

std::vector<Row> Rows() {
  std::ifstream file(OTPGATE_TESTDATA "/requests.txt");
  std::vector<Row> rows;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') {
      within = false;
      continue;
    }
    if (!within) rows.emplace_back();
    within = true;
    TakeLine(line, rows.back());
  }
  return rows;
}

std::string Shown(const RpcRequest& request) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(*request.message, &json).ok());
  return absl::StrCat("= ", request.grpc_path, " ", json);
}

std::string Shown(const Rejection& rejection) {
  std::string text = absl::StrCat("! ", rejection.http_status);
  if (!rejection.allow.empty()) {
    absl::StrAppend(&text, " allow ", absl::StrJoin(rejection.allow, " "));
  }
  for (const Violation& violation : rejection.violations) {
    absl::StrAppend(&text, "\n! ", violation.field, ": ", violation.description);
  }
  return text;
}

const Transcoder& TestTranscoder() {
  static const auto* transcoder = new Transcoder(*Transcoder::Create(TestServices()));
  return *transcoder;
}

class Conformance : public ::testing::TestWithParam<Row> {};

TEST_P(Conformance, IsAsTheTableSays) {
  const Row& row = GetParam();
  RestRequest request{row.method, row.path, row.query, std::nullopt, row.body};
  if (row.content_type) request.content_type = *row.content_type;
  EXPECT_EQ(std::visit([](const auto& result) { return Shown(result); },
                       TestTranscoder().Transcode(request)),
            row.expected)
      << row.request << "\n"
      << row.body;
}

INSTANTIATE_TEST_SUITE_P(All, Conformance, ::testing::ValuesIn(Rows()));

TEST(ConformanceTable, IsNotEmptyAndReachesEveryMethod) {
  std::set<std::string> reached;
  for (const Row& row : Rows()) {
    if (absl::StartsWith(row.expected, "= ")) {
      reached.insert(std::vector<std::string>(absl::StrSplit(row.expected, ' '))[1]);
    }
  }
  EXPECT_GE(Rows().size(), 120u);
  for (const Binding& binding : TestTranscoder().routes().bindings()) {
    EXPECT_TRUE(reached.count(binding.grpc_path)) << binding.grpc_path;
  }
}

TEST(Transcoder, RefusesLongBodies) {
  RestRequest request{"POST", "/v1/tokens:revoke", "", "application/json", ""};
  std::string body = R"({"token":"a"})";
  body.resize(kMaxBodyBytes, ' ');
  request.body = body;
  EXPECT_TRUE(std::holds_alternative<RpcRequest>(TestTranscoder().Transcode(request)));
  body += ' ';
  request.body = body;
  const auto result = TestTranscoder().Transcode(request);
  ASSERT_TRUE(std::holds_alternative<Rejection>(result));
  EXPECT_EQ(std::get<Rejection>(result).http_status, 413);
}

TEST(Transcoder, TellsTheMethodAndTheBinding) {
  const auto result = TestTranscoder().Transcode({"GET", "/v1/sessions", "", std::nullopt, ""});
  const RpcRequest& request = std::get<RpcRequest>(result);
  EXPECT_EQ(request.method->full_name(), "otpgate.v1.AuthService.ListSessions");
  EXPECT_EQ(request.binding->method, request.method);
  EXPECT_EQ(request.message->GetDescriptor(), v1::ListSessionsRequest::descriptor());
}

TEST(SetRequestId, FillsTheFieldOfATypeThatHasIt) {
  constexpr char kId[] = "0b6f6a3e-6f0e-4f7c-9c5e-3d1a2b4c5d6e";
  v1::ResendOtpRequest request;
  EXPECT_TRUE(SetRequestId(request, kId));
  EXPECT_EQ(request.request_id(), kId);
  EXPECT_TRUE(SetRequestId(request, "0B6F6A3E-6F0E-4F7C-9C5E-3D1A2B4C5D6E"));
  EXPECT_FALSE(SetRequestId(request, "1b6f6a3e-6f0e-4f7c-9c5e-3d1a2b4c5d6e"));
  EXPECT_EQ(request.request_id(), kId);
  v1::RevokeTokenRequest other;
  EXPECT_TRUE(SetRequestId(other, kId));
  EXPECT_EQ(other.ByteSizeLong(), 0u);
}

}  // namespace
}  // namespace otpgate::gateway
