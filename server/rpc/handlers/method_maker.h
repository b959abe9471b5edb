#ifndef OTPGATE_SERVER_RPC_HANDLERS_METHOD_MAKER_H_
#define OTPGATE_SERVER_RPC_HANDLERS_METHOD_MAKER_H_

#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/errors/failure.h"
#include "server/rpc/unary_method.h"
#include "server/runtime/task.h"
#include "server/service/call_context.h"
#include "server/validation/requests.h"
#include "server/validation/validation_limits.h"

namespace otpgate::rpc {

// Makes the methods of one gRPC service: each validates its request, runs the use case and converts
// the result.
class MethodMaker {
 public:
  // `service`: "otpgate.v1.AuthService".
  MethodMaker(absl::string_view service, const validation::ValidationLimits& limits)
      : service_(service), limits_(limits) {}

  template <class Result, class Response>
  using Convert = errors::Outcome<Response> (*)(const Result&);
  template <class Api, class Result, class... Input>
  using UseCase = runtime::Task<errors::Outcome<Result>> (Api::*)(service::CallContext,
                                                                  Input...) const;

  // A method whose request has fields. `adjust`: what its input or context has beyond the request.
  template <class Request, class Api, class Input, class Result, class Response>
  UnaryMethod Make(
      absl::string_view name, const Api* api, UseCase<Api, Result, Input> use_case,
      Convert<Result, Response> convert,
      std::type_identity_t<void (*)(service::CallContext&, Input&)> adjust =
          [](service::CallContext&, Input&) {}) const {
    return Unary<Request, Response>(
        Named(name), Access::kCallers,
        [api, use_case, convert, adjust, limits = limits_](CallInfo info, const Request& request) {
          using validation::Validate;  // and, by its arguments, what headers after this one declare
          errors::Outcome<Input> input = Validate(request, limits);
          if (!input) return Refuse<Response>(input.error());
          service::CallContext context = ContextOf(std::move(info));
          adjust(context, *input);
          return Answer((api->*use_case)(std::move(context), *std::move(input)), convert);
        });
  }

  // A method whose request has no fields.
  template <class Request, class Api, class Result, class Response>
  UnaryMethod Make(
      absl::string_view name, const Api* api, UseCase<Api, Result> use_case,
      Convert<Result, Response> convert,
      void (*adjust)(service::CallContext&) = [](service::CallContext&) {}) const {
    return Unary<Request, Response>(
        Named(name), Access::kCallers,
        [api, use_case, convert, adjust](CallInfo info, const Request&) {
          service::CallContext context = ContextOf(std::move(info));
          adjust(context);
          return Answer((api->*use_case)(std::move(context)), convert);
        });
  }

 private:
  std::string Named(absl::string_view method) const { return absl::StrCat(service_, "/", method); }

  static service::CallContext ContextOf(CallInfo info) {
    service::CallContext context;
    context.caller = info.caller->id();
    context.end_user_address = std::move(info.end_user_address);
    context.bearer = std::move(info.bearer_token);
    context.cancellation.deadline = info.deadline;
    context.cancellation.cancelled = std::move(info.cancelled);
    return context;
  }

  template <class Result, class Response>
  static runtime::Task<errors::Outcome<Response>> Answer(
      runtime::Task<errors::Outcome<Result>> use_case, Convert<Result, Response> convert) {
    errors::Outcome<Result> outcome = co_await std::move(use_case);
    co_return std::move(outcome).and_then(convert);
  }

  template <class Response>
  static runtime::Task<errors::Outcome<Response>> Refuse(errors::Failure failure) {
    co_return tl::unexpected(std::move(failure));
  }

  const std::string service_;
  const validation::ValidationLimits limits_;
};

}  // namespace otpgate::rpc

#endif  // OTPGATE_SERVER_RPC_HANDLERS_METHOD_MAKER_H_
