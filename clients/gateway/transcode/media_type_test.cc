#include "clients/gateway/transcode/media_type.h"

#include <gtest/gtest.h>

namespace otpgate::gateway {
namespace {

TEST(ContentType, JsonInUtf8) {
  for (const char* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=UTF-8", "application/json ; charset=\"utf-8\""}) {
    EXPECT_TRUE(IsJsonContentType(type)) << type;
  }
}

TEST(ContentType, AnythingElseIsNot) {
  for (const char* type :
       {"", "json", "application/", "application/json;", "application/json; charset=latin1",
        "application/json; charset=utf-8; charset=utf-8", "application/json; charset",
        "application/json; version=1", "application/json, text/plain", "text/json",
        "application/jsonp", "application/problem+json", "application/x-www-form-urlencoded",
        "application/json charset=utf-8", "application /json", "application/json; charset=\"utf-8",
        "*/*"}) {
    EXPECT_FALSE(IsJsonContentType(type)) << type;
  }
}

TEST(ContentType, AForm) {
  for (const char* type : {"application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded",
                           "application/x-www-form-urlencoded; charset=UTF-8"}) {
    EXPECT_TRUE(IsFormContentType(type)) << type;
  }
  for (const char* type : {"", "application/json", "multipart/form-data",
                           "application/x-www-form-urlencoded; charset=latin1",
                           "application/x-www-form-urlencoded; boundary=x"}) {
    EXPECT_FALSE(IsFormContentType(type)) << type;
  }
}

TEST(Accept, NamesProblemJson) {
  for (const char* accept :
       {"application/problem+json", "APPLICATION/Problem+JSON", "application/problem+json;q=0.001",
        "application/json, application/problem+json", "application/problem+json, */*;q=0.5",
        "text/html;q=1, application/problem+json; q=0.7, application/json;q=0.7",
        "bad, application/problem+json", "text/x;a=\",\\\"\", application/problem+json",
        "application/problem+json;q=0.5, application/*;q=0.9, application/json;q=0.4"}) {
    EXPECT_TRUE(PrefersProblemJson(accept)) << accept;
  }
}

TEST(Accept, DoesNotPreferProblemJson) {
  for (const char* accept :
       {"", "*/*", "application/*", "application/json", "application/problem+json;q=0",
        "application/problem+json;q=0.5, application/json", "application/problem+json;q=0.5, */*",
        "application/problem+json;q=2", "application/problem+json;q=x",
        "application/problem+json;q=", "application/problem+xml",
        "text/x;a=\"application/problem+json, application/problem+json\"", ",,,", "\"", ";q=1"}) {
    EXPECT_FALSE(PrefersProblemJson(accept)) << accept;
  }
}

}  // namespace
}  // namespace otpgate::gateway
