#include "model/features/node_numbers.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <vector>

namespace recoup::model {
namespace {

using graph::NodeId;

TEST_CASE("Nodes are numbered in the order in which they are met, by kind") {
  NodeNumbers numbers;
  CHECK(numbers.NumberOf(NodeId(1, 70)) == 0);
  CHECK(numbers.NumberOf(NodeId(2, 70)) == 0);
  CHECK(numbers.NumberOf(NodeId(1, 5)) == 1);
  CHECK(numbers.NumberOf(NodeId(1, 70)) == 0);
  CHECK(std::vector(numbers.Of(1).begin(), numbers.Of(1).end()) ==
        std::vector{NodeId(1, 70), NodeId(1, 5)});
  CHECK(numbers.Of(3).empty());
}

TEST_CASE("Numbers stay the same while more nodes are met") {
  NodeNumbers numbers;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    REQUIRE(numbers.NumberOf(NodeId(static_cast<std::uint8_t>(1 + i % 3), i * 7)) == i / 3);
  }
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    REQUIRE(numbers.NumberOf(NodeId(static_cast<std::uint8_t>(1 + i % 3), i * 7)) == i / 3);
  }
}

}  // namespace
}  // namespace recoup::model
