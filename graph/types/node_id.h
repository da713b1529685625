// The number by which a store knows a node.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace recoup::graph {

/// Identifies a node within one store: its kind in the top 8 bits, below it a count from 0 within
/// that kind. Not stable between stores: the outside world uses external ids.
class NodeId {
 public:
  constexpr NodeId() = default;
  constexpr explicit NodeId(std::uint64_t value) : value_(value) {}
  constexpr NodeId(std::uint8_t kind, std::uint64_t index)
      : value_((std::uint64_t{kind} << 56) | index) {}

  constexpr std::uint64_t value() const { return value_; }
  constexpr std::uint8_t kind_number() const { return static_cast<std::uint8_t>(value_ >> 56); }
  constexpr std::uint64_t index() const { return value_ & 0x00ff'ffff'ffff'ffffULL; }

  constexpr auto operator<=>(const NodeId&) const = default;

 private:
  std::uint64_t value_ = 0;
};

}  // namespace recoup::graph

template <>
struct std::hash<recoup::graph::NodeId> {
  std::size_t operator()(recoup::graph::NodeId id) const noexcept {
    // Fibonacci hashing: ids are dense counts, and the identity would cluster.
    return static_cast<std::size_t>(id.value() * 0x9e37'79b9'7f4a'7c15ULL);
  }
};
