#ifndef OTPGATE_CLIENTS_GATEWAY_HTTP_ANSWER_H_
#define OTPGATE_CLIENTS_GATEWAY_HTTP_ANSWER_H_

#include <cstdint>
#include <memory>

#include "clients/gateway/http/handler.h"

namespace otpgate::gateway {

class Connection;
class Mailbox;

// What a handler answers the request with this number of `connection` by. It may outlive all of
// them; `mailbox` leads to the thread of the connection.
Respond NewRespond(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Connection> connection,
                   int64_t request);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_HTTP_ANSWER_H_
