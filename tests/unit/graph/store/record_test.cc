#include "graph/store/record.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup::graph {
namespace {

TEST_CASE("A record with any bit changed, or under another key, is refused") {
  const std::string record = Seal("key", "some bytes of a record");
  CHECK(*Unseal("key", record) == "some bytes of a record");
  CHECK_FALSE(Unseal("yek", record).has_value());
  for (std::size_t bit = 0; bit < 8 * record.size(); ++bit) {
    std::string damaged = record;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    REQUIRE_FALSE(Unseal("key", damaged).has_value());
  }
}

}  // namespace
}  // namespace recoup::graph
