#include "clients/gateway/http/answer.h"

#include <atomic>
#include <memory>
#include <utility>

#include "clients/gateway/http/connection.h"
#include "clients/gateway/http/mailbox.h"

namespace otpgate::gateway {
namespace {

// Sends what it is given first to the connection, or nothing when it is destroyed without.
class Answer {
 public:
  Answer(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Connection> connection, int64_t request)
      : mailbox_(std::move(mailbox)), connection_(std::move(connection)), request_(request) {}
  ~Answer() {
    if (!given_) Deliver(nullptr);
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  void Give(HttpResponse response) {
    if (!given_.exchange(true)) Deliver(std::make_unique<HttpResponse>(std::move(response)));
  }

 private:
  void Deliver(std::unique_ptr<HttpResponse> response) {
    mailbox_->Post([weak = connection_, request = request_, taken = std::move(response)]() mutable {
      const auto connection = weak.lock();
      if (connection != nullptr) connection->OnAnswer(request, std::move(taken));
    });
  }

  const std::shared_ptr<Mailbox> mailbox_;
  const std::weak_ptr<Connection> connection_;
  const int64_t request_;
  std::atomic<bool> given_{false};
};

}  // namespace

Respond NewRespond(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Connection> connection,
                   int64_t request) {
  return [answer = std::make_shared<Answer>(std::move(mailbox), std::move(connection), request)](
             HttpResponse response) { answer->Give(std::move(response)); };
}

}  // namespace otpgate::gateway
