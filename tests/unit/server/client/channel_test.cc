#include "server/client/cpp/channel.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup::server::client {
namespace {

std::string MessageOf(const RemoteOptions& options) {
  const auto channel = OpenChannel(options);
  return channel ? "opened" : channel.error().message;
}

TEST_CASE("Opening does not wait for the server") { CHECK(MessageOf({}) == "opened"); }

TEST_CASE("TLS options must fit together") {
  RemoteOptions options;
  options.certificate = "client.pem";
  CHECK(MessageOf(options) == "the client's certificate and private key come together");
  options.private_key = "client.key";
  CHECK(MessageOf(options) ==
        "a client certificate needs TLS: name the CA of the server's certificate");
  options.server_ca = "/nonexistent/ca.pem";
  CHECK(MessageOf(options) == "cannot read the TLS file: /nonexistent/ca.pem");
}

}  // namespace
}  // namespace recoup::server::client
