#include "server/config/server_config.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace recoup::server {
namespace {

constexpr const char* kShipped = "deploy/config/recoupd.toml";

std::string MessageOf(std::string_view toml) {
  const auto config = ParseServerConfig(toml, "recoupd.toml");
  if (config) return "accepted";
  CHECK(config.error().code == ErrorCode::kInvalidArgument);
  return config.error().message;
}

ServerConfig Complete() {
  ServerConfig config;
  config.store_directory = "store";
  config.models_directory = "models";
  return config;
}

std::string CheckMessage(const ServerConfig& config) {
  const auto checked = CheckServerConfig(config);
  return checked ? "accepted" : checked.error().message;
}

TEST_CASE("An empty configuration is the defaults") {
  const auto config = ParseServerConfig("", "recoupd.toml");
  REQUIRE(config);
  CHECK(*config == ServerConfig{});
}

TEST_CASE("Every kind of setting is read") {
  const auto config = ParseServerConfig(R"(
[server]
listen = "[::1]:0"
queue_limit = 7
[store]
directory = "s"
serve_from_memory = false
[models]
backend = "local-fp32"
)",
                                        "recoupd.toml");
  REQUIRE(config);
  CHECK(config->listen == "[::1]:0");
  CHECK(config->queue_limit == 7);
  CHECK(config->store_directory == "s");
  CHECK_FALSE(config->serve_from_memory);
  CHECK(config->backend == "local-fp32");
}

TEST_CASE("An unknown key names file, line and key") {
  CHECK(MessageOf("[server]\nlisten = \"x:1\"\nlisen = \"x:2\"\n") ==
        "recoupd.toml:3: server.lisen: unknown key");
  CHECK(MessageOf("\n[sever]\n") == "recoupd.toml:2: sever: unknown key");
  CHECK(MessageOf("listen = \"x:1\"") == "recoupd.toml:1: listen: unknown key");
}

TEST_CASE("A wrong type names what it must be") {
  CHECK(MessageOf("[server]\nlisten = 7433") ==
        "recoupd.toml:2: server.listen: must be a string, not: integer");
  CHECK(MessageOf("[server]\nqueue_limit = \"7\"") ==
        "recoupd.toml:2: server.queue_limit: must be a whole number, not: string");
  CHECK(MessageOf("[server]\nqueue_limit = 7.5") ==
        "recoupd.toml:2: server.queue_limit: must be a whole number, not: floating-point");
  CHECK(MessageOf("[store]\nserve_from_memory = 1") ==
        "recoupd.toml:2: store.serve_from_memory: must be true or false, not: integer");
  CHECK(MessageOf("server = 1") == "recoupd.toml:1: server: must be a section, not: integer");
}

TEST_CASE("A value out of range names the range") {
  CHECK(MessageOf("[server]\nqueue_limit = 0") ==
        "recoupd.toml:2: server.queue_limit: must be between 1 and 1000000: 0");
  CHECK(MessageOf("[server]\ndrain_seconds = -1") ==
        "recoupd.toml:2: server.drain_seconds: must be between 0 and 3600: -1");
  CHECK(MessageOf("[models]\nbackend = \"gpu\"") ==
        "recoupd.toml:2: models.backend: must be one of auto, local, local-fp32, local-int8, "
        "local-int4, torch: gpu");
  CHECK(MessageOf("[log]\nlevel = \"loud\"") ==
        "recoupd.toml:2: log.level: must be one of debug, info, warning, error: loud");
}

TEST_CASE("What is not TOML names file and line") {
  CHECK(MessageOf("[server]\nlisten = \n").starts_with("recoupd.toml:2: not TOML: "));
  CHECK(MessageOf("[server\n").starts_with("recoupd.toml:1: not TOML: "));
  CHECK(MessageOf("[log]\nlevel = \"info\"\nlevel = \"info\"\n")
            .starts_with("recoupd.toml:3: not TOML: "));
  CHECK(MessageOf("\xff").starts_with("recoupd.toml:1: not TOML: "));
}

TEST_CASE("A file that is not there is not found") {
  const auto config = LoadServerConfig("/nonexistent/recoupd.toml");
  REQUIRE_FALSE(config);
  CHECK(config.error() ==
        Error{ErrorCode::kNotFound, "cannot read the configuration: /nonexistent/recoupd.toml"});
}

TEST_CASE("Directories must be named") {
  ServerConfig config = Complete();
  CHECK(CheckMessage(config) == "accepted");
  config.store_directory.clear();
  CHECK(CheckMessage(config) ==
        "store.directory must name the graph's directory; or give --store DIR");
  config = Complete();
  config.models_directory.clear();
  CHECK(CheckMessage(config) ==
        "models.directory must name the models' directory; or give --models DIR");
}

TEST_CASE("Beyond loopback the server needs client certificates") {
  ServerConfig config = Complete();
  config.listen = "0.0.0.0:7433";
  const std::string refusal =
      "refusing to listen beyond this machine without client certificates: set tls.certificate, "
      "tls.private_key and tls.client_ca, or listen on 127.0.0.1: 0.0.0.0:7433";
  CHECK(CheckMessage(config) == refusal);
  config.tls = {"c.pem", "k.pem", ""};
  CHECK(CheckMessage(config) == refusal);
  config.tls.client_ca = "ca.pem";
  CHECK(CheckMessage(config) == "accepted");
}

TEST_CASE("Half of a TLS configuration is refused") {
  ServerConfig config = Complete();
  config.tls.certificate = "c.pem";
  CHECK(CheckMessage(config) ==
        "tls.certificate and tls.private_key come together: set both or neither");
  config.tls = {"", "", "ca.pem"};
  CHECK(CheckMessage(config) == "tls.client_ca needs tls.certificate and tls.private_key");
}

TEST_CASE("The shipped configuration loads and passes") {
  const auto config = LoadServerConfig(kShipped);
  if (!config) FAIL(config.error().message);
  CHECK(CheckMessage(*config) == "accepted");
}

TEST_CASE("The shipped configuration shows every default truly") {
  std::ifstream file(kShipped);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string shown =
      std::regex_replace(text.str(), std::regex("(^|\n)#([a-z_]+ = )"), "$1$2");
  const auto config = ParseServerConfig(shown, kShipped);
  if (!config) FAIL(config.error().message);
  ServerConfig defaults;
  defaults.store_directory = config->store_directory;
  defaults.models_directory = config->models_directory;
  CHECK(*config == defaults);
  std::size_t settings = 0;
  for (std::size_t at = shown.find(" = "); at != std::string::npos;
       at = shown.find(" = ", at + 1)) {
    ++settings;
  }
  CHECK(settings == 20);
}

}  // namespace
}  // namespace recoup::server
