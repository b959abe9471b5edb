#include "clients/gateway/openapi/comments.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "clients/gateway/openapi/test_protos.h"

namespace otpgate::gateway {
namespace {

TEST(CommentsTest, TextsBeforeAndBehindAreJoined) {
  const TestProtos protos;
  const google::protobuf::Descriptor& choice = protos.message("Choice");
  EXPECT_EQ(CommentOf(choice), "One of two.\n\n  * an item");
  EXPECT_EQ(CommentOf(*choice.FindFieldByName("note")), "A note. Required.\n\nBehind it.");
  EXPECT_EQ(CommentOf(*choice.FindFieldByName("shape")), "");
}

TEST(CommentsTest, APoolWithoutSourceInfoHasNoTexts) {
  EXPECT_EQ(CommentOf(*google::protobuf::FileDescriptorProto::descriptor()), "");
}

TEST(CommentsTest, TheFirstSentenceIsOneLineWithoutItsStop) {
  EXPECT_EQ(FirstSentence("Makes a code\nand sends it. Then more.\n\nOther."),
            "Makes a code and sends it");
  EXPECT_EQ(FirstSentence("Ends it (RFC 7009, 2.1): sign-out."),
            "Ends it (RFC 7009, 2.1): sign-out");
  EXPECT_EQ(FirstSentence("No stop\n\nA paragraph. x"), "No stop");
  EXPECT_EQ(FirstSentence(""), "");
}

TEST(CommentsTest, RequiredIsTheBeginningOfASentence) {
  EXPECT_TRUE(SaysRequired("Required."));
  EXPECT_TRUE(SaysRequired("The id.\nRequired, at most\n64 bytes."));
  EXPECT_FALSE(SaysRequired("Not Required. Optional."));
  EXPECT_FALSE(SaysRequired("Required for some."));
  EXPECT_FALSE(SaysRequired(""));
}

}  // namespace
}  // namespace otpgate::gateway
