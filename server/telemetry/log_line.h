// How a happening becomes one line of text.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "server/telemetry/logger.h"

namespace recoup::server {

/// Returns `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string JsonString(std::string_view text);

/// Returns one line without its end. `timestamp` is printed as it is; numbers that JSON does not
/// have become null.
std::string JsonLine(std::string_view timestamp, LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields);
std::string TextLine(std::string_view timestamp, LogLevel level, std::string_view event,
                     std::initializer_list<LogField> fields);

}  // namespace recoup::server
