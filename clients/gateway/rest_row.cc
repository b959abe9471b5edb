#include "clients/gateway/rest_row.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace otpgate::gateway {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MessageFactory;

using Halves = std::pair<absl::string_view, absl::string_view>;

// Replaces {{x*3}} by xxx.
std::string Expanded(absl::string_view text) {
  std::string out(text);
  for (size_t begin = out.find("{{"); begin != std::string::npos; begin = out.find("{{", begin)) {
    const size_t star = out.find('*', begin);
    const size_t end = out.find("}}", begin);
    size_t count = 0;
    if (star > end || !absl::SimpleAtoi(out.substr(star + 1, end - star - 1), &count)) {
      ++begin;
      continue;
    }
    const std::string piece = out.substr(begin + 2, star - begin - 2);
    std::string pieces;
    for (size_t i = 0; i < count; ++i) pieces += piece;
    out.replace(begin, end + 2 - begin, pieces);
  }
  return out;
}

std::string Unescaped(absl::string_view text) {
  std::string plain;
  EXPECT_TRUE(absl::CUnescape(text, &plain)) << text;
  return Expanded(plain);
}

// Collects the lines of one row.
class RowReader {
 public:
  void Take(absl::string_view line);
  RestRow Finish() &&;

 private:
  bool TakeRequestLine(absl::string_view line);
  bool TakeExpectation(absl::string_view line);
  void TakeSetting(absl::string_view setting);
  void TakeStatusOrHeader(absl::string_view line);
  void TakeRefusal(absl::string_view text);
  void AddContentHeaders();

  RestRow row_;
  std::string head_, body_, raw_, reply_;
  bool has_body_ = false;
  bool has_type_ = true;
};

void TakeHeader(absl::string_view line, std::vector<RestRow::Header>& headers,
                std::vector<std::string>& absent) {
  if (absl::ConsumePrefix(&line, "no ")) {
    absent.emplace_back(line);
    return;
  }
  const Halves halves = absl::StrSplit(line, absl::MaxSplits(": ", 1));
  headers.emplace_back(halves.first, Expanded(halves.second));
}

bool RowReader::TakeRequestLine(absl::string_view line) {
  if (absl::ConsumePrefix(&line, "> ")) {
    const bool first = head_.empty();
    if (first && row_.title.empty()) row_.title = std::string(line);
    row_.head_request |= first && absl::StartsWith(line, "HEAD ");
    absl::StrAppend(&head_, Expanded(line), first ? " HTTP/1.1\r\nHost: gateway\r\n" : "\r\n");
  } else if (absl::ConsumePrefix(&line, "raw: ")) {
    absl::StrAppend(&raw_, Unescaped(line));
    row_.head_request |= absl::StartsWith(raw_, "HEAD ");
  } else if (absl::ConsumePrefix(&line, "body: ")) {
    body_ = Expanded(line);
    has_body_ = true;
  } else if (absl::ConsumePrefix(&line, "bytes: ")) {
    body_ = Unescaped(line);
    has_body_ = true;
  } else if (line == "no type") {
    has_type_ = false;
  } else {
    return false;
  }
  return true;
}

void RowReader::TakeSetting(absl::string_view setting) {
  if (setting == "behind a proxy") {
    row_.trusted_proxies = 1;
  } else if (setting == "no origins") {
    row_.has_origins = false;
  } else if (setting == "no server") {
    row_.ready = false;
  } else {
    ADD_FAILURE() << "no setting: " << setting;
  }
}

void RowReader::TakeStatusOrHeader(absl::string_view line) {
  if (row_.status == 0) {
    EXPECT_TRUE(absl::SimpleAtoi(line, &row_.status)) << line;
  } else {
    TakeHeader(line, row_.headers, row_.no_headers);
  }
}

// "CODE MESSAGE", then " | " and a reason, the seconds to wait, the name of a quota.
void RowReader::TakeRefusal(absl::string_view text) {
  const std::vector<std::string> pieces = absl::StrSplit(text, " | ");
  const Halves halves = absl::StrSplit(pieces[0], absl::MaxSplits(' ', 1));
  EXPECT_TRUE(absl::SimpleAtoi(halves.first, &row_.reply.code)) << text;
  row_.reply.message = std::string(halves.second);
  google::rpc::Status status;
  status.set_code(row_.reply.code);
  status.set_message(row_.reply.message);
  google::rpc::DebugInfo debug;
  debug.set_detail("s3cret inside");
  status.add_details()->PackFrom(debug);
  google::rpc::ErrorInfo info;
  info.set_domain("otpgate");
  if (pieces.size() > 1) info.set_reason(pieces[1]);
  if (pieces.size() > 1) status.add_details()->PackFrom(info);
  google::rpc::RetryInfo retry;
  double seconds = 0;
  if (pieces.size() > 2 && absl::SimpleAtod(pieces[2], &seconds)) {
    const auto whole = static_cast<int64_t>(seconds);
    retry.mutable_retry_delay()->set_seconds(whole);
    retry.mutable_retry_delay()->set_nanos(static_cast<int>((seconds - whole) * 1e9));
    status.add_details()->PackFrom(retry);
  }
  google::rpc::QuotaFailure quota;
  if (pieces.size() > 3) {
    quota.add_violations()->set_subject(pieces[3]);
    status.add_details()->PackFrom(quota);
  }
  row_.reply.details = status.SerializeAsString();
}

bool RowReader::TakeExpectation(absl::string_view line) {
  if (absl::ConsumePrefix(&line, "with ")) {
    TakeSetting(line);
  } else if (absl::ConsumePrefix(&line, "call ")) {
    const Halves halves = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    row_.call = std::string(halves.first);
    row_.message = Expanded(halves.second);
  } else if (absl::ConsumePrefix(&line, "meta ")) {
    TakeHeader(line, row_.metadata, row_.no_metadata);
  } else if (absl::ConsumePrefix(&line, "reply ")) {
    reply_ = std::string(line);
  } else if (absl::ConsumePrefix(&line, "refusal ")) {
    TakeRefusal(line);
  } else if (absl::ConsumePrefix(&line, "< ")) {
    TakeStatusOrHeader(line);
  } else if (absl::ConsumePrefix(&line, "= ") || line == "=") {
    EXPECT_FALSE(row_.body) << line;
    row_.body = std::string(absl::StripPrefix(line, "="));
  } else if (absl::ConsumePrefix(&line, "~ ")) {
    row_.parts.emplace_back(line);
  } else {
    return false;
  }
  return true;
}

void RowReader::Take(absl::string_view line) {
  if (absl::ConsumePrefix(&line, "## ")) {
    row_.title = std::string(line);
  } else if (!TakeRequestLine(line) && !TakeExpectation(line)) {
    ADD_FAILURE() << "a line that says nothing: " << line;
  }
}

void RowReader::AddContentHeaders() {
  const std::string lower = absl::AsciiStrToLower(head_);
  if (has_type_ && !absl::StrContains(lower, "\r\ncontent-type:")) {
    absl::StrAppend(&head_, "Content-Type: application/json\r\n");
  }
  if (!absl::StrContains(lower, "\r\ntransfer-encoding:")) {
    absl::StrAppend(&head_, "Content-Length: ", body_.size(), "\r\n");
  }
}

// The reply of an RPC: its type is that of the method.
std::string ReplyFrom(const std::string& call, const std::string& text) {
  const std::string name = absl::StrReplaceAll(call.substr(1), {{"/", "."}});
  const auto* method = DescriptorPool::generated_pool()->FindMethodByName(name);
  EXPECT_NE(method, nullptr) << call;
  if (method == nullptr) return "";
  const auto* prototype = MessageFactory::generated_factory()->GetPrototype(method->output_type());
  const std::unique_ptr<google::protobuf::Message> reply(prototype->New());
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, reply.get()).ok()) << text;
  return reply->SerializeAsString();
}

RestRow RowReader::Finish() && {
  if (has_body_) AddContentHeaders();
  row_.request = raw_.empty() ? absl::StrCat(head_, "\r\n", body_) : raw_;
  if (!reply_.empty()) row_.reply.message = ReplyFrom(row_.call, reply_);
  EXPECT_NE(row_.status, 0) << row_.title << ": no status";
  return std::move(row_);
}

}  // namespace

std::vector<RestRow> ReadRestRows(const std::string& path) {
  std::ifstream file(path);
  std::vector<RestRow> rows;
  std::vector<std::string> lines;
  const auto finish = [&] {
    if (lines.empty()) return;
    RowReader reader;
    for (const std::string& line : lines) reader.Take(line);
    rows.push_back(std::move(reader).Finish());
    lines.clear();
  };
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) finish();
    const bool comment = absl::StartsWith(line, "#") && !absl::StartsWith(line, "## ");
    if (!line.empty() && !comment) lines.push_back(line);
  }
  finish();
  return rows;
}

}  // namespace otpgate::gateway
