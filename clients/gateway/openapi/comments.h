#ifndef OTPGATE_CLIENTS_GATEWAY_OPENAPI_COMMENTS_H_
#define OTPGATE_CLIENTS_GATEWAY_OPENAPI_COMMENTS_H_

#include <google/protobuf/descriptor.h>

#include <string>

#include "absl/strings/string_view.h"

// Comments of protos as descriptions. Functions of their arguments, safe on any thread.
namespace otpgate::gateway {

// The comment before a declaration and the one behind it, without the marks of comments. Empty:
// there is none, or the pool was built without source info.
template <class AnyDescriptor>
std::string CommentOf(const AnyDescriptor& declaration);

// Text in one line, with single blanks.
std::string OneLine(absl::string_view text);

// The first sentence of a text in one line, without its full stop.
std::string FirstSentence(absl::string_view text);

// The text up to its first blank line.
std::string FirstParagraph(absl::string_view text);

// Whether a comment says that its field must be set: it has a sentence that begins with "Required",
// such as "Required." or "Required, at most 64 bytes.".
bool SaysRequired(absl::string_view comment);

// Both texts, with a blank line between them if neither is empty.
std::string Paragraphs(absl::string_view one, absl::string_view other);

// `text` without the marks of a comment, as the parser of protos leaves them.
std::string CleanComment(absl::string_view text);

template <class AnyDescriptor>
std::string CommentOf(const AnyDescriptor& declaration) {
  google::protobuf::SourceLocation location;
  if (!declaration.GetSourceLocation(&location)) return "";
  return Paragraphs(CleanComment(location.leading_comments),
                    CleanComment(location.trailing_comments));
}

}  // namespace otpgate::gateway

#endif  // OTPGATE_CLIENTS_GATEWAY_OPENAPI_COMMENTS_H_
