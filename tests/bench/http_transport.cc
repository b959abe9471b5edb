#include "tests/bench/http_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <deque>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"

namespace otpgate::bench {
namespace {

constexpr long kDeadlineMs = 20'000;
constexpr absl::Duration kLongestPoll = absl::Seconds(1);

// The lines of the header, to be freed.
curl_slist* HeaderOf(const LoadCall& call) {
  curl_slist* header = nullptr;
  if (!call.message.empty()) {
    header = curl_slist_append(header, "Content-Type: application/json");
  }
  if (!call.client_ip.empty()) {
    header = curl_slist_append(header, absl::StrCat("X-Forwarded-For: ", call.client_ip).c_str());
  }
  if (!call.bearer.empty()) {
    header = curl_slist_append(header, absl::StrCat("Authorization: Bearer ", call.bearer).c_str());
  }
  return header;
}

size_t Append(char* data, size_t size, size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

}  // namespace

struct HttpTransport::Call {
  Call() : handle(curl_easy_init()) { OTPGATE_CHECK(handle != nullptr); }
  ~Call() {
    curl_easy_cleanup(handle);
    curl_slist_free_all(header);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  CURL* const handle;
  curl_slist* header = nullptr;
  size_t slot = 0;
  std::string method;
  std::string reply;
};

struct HttpTransport::State {
  explicit State(int to_port) : port(to_port) { OTPGATE_CHECK(multi != nullptr); }
  ~State() {
    for (Call& call : calls) curl_multi_remove_handle(multi, call.handle);
    calls.clear();
    curl_multi_cleanup(multi);
  }

  // An answer that has arrived.
  std::optional<Answer> TakeAnswer();

  const int port;
  CURLM* const multi = curl_multi_init();
  const SystemClock clock{};
  std::deque<Call> calls;  // by slot; a deque, since libcurl points at them
};

HttpTransport::HttpTransport(int port) : state_(std::make_unique<State>(port)) {}
HttpTransport::~HttpTransport() = default;

void HttpTransport::Send(size_t slot, const LoadCall& load_call) {
  for (size_t next = state_->calls.size(); next <= slot; ++next) {
    state_->calls.emplace_back().slot = next;
  }
  Call& call = state_->calls[slot];
  call.method = load_call.method;
  call.reply.clear();
  CURL* const handle = call.handle;
  const std::string url = absl::StrCat("http://127.0.0.1:", state_->port, "/", call.method);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROXY, "");  // ignores http_proxy
  curl_slist_free_all(call.header);
  call.header = HeaderOf(load_call);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, call.header);
  if (load_call.message.empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(load_call.message.size()));
    curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, load_call.message.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &call.reply);
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &call);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kDeadlineMs);
  OTPGATE_CHECK(curl_multi_add_handle(state_->multi, handle) == CURLM_OK);
}

std::optional<Transport::Answer> HttpTransport::State::TakeAnswer() {
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi, &left);
  if (message == nullptr) return std::nullopt;
  CURL* const handle = message->easy_handle;
  const CURLcode result = message->data.result;
  Call* call = nullptr;
  long code = 0;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &call);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
  curl_multi_remove_handle(multi, handle);
  Answer answer{.slot = call->slot, .status = absl::OkStatus(), .reply = call->reply};
  if (result != CURLE_OK || code != 200) {
    answer.status = absl::UnknownError(
        absl::StrCat(call->method, ": ", curl_easy_strerror(result), ", HTTP ", code));
  }
  return answer;
}

std::optional<Transport::Answer> HttpTransport::Next(absl::Duration timeout) {
  const absl::Duration give_up = state_->clock.Steady() + timeout;
  // libcurl looks at every call in flight, so first all answers that have arrived are taken.
  std::optional<Answer> answer = state_->TakeAnswer();
  while (!answer) {
    int running = 0;
    OTPGATE_CHECK(curl_multi_perform(state_->multi, &running) == CURLM_OK);
    answer = state_->TakeAnswer();
    const absl::Duration remaining = give_up - state_->clock.Steady();
    if (answer || remaining <= absl::ZeroDuration()) return answer;
    const auto wait =
        static_cast<int>(absl::ToInt64Milliseconds(std::min(remaining, kLongestPoll)));
    OTPGATE_CHECK(curl_multi_poll(state_->multi, nullptr, 0, std::max(wait, 1), nullptr) ==
                  CURLM_OK);
  }
  return answer;
}

}  // namespace otpgate::bench
