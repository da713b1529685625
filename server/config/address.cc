#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/config/server_config.h"

namespace recoup::server {
namespace {

/// True for `127.` and three numbers of up to three digits, nothing else: `127.0.0.1.example.com`
/// is a name that anyone may own.
bool IsLoopbackV4(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  const bool digits = std::all_of(host.begin(), host.end(),
                                  [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return digits && std::count(host.begin(), host.end(), '.') == 3 && host.back() != '.' &&
         host.find("..") == std::string_view::npos && host.size() <= 15;
}

/// gRPC would take 99999 for 34463.
bool IsPort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failed == std::errc() && end == text.data() + text.size();
}

}  // namespace

Result<void> CheckAddress(std::string_view address) {
  const bool path = address.starts_with("unix:") && address.size() > 5;
  const std::size_t colon = address.rfind(':');
  const bool host_and_port = colon != std::string_view::npos && colon > 0 &&
                             IsPort(address.substr(colon + 1)) && !address.starts_with("unix:");
  if (path || host_and_port) return {};
  return Error{ErrorCode::kInvalidArgument,
               "server.listen must be host:port with a port up to 65535, or unix:path: " +
                   std::string(address)};
}

bool IsLoopback(std::string_view address) {
  if (address.starts_with("unix:")) return true;
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view host = address.substr(0, colon);
  return host == "localhost" || host == "[::1]" || IsLoopbackV4(host);
}

}  // namespace recoup::server
