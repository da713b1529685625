// One line a happening, for people and for machines.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "graph/types/result.h"

namespace recoup::server {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kJson, kText };

/// Errors: kInvalidArgument (unknown name; the message lists the known ones).
Result<LogLevel> ParseLogLevel(std::string_view name);
Result<LogFormat> ParseLogFormat(std::string_view name);

struct LoggerOptions {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kJson;
  /// Empty: standard error.
  std::string file;
};

/// A named number, flag or word of a line. Never a loan's or a person's id, name or amount: what
/// identifies someone does not belong into a log.
using LogValue = std::variant<std::int64_t, double, bool, std::string>;
struct LogField {
  std::string_view name;
  LogValue value;
};

/// Writes `{"ts":"2026-11-20T12:00:00.123Z","level":"info","event":"listening","port":7433}`, or
/// the same as text. Each line is flushed. Threads: share freely; lines do not mix.
class Logger {
 public:
  /// Errors: kUnavailable (the file cannot be written).
  static Result<std::shared_ptr<Logger>> Open(const LoggerOptions& options);

  virtual ~Logger() = default;

  /// Does nothing below the logger's level.
  virtual void Log(LogLevel level, std::string_view event,
                   std::initializer_list<LogField> fields = {}) = 0;

  void Debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
    Log(LogLevel::kDebug, event, fields);
  }
  void Info(std::string_view event, std::initializer_list<LogField> fields = {}) {
    Log(LogLevel::kInfo, event, fields);
  }
  void Warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
    Log(LogLevel::kWarning, event, fields);
  }
  void Error(std::string_view event, std::initializer_list<LogField> fields = {}) {
    Log(LogLevel::kError, event, fields);
  }
};

}  // namespace recoup::server
