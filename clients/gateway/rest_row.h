#ifndef OTPGATE_CLIENTS_GATEWAY_REST_ROW_H_
#define OTPGATE_CLIENTS_GATEWAY_REST_ROW_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clients/gateway/rpc_backend.h"

namespace otpgate::gateway {

// One row of testdata/rest_conformance.txt, which says how rows are written.
struct RestRow {
  using Header = std::pair<std::string, std::string>;  // the value "*" is any

  std::string title;
  std::string request;        // the bytes
  bool head_request = false;  // the response has no body
  int trusted_proxies = 0;
  bool has_origins = true;  // pages of https://app.example.com may read answers
  bool ready = true;        // a server can be reached

  std::string call;     // path of the RPC; empty: there must be none
  std::string message;  // its request as JSON
  std::vector<Header> metadata;
  std::vector<std::string> no_metadata;
  RpcReply reply;

  int status = 0;
  std::vector<Header> headers;
  std::vector<std::string> no_headers;
  std::optional<std::string> body;
  std::vector<std::string> parts;  // of the body
};

// For tests: all rows of a file. A line that says nothing fails the test.
std::vector<RestRow> ReadRestRows(const std::string& path);

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_REST_ROW_H_
