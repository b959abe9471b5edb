#include "clients/gateway/tls_files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "base/text_file.h"
#include "tests/support/temp_folder.h"

namespace otpgate::gateway {
namespace {

class TlsFilesTest : public ::testing::Test {
 protected:
  TlsFilesTest() {
    Write(chain_, "chain 1");
    Write(key_, "key 1");
  }
  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }

  const support::TempFolder folder_;
  const std::string chain_ = folder_.Path("chain.pem");
  const std::string key_ = folder_.Path("key.pem");
};

TEST_F(TlsFilesTest, AMissingFileIsNamed) {
  const absl::Status status = TlsFiles::Open(chain_, folder_.Path("none")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find("none"), std::string::npos);
}

TEST_F(TlsFilesTest, OnlyNewContentIsANewIdentity) {
  const std::unique_ptr<TlsFiles> files = *TlsFiles::Open(chain_, key_);
  const std::shared_ptr<const TlsIdentity> first = files->Current();
  EXPECT_EQ(first->chain, "chain 1");
  EXPECT_EQ(first->key, "key 1");
  ASSERT_TRUE(files->Reload().ok());
  EXPECT_EQ(files->Current(), first);
  Write(key_, "key 2");
  ASSERT_TRUE(files->Reload().ok());
  EXPECT_NE(files->Current(), first);
  EXPECT_EQ(files->Current()->key, "key 2");
}

TEST_F(TlsFilesTest, WhatCannotBeReadLeavesTheOldOneInUse) {
  const std::unique_ptr<TlsFiles> files = *TlsFiles::Open(chain_, key_);
  Write(chain_, std::string((size_t{1} << 20) + 1, 'x'));
  EXPECT_EQ(files->Reload().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(files->Current()->chain, "chain 1");
}

}  // namespace
}  // namespace otpgate::gateway
