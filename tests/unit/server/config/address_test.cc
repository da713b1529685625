#include <catch2/catch_test_macros.hpp>

#include "server/config/server_config.h"

namespace recoup::server {
namespace {

TEST_CASE("An address has a host and a port, or is a path") {
  for (const char* address : {"127.0.0.1:0", "[::1]:65535", "example.com:7433", "unix:/run/x"}) {
    INFO(address);
    CHECK(CheckAddress(address));
  }
  for (const char* address :
       {"", ":", ":7433", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:http", "127.0.0.1:1 ", "unix:"}) {
    INFO(address);
    CHECK_FALSE(CheckAddress(address));
  }
  CHECK(CheckAddress("127.0.0.1:99999").error() ==
        Error{ErrorCode::kInvalidArgument,
              "server.listen must be host:port with a port up to 65535, or unix:path: "
              "127.0.0.1:99999"});
}

TEST_CASE("Addresses of this machine are loopback") {
  for (const char* address :
       {"127.0.0.1:7433", "127.9.8.7:0", "[::1]:7433", "localhost:7433", "unix:/run/recoup.sock"}) {
    INFO(address);
    CHECK(IsLoopback(address));
  }
}

TEST_CASE("Everything else is not") {
  for (const char* address :
       {"0.0.0.0:7433", "[::]:7433", "10.0.0.1:7433", "example.com:7433", "", ":7433", "127.0.0.1",
        "127.0.0.1.example.com:7433", "127.example.com:1", "localhost.example.com:1", "127.1:1",
        "127.0.0.:1", "127...1:1", "*:7433", "[::ffff:10.0.0.1]:1", "128.0.0.1:1"}) {
    INFO(address);
    CHECK_FALSE(IsLoopback(address));
  }
}

}  // namespace
}  // namespace recoup::server
