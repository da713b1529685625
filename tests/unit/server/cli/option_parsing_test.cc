#include "server/cli/option_parsing.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::cli {
namespace {

TEST_CASE("A date that is left out is no date", "[cli]") {
  CHECK(ParseOptionalDate("--as-of", "").value() == std::nullopt);
}

TEST_CASE("A malformed date names its option", "[cli]") {
  const auto date = ParseOptionalDate("--as-of", "31.12.2024");
  REQUIRE_FALSE(date.has_value());
  CHECK(date.error().message == "--as-of: a date must look like 2024-12-31: 31.12.2024");
}

TEST_CASE("A well-formed date is read", "[cli]") {
  CHECK(ParseOptionalDate("--as-of", "2024-12-31").value() == Date::Parse("2024-12-31").value());
}

}  // namespace
}  // namespace recoup::cli
