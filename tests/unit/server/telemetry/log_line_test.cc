#include "server/telemetry/log_line.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>

namespace recoup::server {
namespace {

TEST_CASE("A line has time, level, event and the fields in their order") {
  CHECK(
      JsonLine("T", LogLevel::kWarning, "drain",
               {{"in_flight", std::int64_t{3}},
                {"seconds", 0.5},
                {"forced", true},
                {"why", std::string("SIGTERM")}}) ==
      R"({"ts":"T","level":"warning","event":"drain","in_flight":3,"seconds":0.5,"forced":true,"why":"SIGTERM"})");
}

TEST_CASE("Text carries the same") {
  CHECK(TextLine("T", LogLevel::kInfo, "listening",
                 {{"address", std::string("127.0.0.1:1")}, {"tls", false}}) ==
        R"(T info listening address="127.0.0.1:1" tls=false)");
}

TEST_CASE("What would break a line or its JSON is escaped") {
  CHECK(JsonString("a\"b\\c\nd\re\tf") == R"("a\"b\\c\nd\re\tf")");
  CHECK(JsonString(std::string_view("\x01\x00\x7f", 3)) == R"("\u0001\u0000\u007f")");
}

TEST_CASE("UTF-8 stays, other bytes are replaced") {
  CHECK(JsonString("zł 中 😀") == "\"zł 中 😀\"");
  CHECK(JsonString("\xff") == "\"\xEF\xBF\xBD\"");
  CHECK(JsonString("\xE4\xB8") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");      // cut short
  CHECK(JsonString("\xC0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");      // overlong
  CHECK(JsonString("\xED\xA0\x80").find("\xED") == std::string::npos);  // a surrogate
}

TEST_CASE("Numbers that JSON does not have become null") {
  CHECK(JsonLine("T", LogLevel::kError, "e", {{"x", std::numeric_limits<double>::quiet_NaN()}}) ==
        R"({"ts":"T","level":"error","event":"e","x":null})");
}

}  // namespace
}  // namespace recoup::server
