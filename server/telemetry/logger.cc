#include "server/telemetry/logger.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <utility>

#include "server/telemetry/log_line.h"

namespace recoup::server {
namespace {

std::string Now() {
  const auto now = std::chrono::system_clock::now();
  const auto since = now.time_since_epoch();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(since).count() % 1000;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 40> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text.data() + length, text.size() - length, ".%03dZ", static_cast<int>(millis));
  return text.data();
}

// spdlog keeps the sink and its lock; the line is made here.
class SpdlogLogger : public Logger {
 public:
  SpdlogLogger(spdlog::sink_ptr sink, const LoggerOptions& options)
      : logger_("recoup", std::move(sink)), level_(options.level), format_(options.format) {
    logger_.set_pattern("%v", spdlog::pattern_time_type::utc);
    logger_.set_level(spdlog::level::trace);
    logger_.flush_on(spdlog::level::trace);
  }

  void Log(LogLevel level, std::string_view event,
           std::initializer_list<LogField> fields) override {
    if (level < level_) return;
    const std::string line = format_ == LogFormat::kJson ? JsonLine(Now(), level, event, fields)
                                                         : TextLine(Now(), level, event, fields);
    logger_.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  spdlog::logger logger_;
  LogLevel level_;
  LogFormat format_;
};

}  // namespace

Result<LogLevel> ParseLogLevel(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return recoup::Error{
      ErrorCode::kInvalidArgument,
      "unknown log level; known are debug, info, warning, error: " + std::string(name)};
}

Result<LogFormat> ParseLogFormat(std::string_view name) {
  if (name == "json") return LogFormat::kJson;
  if (name == "text") return LogFormat::kText;
  return recoup::Error{ErrorCode::kInvalidArgument,
                       "unknown log format; known are json, text: " + std::string(name)};
}

Result<std::shared_ptr<Logger>> Logger::Open(const LoggerOptions& options) {
  try {
    spdlog::sink_ptr sink;
    if (options.file.empty()) {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
    }
    return std::shared_ptr<Logger>(std::make_shared<SpdlogLogger>(std::move(sink), options));
  } catch (const spdlog::spdlog_ex&) {
    return recoup::Error{ErrorCode::kUnavailable, "cannot write the log file: " + options.file};
  }
}

}  // namespace recoup::server
