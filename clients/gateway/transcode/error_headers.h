#ifndef OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ERROR_HEADERS_H_
#define OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ERROR_HEADERS_H_

#include <google/rpc/status.pb.h>

#include <string>
#include <utility>
#include <vector>

namespace otpgate::gateway {

// The headers of an error that follow from its status and details: see ErrorOf in error_body.h.
std::vector<std::pair<std::string, std::string>> ErrorHeaders(const google::rpc::Status& error,
                                                              int http_status, bool token_sent);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_TRANSCODE_ERROR_HEADERS_H_
