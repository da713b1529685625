#include "graph/store/byte_codec.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace recoup::graph {
namespace {

TEST_CASE("Varints come back, at every width") {
  for (int shift = 0; shift < 64; ++shift) {
    for (const std::uint64_t value : {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1}) {
      std::string bytes;
      ByteWriter writer(&bytes);
      writer.Varint(value);
      writer.Signed(static_cast<std::int64_t>(value));
      writer.Signed(-static_cast<std::int64_t>(value >> 1));
      ByteReader reader(bytes);
      REQUIRE(reader.Varint() == value);
      REQUIRE(reader.Signed() == static_cast<std::int64_t>(value));
      REQUIRE(reader.Signed() == -static_cast<std::int64_t>(value >> 1));
      REQUIRE((reader.ok() && reader.AtEnd()));
    }
  }
}

TEST_CASE("A varint of more than 64 bits is refused") {
  CHECK_FALSE([] {
    ByteReader reader(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10));
    reader.Varint();
    return reader.ok();
  }());
}

}  // namespace
}  // namespace recoup::graph
