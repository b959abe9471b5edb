#include "storage/postgres/statement_names.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "storage/postgres/statements/cleanup.h"
#include "storage/postgres/subject_write.h"

namespace otpgate::storage::postgres {
namespace {

using ::testing::Contains;
using ::testing::IsSubsetOf;
using ::testing::UnorderedElementsAreArray;

// The names in `Statement kName{"name", ...` and `JoinFragments("name", ...` of every source here.
std::set<std::string> NamesInTheSources() {
  const std::regex named(R"re((?:Statement \w+\{|JoinFragments\()\s*"(\w+)")re");
  std::set<std::string> names;
  for (const auto& file : std::filesystem::recursive_directory_iterator(OTPGATE_PG_SOURCES)) {
    const std::string path = file.path().string();
    if (!file.is_regular_file() || path.find("test") != std::string::npos) continue;
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    const std::string code = text.str();
    for (std::sregex_iterator it(code.begin(), code.end(), named), end; it != end; ++it) {
      names.insert((*it)[1]);
    }
  }
  return names;
}

TEST(StatementNamesTest, HasEveryStatementOfTheSourcesOnce) {
  std::set<std::string> expected = NamesInTheSources();
  EXPECT_THAT(expected, Contains("load_sessions"));
  EXPECT_THAT(expected, Contains("turn_outbox"));
  EXPECT_THAT(expected, Contains("write_sessions_audited"));
  for (const char* of_tools : {"raise_not_before", "read_lease"}) {
    EXPECT_EQ(expected.erase(of_tools), 1u) << of_tools;
  }
  expected.insert({"BEGIN", "COMMIT", "ROLLBACK", "write_subjects"});
  for (const CleanupKind kind : kCleanupKinds) expected.insert(RemovalOf(kind).name);
  EXPECT_THAT(StatementNames(), UnorderedElementsAreArray(expected));
}

TEST(StatementNamesTest, AllThatWriteSubjectsAreOne) {
  EXPECT_EQ(ReportedName(SubjectWrite().whole().name), "write_subjects");
  for (const std::string& name : StatementNames()) EXPECT_EQ(ReportedName(name), name);
}

}  // namespace
}  // namespace otpgate::storage::postgres
