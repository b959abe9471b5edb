#ifndef OTPGATE_CLIENTS_GATEWAY_FAKE_BACKEND_H_
#define OTPGATE_CLIENTS_GATEWAY_FAKE_BACKEND_H_

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "clients/gateway/http/handler.h"
#include "clients/gateway/rpc_backend.h"

namespace otpgate::gateway {

// Remembers its calls and gives one answer, for tests.
class FakeBackend final : public RpcBackend {
 public:
  void Call(RpcCall call, std::function<void(RpcReply)> done) override {
    calls.push_back(std::move(call));
    done(reply);
  }
  bool ready() override { return is_ready; }

  std::vector<RpcCall> calls;
  RpcReply reply;
  bool is_ready = true;
};

// The answer of a handler that answers at once.
inline HttpResponse AnswerOf(HttpHandler& handler, HttpRequest request) {
  std::optional<HttpResponse> answer;
  handler.Handle(std::move(request), [&answer](HttpResponse response) {
    EXPECT_FALSE(answer) << "answered twice";
    answer = std::move(response);
  });
  EXPECT_TRUE(answer) << "not answered";
  return answer.value_or(HttpResponse{.status = 0, .headers = {}, .body = ""});
}

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_FAKE_BACKEND_H_
