// What recoupd is told: recoupd.toml, read once and checked before anything starts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "graph/types/result.h"

namespace recoup::server {

/// Files of TLS, PEM. Certificate and key come together; the CA makes clients show a certificate.
struct TlsConfig {
  std::string certificate;
  std::string private_key;
  std::string client_ca;

  bool operator==(const TlsConfig&) const = default;
};

/// Every setting with its default; deploy/config/recoupd.toml explains each.
struct ServerConfig {
  std::string listen = "127.0.0.1:7433";
  std::int64_t worker_threads = 0;  // 0: one a core
  std::int64_t queue_limit = 256;   // calls
  std::int64_t stream_limit = 8;    // portfolios at a time
  std::int64_t max_message_bytes = 4 << 20;
  std::int64_t call_deadline_seconds = 30;
  std::int64_t stream_deadline_seconds = 3600;
  std::int64_t drain_seconds = 20;

  std::string store_directory;
  bool serve_from_memory = true;

  std::string models_directory;
  std::string active_model;  // empty: the highest version
  std::string backend = "auto";
  std::int64_t portfolio_threads = 0;  // 0: one a core

  TlsConfig tls;

  std::string log_level = "info";
  std::string log_format = "json";
  std::string log_file;  // empty: standard error

  bool operator==(const ServerConfig&) const = default;
};

/// Reads a configuration; settings left out keep their default. `name` stands in the errors.
/// Errors: kInvalidArgument (not TOML, an unknown key, a wrong type or a value out of range; names
/// file, line and key).
Result<ServerConfig> ParseServerConfig(std::string_view toml, std::string_view name);

/// Errors: those of ParseServerConfig; kNotFound (there is no such file).
Result<ServerConfig> LoadServerConfig(const std::filesystem::path& file);

/// Checks what settings say together, after flags have overridden them: directories are named, TLS
/// is whole, and other machines may reach the server only with client certificates.
/// Errors: kInvalidArgument (says which setting to change).
Result<void> CheckServerConfig(const ServerConfig& config);

/// Errors: kInvalidArgument (neither `host:port` with a port up to 65535 nor `unix:path`).
Result<void> CheckAddress(std::string_view address);

/// True if only this machine can reach the address: `127.x.y.z:port`, `[::1]:port`,
/// `localhost:port` or `unix:path`.
bool IsLoopback(std::string_view address);

}  // namespace recoup::server
