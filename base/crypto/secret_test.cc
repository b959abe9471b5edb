#include "base/crypto/secret.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "tests/support/seeded_random.h"

namespace {

// Examines one block of memory when it is freed.
std::atomic<const char*> watched{nullptr};
std::atomic<bool> watched_was_clean{false};
constexpr size_t kWatchedBytes = 64;

void Inspect(const void* memory) {
  if (memory == nullptr || memory != watched.load()) return;
  const char* bytes = static_cast<const char*>(memory);
  bool clean = true;
  for (size_t i = 0; i < kWatchedBytes; ++i) clean = clean && bytes[i] == '\0';
  watched_was_clean = clean;
  watched = nullptr;
}

}  // namespace

void* operator new(size_t size) {
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  Inspect(memory);
  std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  Inspect(memory);
  std::free(memory);
}

namespace otpgate::crypto {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

const std::string kBytes(kWatchedBytes, 's');

TEST(SecretTest, EqualsItsBytesOnly) {
  const Secret secret(kBytes);
  EXPECT_EQ(secret.Reveal(), kBytes);
  EXPECT_TRUE(secret.Equals(kBytes));
  EXPECT_FALSE(secret.Equals(kBytes.substr(1)));
  EXPECT_FALSE(secret.Equals(""));
  EXPECT_TRUE(Secret().empty());
}

TEST(SecretTest, GeneratesFromTheGivenRandom) {
  support::SeededRandom a(7), b(7);
  const Secret secret = Secret::Generate(a, 32);
  EXPECT_EQ(secret.size(), 32u);
  EXPECT_TRUE(secret.Equals(Secret::Generate(b, 32).Reveal()));
  EXPECT_FALSE(secret.Equals(Secret::Generate(b, 32).Reveal()));
}

TEST(SecretTest, IsOverwrittenAtTheEnd) {
  watched_was_clean = false;
  {
    const Secret secret(kBytes);
    watched = secret.Reveal().data();
  }
  EXPECT_EQ(watched.load(), nullptr);
  EXPECT_TRUE(watched_was_clean.load());
}

TEST(SecretTest, IsOverwrittenWhenReplaced) {
  watched_was_clean = false;
  Secret secret(kBytes);
  watched = secret.Reveal().data();
  secret = Secret("another");
  EXPECT_EQ(watched.load(), nullptr);
  EXPECT_TRUE(watched_was_clean.load());
  EXPECT_EQ(secret.Reveal(), "another");
}

TEST(SecretTest, AMoveLeavesNothingBehind) {
  Secret from(kBytes);
  const char* memory = from.Reveal().data();
  const Secret to = std::move(from);
  EXPECT_EQ(to.Reveal().data(), memory);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): this is tested
}

}  // namespace
}  // namespace otpgate::crypto
