#include "server/cli/source_options.h"

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace recoup::cli {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("A store that is not there is an error that names it", "[cli]") {
  SourceOptions options;
  options.store = "no-such-folder/store";
  const auto source = OpenSource(options, false);
  REQUIRE_FALSE(source.has_value());
  CHECK(source.error().code == ErrorCode::kNotFound);
  CHECK_THAT(source.error().message, ContainsSubstring("no-such-folder/store"));
}

TEST_CASE("A server that is not there is unavailable when asked, not before", "[cli]") {
  SourceOptions options;
  options.server = "127.0.0.1:1";
  const auto source = OpenSource(options, false);
  REQUIRE(source.has_value());
  const auto statistics = (*source)->Statistics();
  REQUIRE_FALSE(statistics.has_value());
  CHECK(statistics.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("A certificate without its key is refused", "[cli]") {
  SourceOptions options;
  options.server = "127.0.0.1:1";
  options.tls_certificate = "client.pem";
  CHECK_FALSE(OpenSource(options, false).has_value());
}

TEST_CASE("The backend must be one of those there are", "[cli]") {
  CLI::App app;
  SourceOptions options;
  AddSourceOptions(app, options);
  CHECK_THROWS_AS(app.parse("--backend tensorflow", false), CLI::ValidationError);
}

}  // namespace
}  // namespace recoup::cli
