#include "base/pg/connection.h"

#include <poll.h>

#include <pqxx/pqxx>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "base/status_macros.h"

namespace otpgate::pg {
namespace {

// Reports how long a statement took, also if it failed. Reads no clock if nobody wants to know.
class Timed {
 public:
  Timed(const ConnectionOptions& options, absl::string_view name) : options_(options), name_(name) {
    if (options_.on_statement) begin_ = SystemClock().Steady();
  }
  ~Timed() {
    if (options_.on_statement) options_.on_statement(name_, SystemClock().Steady() - begin_);
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  const ConnectionOptions& options_;
  const absl::string_view name_;
  absl::Duration begin_;
};

Rows ToRows(const pqxx::result& result) {
  Rows rows;
  rows.reserve(result.size());
  for (const pqxx::row& from : result) {
    Row& row = rows.emplace_back();
    for (const pqxx::field& field : from) row.emplace_back(field.c_str(), field.size());
  }
  return rows;
}

}  // namespace

absl::StatusOr<ConnectionString> WithDefaults(const ConnectionOptions& options) {
  OTPGATE_ASSIGN_OR_RETURN(ConnectionString all,
                           ConnectionString::Parse(options.connection_string));
  all.Set("client_encoding", "UTF8");
  all.SetDefault("fallback_application_name", options.application);
  all.SetDefault("connect_timeout", absl::StrCat(absl::ToInt64Seconds(options.connect_timeout)));
  if (!options.notice_silent_peer) return all;
  all.SetDefault("keepalives_idle", "5");
  all.SetDefault("keepalives_interval", "2");
  all.SetDefault("keepalives_count", "3");
  all.SetDefault("tcp_user_timeout", "5000");
  return all;
}

struct Connection::Link {
  Link(const std::string& text, AnswerWatch* answer_watch)
      : connection(text), socket(answer_watch, connection.sock()) {}

  void Prepare(const std::string& name, const std::string& sql) {
    if (prepared.contains(name)) return;
    connection.prepare(name, sql);
    connection.prepare_now(name);
    prepared.insert(name);
  }

  pqxx::connection connection;
  // Sends no statements of its own, unlike libpqxx's transactions.
  pqxx::nontransaction channel{connection};
  absl::flat_hash_set<std::string> prepared;  // names
  std::vector<pqxx::binarystring> params;     // of the statement that is being sent
  AnswerWatch::Socket socket;
};

Connection::Connection(const ConnectionOptions& options, std::unique_ptr<Link> link)
    : options_(options), link_(std::move(link)) {}

Connection::~Connection() = default;

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ConnectionOptions& options) {
  AssertMayBlock();
  const absl::StatusOr<ConnectionString> full = WithDefaults(options);
  if (!full.ok()) {
    if (options.error_reader == ErrorReader::kAdmin) return full.status();
    return CannotConnect("", full.status().message(), options.error_reader);
  }
  try {
    auto link = std::make_unique<Link>(full->ToText(), options.answer_watch);
    return std::unique_ptr<Connection>(new Connection(options, std::move(link)));
  } catch (const std::exception& error) {
    return CannotConnect(full->Display(), error.what(), options.error_reader);
  }
}

bool Connection::IsOpen() const { return link_->connection.is_open(); }

bool Connection::IsClosedByServer() const {
  pollfd idle{link_->connection.sock(), POLLIN | POLLRDHUP, 0};
  return poll(&idle, 1, 0) != 0 && (idle.revents & ~POLLIN) != 0;
}

template <class Send>
auto Connection::Guarded(absl::string_view what, OnLoss on_loss, const Send& send)
    -> absl::StatusOr<decltype(send())> {
  AssertMayBlock();
  // libpqxx would reconnect on its own.
  if (!IsOpen()) return absl::UnavailableError(absl::StrCat(what, ": connection lost"));
  try {
    const AnswerWatch::Waiting waiting(link_->socket);
    return send();
  } catch (...) {
    return StatusFromException(what, options_.error_reader, on_loss);
  }
}

absl::Status Connection::Prepare(const std::string& name, const std::string& sql) {
  if (!options_.prepared_statements) return absl::OkStatus();
  const auto send = [&] {
    link_->Prepare(name, sql);
    return true;
  };
  return Guarded(name, OnLoss::kNothingHappened, send).status();
}

absl::StatusOr<pqxx::result> Connection::Execute(const std::string& name, const std::string& sql,
                                                 absl::Span<const absl::string_view> params,
                                                 OnLoss on_loss) {
  const Timed timed(options_, name);
  return Guarded(name, on_loss, [&] {
    link_->params.clear();
    for (absl::string_view param : params) link_->params.emplace_back(param.data(), param.size());
    const auto dynamic = pqxx::prepare::make_dynamic_params(link_->params);
    if (!options_.prepared_statements) return link_->channel.exec_params(sql, dynamic);
    link_->Prepare(name, sql);
    return link_->channel.exec_prepared(name, dynamic);
  });
}

absl::Status Connection::Command(const std::string& sql, OnLoss on_loss) {
  const Timed timed(options_, sql);
  return Guarded(sql, on_loss, [&] { return link_->channel.exec(sql); }).status();
}

absl::StatusOr<Rows> Connection::Query(absl::string_view what, const std::string& sql,
                                       const std::vector<std::string>& params) {
  return Guarded(what, OnLoss::kNothingHappened, [&] {
    if (params.empty()) return ToRows(link_->channel.exec(sql));
    return ToRows(link_->channel.exec_params(sql, pqxx::prepare::make_dynamic_params(params)));
  });
}

absl::Status Connection::Run(absl::string_view what, const std::string& sql,
                             const std::vector<std::string>& params) {
  return Query(what, sql, params).status();
}

}  // namespace otpgate::pg
