#include "server/metrics/metrics.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

namespace otpgate::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Vocabulary Words() {
  return {.engines = {"subjects"},
          .statements = {"load_subjects"},
          .reasons = {"OTP_INVALID"},
          .quotas = {"subject_sends"},
          .flows = {"signup"},
          .otp_events = {"created", "verified"},
          .refreshes = {"rotated"}};
}

class MetricsTest : public ::testing::Test {
 protected:
  MetricsTest() { metrics_.Expect("otpgate.v1.AuthService/VerifyOtp"); }

  Metrics metrics_{Words(), "1.2.3"};
};

TEST_F(MetricsTest, CallsHaveTheNamesOfGoGrpcPrometheus) {
  metrics_.CallStarted("otpgate.v1.AuthService/VerifyOtp");
  metrics_.CallStarted("otpgate.v1.AuthService/VerifyOtp");
  metrics_.CallStarted("otpgate.v1.AuthService/VerifyOtp");
  metrics_.CallEnded("otpgate.v1.AuthService/VerifyOtp", 9, "OTP_INVALID", absl::Milliseconds(3));
  metrics_.CallEnded("otpgate.v1.AuthService/VerifyOtp", 0, "", absl::Milliseconds(9));
  const std::string text = metrics_.Text();
  const std::string method =
      R"(grpc_method="VerifyOtp",grpc_service="otpgate.v1.AuthService",grpc_type="unary")";
  EXPECT_THAT(text, HasSubstr("\ngrpc_server_started_total{" + method + "} 3\n"));
  EXPECT_THAT(text, HasSubstr("\ngrpc_server_msg_received_total{" + method + "} 3\n"));
  EXPECT_THAT(text, HasSubstr("\ngrpc_server_msg_sent_total{" + method + "} 1\n"));
  EXPECT_THAT(text, HasSubstr(R"(grpc_server_handled_total{grpc_code="FailedPrecondition",)" +
                              method + "} 1\n"));
  EXPECT_THAT(text,
              HasSubstr(R"(grpc_server_handled_total{grpc_code="Canceled",)" + method + "} 0\n"));
  EXPECT_THAT(text, HasSubstr("grpc_server_handling_seconds_count{" + method + "} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("grpc_server_handling_seconds_bucket{" + method + ",le=\"0.0025\"} 0\n"));
  EXPECT_THAT(text,
              HasSubstr("grpc_server_handling_seconds_bucket{" + method + ",le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_refusals_total{reason=\"OTP_INVALID\"} 1\n"));
}

TEST_F(MetricsTest, BatchesTellTheirSizeTheirWaitAndWhatTheyLost) {
  metrics_.BatchDone(
      "subjects", {.commands = 3, .conflicts = 2, .in_doubt = 1, .waited = absl::Milliseconds(2)});
  metrics_.BatchDone("subjects", {.commands = 2});
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("otpgate_batch_commands_count{engine=\"subjects\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_batch_commands_sum{engine=\"subjects\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_batch_commands_bucket{engine=\"subjects\",le=\"2\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_queue_wait_seconds_count{engine=\"subjects\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_conflicts_total{engine=\"subjects\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_in_doubt_total{engine=\"subjects\"} 1\n"));
}

TEST_F(MetricsTest, EventsAreCountedByTheirNames) {
  metrics_.OtpEvent("signup", "created");
  metrics_.LimitHit("subject_sends");
  metrics_.Refreshed("rotated");
  metrics_.StatementDone("load_subjects", absl::Milliseconds(1));
  metrics_.ClockOffset(-absl::Milliseconds(250));
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("otpgate_otp_events_total{event=\"created\",flow=\"signup\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_otp_events_total{event=\"verified\",flow=\"signup\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_limits_hit_total{quota=\"subject_sends\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_refresh_total{outcome=\"rotated\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_statement_seconds_count{statement=\"load_subjects\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_database_clock_offset_seconds -0.25\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_build_info{version=\"1.2.3\"} 1\n"));
}

TEST_F(MetricsTest, WhatCanBeReadIsReadForEachPage) {
  size_t depth = 4;
  metrics_.SetReadings([&depth] {
    return Readings{.queues = {{"subjects", depth, absl::Milliseconds(500)}},
                    .messages = {{"sent", 7}},
                    .messages_waiting = 3,
                    .cleaned = {{"sessions", 9, 2}, {"requests", 4}},
                    .cleanup_rounds = {{"complete", 6}},
                    .cleanup_last_complete = absl::FromUnixMillis(1'500'000'000'500)};
  });
  depth = 5;
  const std::string text = metrics_.Text();
  EXPECT_THAT(text, HasSubstr("otpgate_queue_depth{engine=\"subjects\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_queue_age_seconds{engine=\"subjects\"} 0.5\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_outbox_messages_total{outcome=\"sent\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_outbox_waiting 3\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_cleanup_removed_rows_total{kind=\"sessions\"} 9\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_cleanup_removed_rows_total{kind=\"requests\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_cleanup_held_rows{kind=\"sessions\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("otpgate_cleanup_held_rows{kind=\"requests\"}")));
  EXPECT_THAT(text, HasSubstr("otpgate_cleanup_rounds_total{outcome=\"complete\"} 6\n"));
  EXPECT_THAT(text, HasSubstr("otpgate_cleanup_last_complete_timestamp_seconds 1500000000.5\n"));
  metrics_.SetReadings({});
  EXPECT_THAT(metrics_.Text(), Not(HasSubstr("otpgate_queue_depth")));
}

// Unknown values share one line, and none of their text is shown.
TEST_F(MetricsTest, N1_NoTextOfACallerBecomesALabel) {
  const std::string before = metrics_.Text();
  for (const std::string odd : {"+14155550123", "test@example.com", "eyJhbGciOiJFUzI1NiJ9", "a/b",
                                "otpgate.v1.AuthService/Odd", "x\"} 1\ninjected 1", ""}) {
    metrics_.CallStarted(odd);
    metrics_.CallEnded(odd, 99, odd, absl::Milliseconds(1));
    metrics_.BatchDone(odd, {.commands = 1, .conflicts = 1, .in_doubt = 1, .waited = {}});
    metrics_.StatementDone(odd, absl::Milliseconds(1));
    metrics_.OtpEvent(odd, odd);
    metrics_.OtpEvent("signup", odd);
    metrics_.LimitHit(odd);
    metrics_.Refreshed(odd);
  }
  const std::string text = metrics_.Text();
  const auto lines = [](const std::string& page) {
    return std::count(page.begin(), page.end(), '\n');
  };
  EXPECT_EQ(lines(text), lines(before));
  for (const char* odd : {"4155550123", "example.com", "eyJ", "Odd", "injected"}) {
    EXPECT_THAT(text, Not(HasSubstr(odd)));
  }
  EXPECT_THAT(text, HasSubstr("otpgate_limits_hit_total{quota=\"other\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("grpc_code=\"Unknown\",grpc_method=\"other\""));
}

}  // namespace
}  // namespace otpgate::metrics
