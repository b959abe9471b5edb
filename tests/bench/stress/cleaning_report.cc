#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tests/bench/report.h"
#include "tests/bench/stress/cleaning.h"
#include "tests/bench/stress/paired_report.h"

namespace otpgate::bench {
namespace {

nlohmann::json JsonOf(const std::vector<TableHealth>& tables) {
  nlohmann::json list = nlohmann::json::array();
  for (const TableHealth& one : tables) {
    nlohmann::json hot;  // null: never updated
    if (one.hot_ratio()) hot = Rounded(*one.hot_ratio());
    list.push_back({{"table", one.table},
                    {"rows", one.rows},
                    {"dead", one.dead},
                    {"updates", one.updates},
                    {"hot_ratio", hot},
                    {"bytes", one.bytes},
                    {"needed_bytes", one.needed_bytes},
                    {"bloat", Rounded(one.bloat())},
                    {"index_bytes", one.index_bytes},
                    {"needed_index_bytes", one.needed_index_bytes}});
  }
  return list;
}

std::string TextOf(const std::vector<TableHealth>& tables) {
  constexpr double kMiB = 1024 * 1024;
  std::string text =
      absl::StrFormat("  %-18s %10s %9s %10s %6s %8s %8s %6s %9s %8s\n", "table", "rows", "dead",
                      "updates", "HOT", "MiB", "needed", "bloat", "index MiB", "needed");
  for (const TableHealth& one : tables) {
    const std::string hot = one.hot_ratio() ? absl::StrFormat("%.3f", *one.hot_ratio()) : "-";
    absl::StrAppendFormat(&text, "  %-18s %10d %9d %10d %6s %8.1f %8.1f %6.2f %9.1f %8.1f\n",
                          one.table, one.rows, one.dead, one.updates, hot,
                          static_cast<double>(one.bytes) / kMiB,
                          static_cast<double>(one.needed_bytes) / kMiB, one.bloat(),
                          static_cast<double>(one.index_bytes) / kMiB,
                          static_cast<double>(one.needed_index_bytes) / kMiB);
  }
  return text;
}

// Messages are left out of the ratio, because their updates change an indexed column on purpose.
double HotRatioOf(const CleaningReport& report) {
  return HotRatioBut(report.after_codes, "outbox").value_or(0);
}

}  // namespace

std::string JsonOf(const CleaningReport& report) {
  const nlohmann::json json = {{"subjects", report.subjects},
                               {"logins_per_second", Rounded(report.logins_per_second)},
                               {"logins", JsonOf(report.logins)},
                               {"paced_removed", report.paced_removed},
                               {"paced_seconds", Rounded(report.paced_seconds)},
                               {"removed", report.removed},
                               {"seconds", Rounded(report.seconds)},
                               {"complete", report.complete},
                               {"tables_after_cleaning", JsonOf(report.after_cleaning)},
                               {"codes", report.codes},
                               {"hot_ratio_but_outbox", Rounded(HotRatioOf(report))},
                               {"tables_after_codes", JsonOf(report.after_codes)}};
  return json.dump(2) + "\n";
}

std::string TextOf(const CleaningReport& report) {
  return absl::StrFormat(
             "Cleanup beside %.0f logins per second, %d subjects stored\n"
             "  logins%s (target of the p99: less than 1.2)\n"
             "  %d rows removed in these %.0f s of work at a server's pace\n"
             "  %d in %.0f s, the rest without pauses; %s\n\n"
             "After that; the room of removed rows is used again, not given back:\n",
             report.logins_per_second, report.subjects, TextOf(report.logins), report.paced_removed,
             report.paced_seconds, report.removed, report.seconds,
             report.complete ? "and none was left" : "and more are left") +
         TextOf(report.after_cleaning) +
         absl::StrFormat(
             "\nFresh tables after %d codes; target: bloat less than 2, HOT at least 0.95; it is "
             "%.3f "
             "without the outbox:\n",
             report.codes, HotRatioOf(report)) +
         TextOf(report.after_codes) + "\n";
}

}  // namespace otpgate::bench
