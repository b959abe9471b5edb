#include "clients/gateway/call_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace otpgate::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kTrace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

HttpRequest With(std::vector<HttpHeader> headers) {
  HttpRequest request;
  request.headers = std::move(headers);
  return request;
}

TEST(ForwardedHeadersTest, L2_OnlyTheListedOnesReachTheServer) {
  EXPECT_THAT(ForwardedHeaders(With({{"authorization", "Bearer x"},
                                     {"accept-language", "de"},
                                     {"traceparent", kTrace},
                                     {"tracestate", "a=1"},
                                     {"cookie", "a=b"},
                                     {"x-otpgate-client-ip", "6.6.6.6"},
                                     {"x-otpgate-client-authorization", "Basic x"},
                                     {"grpc-timeout", "1H"},
                                     {"grpc-status-details-bin", "AAAA"},
                                     {"trace-bin", "AAAA"},
                                     {"x-forwarded-for", "6.6.6.6"},
                                     {"host", "a"}})),
              ElementsAre(Pair("authorization", "Bearer x"), Pair("accept-language", "de"),
                          Pair("traceparent", kTrace), Pair("tracestate", "a=1")));
}

TEST(ForwardedHeadersTest, ValuesThatMetadataCannotCarryAreDropped) {
  EXPECT_THAT(ForwardedHeaders(With({{"authorization", "Bearer \xC3\xA4"}})), IsEmpty());
  EXPECT_THAT(ForwardedHeaders(With({{"accept-language", "a\tb"}})), IsEmpty());
}

TEST(ForwardedHeadersTest, ATraceparentOfAnotherFormIsDroppedWithItsState) {
  for (const char* trace : {"", "00", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"}) {
    EXPECT_THAT(ForwardedHeaders(With({{"traceparent", trace}, {"tracestate", "a=1"}})), IsEmpty())
        << trace;
  }
  EXPECT_THAT(ForwardedHeaders(With({{"tracestate", "a=1"}})), IsEmpty());
}

TEST(RepeatedHeaderTest, NamesWhatMayComeOnlyOnce) {
  EXPECT_EQ(RepeatedHeader(With({{"authorization", "a"}, {"accept", "a"}, {"accept", "b"}})),
            nullptr);
  EXPECT_STREQ(RepeatedHeader(With({{"authorization", "a"}, {"authorization", "a"}})),
               "authorization");
  EXPECT_STREQ(RepeatedHeader(With({{"idempotency-key", "a"}, {"idempotency-key", "b"}})),
               "idempotency-key");
}

TEST(GivenRequestIdTest, TakesShortPlainIds) {
  EXPECT_EQ(GivenRequestId(With({{"x-request-id", "abc-1_2.3"}})), "abc-1_2.3");
  EXPECT_EQ(GivenRequestId(With({})), std::nullopt);
  for (const std::string& id :
       {std::string(), std::string(129, 'a'), std::string("a b"), std::string("a\"b")}) {
    EXPECT_EQ(GivenRequestId(With({{"x-request-id", id}})), std::nullopt) << id;
  }
}

TEST(RequestIdOfTest, AUuidIsTakenAsItIs) {
  EXPECT_EQ(RequestIdOf("8e03978e-40d5-43dd-bc93-6894a57f9324"),
            "8e03978e-40d5-43dd-bc93-6894a57f9324");
  EXPECT_EQ(RequestIdOf("\"8e03978e-40d5-43dd-bc93-6894a57f9324\""),
            "8e03978e-40d5-43dd-bc93-6894a57f9324");
}

TEST(RequestIdOfTest, AnyOtherKeyBecomesTheSameUuidEachTime) {
  const std::optional<std::string> id = RequestIdOf("order 17");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->size(), 36U);
  EXPECT_EQ((*id)[14], '8');                                                  // version
  EXPECT_THAT(std::string("89ab"), ::testing::HasSubstr(id->substr(19, 1)));  // variant
  EXPECT_EQ(RequestIdOf("\"order 17\""), id);
  EXPECT_NE(RequestIdOf("order 18"), id);
  EXPECT_NE(RequestIdOf("00000000-0000-0000-0000-000000000000"),
            "00000000-0000-0000-0000-000000000000");  // the service refuses the nil UUID
}

TEST(RequestIdOfTest, RefusesWhatIsNoKey) {
  for (const std::string& key : {std::string(), std::string("\"\""), std::string(256, 'a'),
                                 std::string("a\x01"), std::string("\xC3\xA4")}) {
    EXPECT_EQ(RequestIdOf(key), std::nullopt) << key;
  }
}

}  // namespace
}  // namespace otpgate::gateway
