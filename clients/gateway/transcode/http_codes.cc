#include "clients/gateway/transcode/http_codes.h"

#include <google/rpc/code.pb.h>

namespace otpgate::gateway {

using google::rpc::Code;

int HttpStatusOf(int code) {
  switch (code) {
    case Code::OK:
      return 200;
    case Code::CANCELLED:
      return 499;
    case Code::INVALID_ARGUMENT:
    case Code::FAILED_PRECONDITION:
    case Code::OUT_OF_RANGE:
      return 400;
    case Code::DEADLINE_EXCEEDED:
      return 504;
    case Code::NOT_FOUND:
      return 404;
    case Code::ALREADY_EXISTS:
    case Code::ABORTED:
      return 409;
    case Code::PERMISSION_DENIED:
      return 403;
    case Code::UNAUTHENTICATED:
      return 401;
    case Code::RESOURCE_EXHAUSTED:
      return 429;
    case Code::UNIMPLEMENTED:
      return 501;
    case Code::UNAVAILABLE:
      return 503;
    default:
      return 500;
  }
}

int CodeOfStatus(int http_status) {
  switch (http_status) {
    case 401:
      return Code::UNAUTHENTICATED;
    case 403:
      return Code::PERMISSION_DENIED;
    case 404:
      return Code::NOT_FOUND;
    case 405:
    case 501:
      return Code::UNIMPLEMENTED;
    case 408:
    case 504:
      return Code::DEADLINE_EXCEEDED;
    case 409:
      return Code::ABORTED;
    case 412:
      return Code::FAILED_PRECONDITION;
    case 429:
      return Code::RESOURCE_EXHAUSTED;
    case 502:
    case 503:
      return Code::UNAVAILABLE;
    default:
      return http_status < 500 ? Code::INVALID_ARGUMENT : Code::INTERNAL;
  }
}

absl::string_view StatusTitle(int http_status) {
  switch (http_status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return http_status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

}  // namespace otpgate::gateway
