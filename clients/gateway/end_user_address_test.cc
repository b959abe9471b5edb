#include "clients/gateway/end_user_address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace otpgate::gateway {
namespace {

HttpRequest From(const std::string& peer, const std::vector<std::string>& forwarded_for) {
  HttpRequest request;
  request.peer_ip = peer;
  for (const std::string& value : forwarded_for) {
    request.headers.push_back({"x-forwarded-for", value});
  }
  return request;
}

struct Case {
  std::vector<std::string> forwarded_for;
  int trusted_proxies;
  std::string expected;
};

TEST(EndUserAddressTest, D5_OnlyWhatTrustedProxiesWroteIsBelieved) {
  const std::vector<Case> cases = {
      {{}, 0, "10.0.0.9"},
      {{"1.2.3.4"}, 0, "10.0.0.9"},  // nobody in front: the client wrote it
      {{}, 1, "10.0.0.9"},
      {{"203.0.113.7"}, 1, "203.0.113.7"},
      {{"6.6.6.6, 203.0.113.7"}, 1, "203.0.113.7"},  // the client began the list
      {{"6.6.6.6", "203.0.113.7"}, 1, "203.0.113.7"},
      {{"6.6.6.6,203.0.113.7 , 10.0.0.1"}, 2, "203.0.113.7"},
      {{"203.0.113.7"}, 2, "10.0.0.9"},  // shorter than the chain: it did not pass it
      {{"203.0.113.7:4711"}, 1, "203.0.113.7"},
      {{"2001:db8::7"}, 1, "2001:db8::7"},
      {{"[2001:db8::7]:4711"}, 1, "2001:db8::7"},
      {{"unknown"}, 1, "10.0.0.9"},
      {{"203.0.113.7,"}, 1, "10.0.0.9"},
      {{"203.0.113.7, 1.2.3"}, 1, "10.0.0.9"},
      {{"203.0.113.7, ["}, 1, "10.0.0.9"},
      {{"203.0.113.7\t"}, 1, "203.0.113.7"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(EndUserAddress(From("10.0.0.9", c.forwarded_for), c.trusted_proxies), c.expected)
        << (c.forwarded_for.empty() ? "" : c.forwarded_for.front()) << ", " << c.trusted_proxies;
  }
}

TEST(EndUserAddressTest, D5_OtherHeadersAreNotRead) {
  HttpRequest request = From("10.0.0.9", {});
  for (const char* name : {"forwarded", "x-real-ip", "true-client-ip", "x-otpgate-client-ip"}) {
    request.headers.push_back({name, "203.0.113.7"});
  }
  EXPECT_EQ(EndUserAddress(request, 1), "10.0.0.9");
}

}  // namespace
}  // namespace otpgate::gateway
