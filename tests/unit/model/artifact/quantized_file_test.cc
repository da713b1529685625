#include "model/artifact/quantized_file.h"

#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <fstream>
#include <random>
#include <string>

#include "tests/unit/model/artifact/random_quantized.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

QuantizedNetwork Draw(std::uint8_t bits, std::uint64_t seed = 1, NetworkWidths widths = {3, 4, 2}) {
  return testing::RandomQuantized(testing::RandomSchema(), widths, bits, seed).Take();
}

Result<QuantizedNetwork> Read(std::string_view bytes) {
  return ReadQuantizedNetwork(bytes, testing::RandomSchema());
}

void RequireDamaged(std::string_view bytes, const std::string& what) {
  const auto read = Read(bytes);
  REQUIRE_FALSE(read.has_value());
  INFO(read.error().message);
  CHECK(read.error().code == ErrorCode::kDataLoss);
  CHECK(read.error().message.find(what) != std::string::npos);
}

// Whatever the bytes are: an error, or a network that is written as it was read.
bool IsReadOrRefused(std::string_view bytes) {
  const auto read = Read(bytes);
  if (!read) return read.error().code == ErrorCode::kDataLoss;
  return WriteQuantizedNetwork(*read) == bytes;
}

// While it lives, the process cannot take more than 64 MiB on top of what it has.
class LittleMemory {
 public:
  LittleMemory() {
    ::getrlimit(RLIMIT_AS, &before_);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlimit limit{pages * 4096 + (rlim_t{64} << 20U), before_.rlim_max};
    ::setrlimit(RLIMIT_AS, &limit);
#endif
  }
  ~LittleMemory() { ::setrlimit(RLIMIT_AS, &before_); }
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;

 private:
  rlimit before_{};
};

TEST_CASE("Networks of 8 and of 4 bits survive writing and reading, at odd widths too") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      const auto width = static_cast<std::int64_t>(seed);
      const NetworkWidths widths{width, 41 - width, width % 4};
      const QuantizedNetwork network = Draw(bits, seed, widths);
      const std::string bytes = WriteQuantizedNetwork(network);
      const auto read = Read(bytes);
      INFO(int{bits} << " bits, seed " << seed);
      INFO((read ? std::string() : read.error().message));
      REQUIRE(read.has_value());
      CHECK(*read == network);
      CHECK(WriteQuantizedNetwork(*read) == bytes);
    }
  }
}

// The network's bits, 3 hidden, 4 in the head, 2 of context; then the loan's 9 inverse steps.
TEST_CASE("The bytes begin as documented") {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    const std::string start = WriteQuantizedNetwork(Draw(bits)).substr(0, 25);
    const std::string sizes("\x03\0\0\0\x04\0\0\0\x02\0\0\0\x09\0\0\0", 16);
    CHECK(start == "RCPQNET1" + std::string(1, static_cast<char>(bits)) + sizes);
  }
}

// Rows of three weights take two bytes, the first in the low half: 1 and -2 are 1 | 14 << 4, 3 is
// 3; -7 and 7 are 9 | 7 << 4, -1 is 15; 0 and 0 are 0, 4 is 4. Their scales are 1, 2 and 0.5:
// 0x3F80, 0x4000 and 0x3F00.
TEST_CASE("Two weights of 4 bits share a byte, and their scales take two") {
  QuantizedNetwork network = Draw(4);
  QuantizedLinear& map = network.second_self;
  map.group = 4;
  map.values = {1, -2, 3, -7, 7, -1, 0, 0, 4};
  map.scales = {1.0F, 2.0F, 0.5F};
  const std::string expected(
      "\x04\x03\0\0\0\x03\0\0\0\x04\0\0\0"  // bits, in, out, group
      "\xE1\x03\x79\x0F\0\x04"              // weights
      "\x03\0\0\0\x80\x3F\0\x40\0\x3F",     // scales
      13 + 6 + 10);
  const std::string bytes = WriteQuantizedNetwork(network);
  const std::size_t at = bytes.find(expected);
  REQUIRE(at != std::string::npos);
  CHECK(Read(bytes).value() == network);
  std::string unused = bytes;
  unused[at + 13 + 1] = '\x13';  // the half of a byte that no weight fills
  RequireDamaged(unused, "not in the form of our writer");
}

TEST_CASE("Every truncation and every longer file of few bits is refused") {
  const LittleMemory little;
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    const std::string bytes = WriteQuantizedNetwork(Draw(bits));
    std::size_t read = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto cut = Read(std::string_view(bytes).substr(0, size));
      if (cut || cut.error().code != ErrorCode::kDataLoss) ++read;
    }
    CHECK(read == 0);
    RequireDamaged(std::string_view(bytes).substr(0, bytes.size() - 1), "too short");
    RequireDamaged(bytes + '\0', "bytes after its end");
  }
}

TEST_CASE("Flipped bits are refused, or give a network that is written as it was read") {
  const LittleMemory little;
  std::mt19937 random(7);
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    const std::string whole = WriteQuantizedNetwork(Draw(bits));
    std::size_t wrong = 0;
    std::size_t accepted = 0;
    for (int i = 0; i < 5000; ++i) {
      std::string bytes = whole;
      for (std::size_t flips = 1 + random() % 3; flips-- > 0;) {
        bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
      }
      if (random() % 8 == 0) bytes.resize(random() % bytes.size());
      if (!IsReadOrRefused(bytes)) ++wrong;
      if (Read(bytes)) ++accepted;
    }
    CHECK(wrong == 0);
    CHECK(accepted > 500);  // flips of values go unnoticed here; the manifest's checksum sees them
    CHECK(accepted < 4500);
  }
}

TEST_CASE("Sizes are compared with what is left before anything is allocated") {
  const LittleMemory little;
  constexpr std::uint32_t kPatterns[][2] = {{0xFFFF'FFFF, 0xFFFF'FFFF},
                                            {0x7FFF'FFFF, 1},
                                            {0, 0xFFFF'FFFF},
                                            {0xFFFF'FFFF, 0},
                                            {0x0001'0000, 0x0001'0000}};
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    const std::string whole = WriteQuantizedNetwork(Draw(bits));
    std::size_t wrong = 0;
    for (const auto& pattern : kPatterns) {
      for (std::size_t at = 0; at + sizeof pattern <= whole.size(); ++at) {
        std::string bytes = whole;
        std::memcpy(bytes.data() + at, pattern, sizeof pattern);
        if (!IsReadOrRefused(bytes)) ++wrong;
      }
    }
    CHECK(wrong == 0);
  }
}

// Four billion rows of no weights take no bytes, and must take no time either: seconds, if one
// looks at each.
TEST_CASE("Rows of nothing are refused at once") {
  const QuantizedNetwork network = Draw(4);
  std::string bytes = WriteQuantizedNetwork(network);
  const std::string shape("\x04\x03\0\0\0\x03\0\0\0", 9);  // of the first map in 4 bits
  const std::size_t at = bytes.find(shape);
  REQUIRE(at != std::string::npos);
  bytes.replace(at + 1, 8, std::string("\0\0\0\0\xFF\xFF\xFF\xFF", 8));
  const std::clock_t start = std::clock();
  CHECK_FALSE(Read(bytes).has_value());
  CHECK(std::clock() - start < CLOCKS_PER_SEC / 4);
}

TEST_CASE("Another magic and a network for other features are damage") {
  std::string bytes = WriteQuantizedNetwork(Draw(8));
  CHECK_FALSE(ReadQuantizedNetwork(bytes, FeatureSchema()).has_value());
  bytes[7] = '2';
  RequireDamaged(bytes, "RCPQNET1");
  RequireDamaged("", "RCPQNET1");
}

}  // namespace
}  // namespace recoup::model
