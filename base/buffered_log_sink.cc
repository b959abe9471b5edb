#include "base/buffered_log_sink.h"

namespace otpgate {
namespace {

// The end of the last line within the first `most` bytes. No line is longer than that.
size_t EndOfPiece(absl::string_view lines, size_t most) {
  if (lines.size() <= most) return lines.size();
  return lines.rfind('\n', most - 1) + 1;
}

}  // namespace

BufferedLogSink::BufferedLogSink(LogSink* to, absl::Duration delay)
    : to_(to), delay_(delay), thread_([this] { Run(); }) {}

BufferedLogSink::~BufferedLogSink() {
  {
    absl::MutexLock lock(&mu_);
    closed_ = true;
    closing_.Signal();
  }
  thread_.join();
  Flush();
}

void BufferedLogSink::Write(absl::string_view line) {
  bool full = false;
  {
    absl::MutexLock lock(&mu_);
    lines_.append(line.data(), line.size());
    full = lines_.size() >= kBytesMax;
  }
  if (full) Flush();
}

void BufferedLogSink::Flush() {
  absl::MutexLock flush_lock(&flush_mu_);
  {
    absl::MutexLock lock(&mu_);
    out_.swap(lines_);
  }
  absl::string_view rest = out_;
  while (!rest.empty()) {
    const size_t end = EndOfPiece(rest, Log::kMaxLineBytes);
    to_->Write(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  out_.clear();
}

void BufferedLogSink::Run() {
  while (true) {
    {
      absl::MutexLock lock(&mu_);
      mu_.Await(absl::Condition(this, &BufferedLogSink::HasNews));
      if (closed_) return;
      closing_.Await(&mu_, closed_, delay_);
    }
    Flush();
  }
}

}  // namespace otpgate
