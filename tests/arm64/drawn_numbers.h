// Numbers for the kernels' cases that are the same on every machine: integers and exact floats, no
// distribution of the standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace recoup::model::testing {

/// Draws from a counter, mixed as in SplitMix64 (Steele, Lea, Flood 2014).
class DrawnNumbers {
 public:
  explicit DrawnNumbers(std::uint64_t seed) : counter_(seed << 32) {}

  /// Returns a number below `end`; a bit skewed, which no case minds.
  std::uint32_t Below(std::uint32_t end) {
    return static_cast<std::uint32_t>((Next() >> 32) % end);
  }

  /// Returns a multiple of 2^-23 * `scale` in [-scale, scale). REQUIRES: a power of two.
  float Float(float scale) {
    const auto whole = static_cast<std::int32_t>(Next() >> 40) - (1 << 23);
    return static_cast<float>(whole) * (scale / static_cast<float>(1 << 23));
  }

  /// Fills a vector of any kind of floats.
  template <typename Vector = std::vector<float>>
  Vector Floats(std::size_t count, float scale) {
    Vector values(count);
    for (float& value : values) value = Float(scale);
    return values;
  }

  /// Fills a vector with numbers around `centre`, none of the other sign.
  template <typename Vector = std::vector<float>>
  Vector Around(std::size_t count, float centre) {
    Vector values(count);
    for (float& value : values) value = centre + Float(centre / 2);
    return values;
  }

  /// Fills a vector with integers in [-most, most]; the ends come often, since sums overflow there.
  template <typename Vector>
  Vector Weights(std::size_t count, std::int32_t most) {
    Vector values(count);
    for (auto& value : values) {
      const auto spread = static_cast<std::int32_t>(Below(static_cast<std::uint32_t>(4 * most)));
      const std::int32_t within = spread - 2 * most;
      value = static_cast<std::int8_t>(within < -most ? -most : within > most ? most : within);
    }
    return values;
  }

  /// Fills a vector with integers in [0, most]; every fourth is `most`.
  std::vector<std::uint8_t> Bytes(std::size_t count, std::uint32_t most = 255) {
    std::vector<std::uint8_t> values(count);
    for (std::uint8_t& value : values) {
      value = static_cast<std::uint8_t>(Below(4) == 0 ? most : Below(most + 1));
    }
    return values;
  }

 private:
  std::uint64_t Next() {
    std::uint64_t mixed = ++counter_ * 0x9E37'79B9'7F4A'7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58'476D'1CE4'E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EB;
    return mixed ^ (mixed >> 31);
  }

  std::uint64_t counter_;
};

}  // namespace recoup::model::testing
