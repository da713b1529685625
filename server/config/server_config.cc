#include "server/config/server_config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <span>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

namespace recoup::server {
namespace {

struct Text {
  std::string* target;
  std::vector<std::string_view> choices;  // empty: any
};
struct Flag {
  bool* target;
};
struct Integer {
  std::int64_t* target;
  std::int64_t lowest;
  std::int64_t highest;
};

struct Setting {
  std::string_view section;
  std::string_view key;
  std::variant<Text, Flag, Integer> value;
};

std::vector<Setting> SettingsOf(ServerConfig& config) {
  constexpr std::int64_t kDay = 86400;
  return {
      {"server", "listen", Text{&config.listen, {}}},
      {"server", "worker_threads", Integer{&config.worker_threads, 0, 1024}},
      {"server", "queue_limit", Integer{&config.queue_limit, 1, 1'000'000}},
      {"server", "stream_limit", Integer{&config.stream_limit, 1, 1024}},
      {"server", "max_message_bytes", Integer{&config.max_message_bytes, 1024, 1 << 30}},
      {"server", "call_deadline_seconds", Integer{&config.call_deadline_seconds, 1, kDay}},
      {"server", "stream_deadline_seconds", Integer{&config.stream_deadline_seconds, 1, 30 * kDay}},
      {"server", "drain_seconds", Integer{&config.drain_seconds, 0, 3600}},
      {"store", "directory", Text{&config.store_directory, {}}},
      {"store", "serve_from_memory", Flag{&config.serve_from_memory}},
      {"models", "directory", Text{&config.models_directory, {}}},
      {"models", "active", Text{&config.active_model, {}}},
      {"models", "backend",
       Text{&config.backend, {"auto", "local", "local-fp32", "local-int8", "local-int4", "torch"}}},
      {"models", "portfolio_threads", Integer{&config.portfolio_threads, 0, 1024}},
      {"tls", "certificate", Text{&config.tls.certificate, {}}},
      {"tls", "private_key", Text{&config.tls.private_key, {}}},
      {"tls", "client_ca", Text{&config.tls.client_ca, {}}},
      {"log", "level", Text{&config.log_level, {"debug", "info", "warning", "error"}}},
      {"log", "format", Text{&config.log_format, {"json", "text"}}},
      {"log", "file", Text{&config.log_file, {}}},
  };
}

/// Where something stands, for messages: `recoupd.toml:7: server.listen`.
struct Place {
  std::string_view file;
  toml::source_position position;
  std::string key;
};

Error Invalid(const Place& place, const std::string& what) {
  return {ErrorCode::kInvalidArgument, std::string(place.file) + ":" +
                                           std::to_string(place.position.line) + ": " + place.key +
                                           ": " + what};
}

std::string TypeName(const toml::node& node) {
  std::ostringstream name;
  name << node.type();
  return name.str();
}

Error WrongType(const Place& place, std::string_view wanted, const toml::node& node) {
  return Invalid(place, "must be " + std::string(wanted) + ", not: " + TypeName(node));
}

Result<void> Assign(const Text& text, const toml::node& node, const Place& place) {
  const auto* value = node.as_string();
  if (value == nullptr) return WrongType(place, "a string", node);
  const std::string& chosen = value->get();
  const auto& choices = text.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), chosen) == choices.end()) {
    std::string known;
    for (const std::string_view choice : choices) {
      known += (known.empty() ? "" : ", ") + std::string(choice);
    }
    return Invalid(place, "must be one of " + known + ": " + chosen);
  }
  *text.target = chosen;
  return {};
}

Result<void> Assign(const Flag& flag, const toml::node& node, const Place& place) {
  const auto* value = node.as_boolean();
  if (value == nullptr) return WrongType(place, "true or false", node);
  *flag.target = value->get();
  return {};
}

Result<void> Assign(const Integer& integer, const toml::node& node, const Place& place) {
  const auto* value = node.as_integer();
  if (value == nullptr) return WrongType(place, "a whole number", node);
  const std::int64_t number = value->get();
  if (number < integer.lowest || number > integer.highest) {
    return Invalid(place, "must be between " + std::to_string(integer.lowest) + " and " +
                              std::to_string(integer.highest) + ": " + std::to_string(number));
  }
  *integer.target = number;
  return {};
}

Result<void> ReadSection(std::span<const Setting> settings, std::string_view section,
                         const toml::table& table, std::string_view file) {
  for (const auto& [key, node] : table) {
    const std::string_view name(key);
    const Place place{file, node.source().begin, std::string(section) + "." + std::string(name)};
    const auto found = std::find_if(settings.begin(), settings.end(), [&](const Setting& setting) {
      return setting.section == section && setting.key == name;
    });
    if (found == settings.end()) return Invalid(place, "unknown key");
    RECOUP_TRY(
        std::visit([&](const auto& value) { return Assign(value, node, place); }, found->value));
  }
  return {};
}

Result<void> ReadRoot(std::span<const Setting> settings, const toml::table& root,
                      std::string_view file) {
  for (const auto& [key, node] : root) {
    const std::string_view name(key);
    const Place place{file, node.source().begin, std::string(name)};
    const bool known = std::any_of(settings.begin(), settings.end(),
                                   [&](const Setting& setting) { return setting.section == name; });
    if (!known) return Invalid(place, "unknown key");
    const toml::table* table = node.as_table();
    if (table == nullptr) return WrongType(place, "a section", node);
    RECOUP_TRY(ReadSection(settings, name, *table, file));
  }
  return {};
}

Result<void> CheckTls(const TlsConfig& tls) {
  if (tls.certificate.empty() != tls.private_key.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "tls.certificate and tls.private_key come together: set both or neither"};
  }
  if (!tls.client_ca.empty() && tls.certificate.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "tls.client_ca needs tls.certificate and tls.private_key"};
  }
  return {};
}

}  // namespace

Result<ServerConfig> ParseServerConfig(std::string_view toml, std::string_view name) {
  try {
    const toml::table root = toml::parse(toml, name);
    ServerConfig config;
    RECOUP_TRY(ReadRoot(SettingsOf(config), root, name));
    return config;
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::kInvalidArgument,
                 std::string(name) + ":" + std::to_string(error.source().begin.line) +
                     ": not TOML: " + std::string(error.description())};
  }
}

Result<ServerConfig> LoadServerConfig(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    return Error{ErrorCode::kNotFound, "cannot read the configuration: " + file.string()};
  }
  return ParseServerConfig(text, file.string());
}

Result<void> CheckServerConfig(const ServerConfig& config) {
  const auto invalid = [](std::string message) {
    return Error{ErrorCode::kInvalidArgument, std::move(message)};
  };
  RECOUP_TRY(CheckAddress(config.listen));
  if (config.store_directory.empty()) {
    return invalid("store.directory must name the graph's directory; or give --store DIR");
  }
  if (config.models_directory.empty()) {
    return invalid("models.directory must name the models' directory; or give --models DIR");
  }
  RECOUP_TRY(CheckTls(config.tls));
  if (!IsLoopback(config.listen) && config.tls.client_ca.empty()) {
    return invalid(
        "refusing to listen beyond this machine without client certificates: set tls.certificate, "
        "tls.private_key and tls.client_ca, or listen on 127.0.0.1: " +
        config.listen);
  }
  return {};
}

}  // namespace recoup::server
