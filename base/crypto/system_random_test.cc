#include "base/crypto/system_random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/trials.h"

namespace otpgate::crypto {
namespace {

using Id128 = std::pair<uint64_t, uint64_t>;

std::vector<Id128> DrawIds(size_t count) {
  SystemRandom random;
  std::vector<Id128> ids(count);
  for (Id128& id : ids) random.Fill(&id, sizeof id);
  return ids;
}

bool WriteAll(int fd, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, data, size);
    if (written <= 0) return false;
    data += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

// Forks a child that sends its ids through the returned pipe.
int ForkDrawer(size_t count) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  if (fork() == 0) {
    const std::vector<Id128> ids = DrawIds(count);
    const bool sent =
        WriteAll(ends[1], reinterpret_cast<const char*>(ids.data()), count * sizeof(Id128));
    _exit(sent ? 0 : 1);
  }
  close(ends[1]);
  return ends[0];
}

void ReadIds(int fd, size_t count, std::vector<Id128>& out) {
  std::vector<Id128> ids(count);
  char* bytes = reinterpret_cast<char*>(ids.data());
  size_t got = 0;
  while (got < count * sizeof(Id128)) {
    const ssize_t part = read(fd, bytes + got, count * sizeof(Id128) - got);
    if (part <= 0) break;
    got += static_cast<size_t>(part);
  }
  close(fd);
  ASSERT_EQ(got, count * sizeof(Id128));
  out.insert(out.end(), ids.begin(), ids.end());
}

bool AllDifferent(std::vector<Id128>& ids) {
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) == ids.end();
}

TEST(SystemRandomTest, A2_ForkedChildrenNeverRepeatEachOther) {
  constexpr int kChildren = 64;
  const size_t per_child = static_cast<size_t>(support::Trials(4'000));
  std::vector<Id128> ids = DrawIds(per_child);  // seeds the generator that the children inherit
  std::vector<int> pipes;
  for (int i = 0; i < kChildren; ++i) pipes.push_back(ForkDrawer(per_child));
  for (const int fd : pipes) {
    ASSERT_GE(fd, 0);
    ReadIds(fd, per_child, ids);
  }
  for (int i = 0; i < kChildren; ++i) {
    int status = -1;
    ASSERT_GT(wait(&status), 0);
    EXPECT_EQ(status, 0);
  }
  const std::vector<Id128> after = DrawIds(per_child);
  ids.insert(ids.end(), after.begin(), after.end());
  EXPECT_EQ(ids.size(), per_child * (kChildren + 2));
  EXPECT_TRUE(AllDifferent(ids));
}

TEST(SystemRandomTest, A2_ThreadsNeverRepeatEachOther) {
  const size_t per_thread = static_cast<size_t>(support::Trials(20'000));
  std::vector<std::vector<Id128>> drawn(8);
  std::vector<std::thread> threads;
  for (auto& ids : drawn) {
    threads.emplace_back([&ids, per_thread] { ids = DrawIds(per_thread); });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<Id128> all;
  for (const auto& ids : drawn) all.insert(all.end(), ids.begin(), ids.end());
  EXPECT_EQ(all.size(), per_thread * drawn.size());
  EXPECT_TRUE(AllDifferent(all));
}

}  // namespace
}  // namespace otpgate::crypto
