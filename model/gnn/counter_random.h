// Random numbers as a pure function of seed, stream and position: no state, so that shuffling,
// dropout and initialisation cannot disturb each other, and no version of a library changes them.
#pragma once

#include <cstdint>
#include <string_view>

namespace recoup::model {

/// Draws by position.
/// Threads: share freely.
class CounterRandom {
 public:
  /// Different streams of one seed are independent.
  constexpr CounterRandom(std::uint64_t seed, std::uint64_t stream)
      : key_(Mix(Mix(seed) ^ (stream * 0x9e37'79b9'7f4a'7c15ULL))) {}

  /// Returns 64 random bits.
  constexpr std::uint64_t Bits(std::uint64_t position) const {
    return Mix(key_ + position * 0x9e37'79b9'7f4a'7c15ULL);
  }

  /// Returns a number in [0, 1).
  constexpr double Uniform(std::uint64_t position) const {
    return static_cast<double>(Bits(position) >> 11U) * 0x1.0p-53;
  }

  /// Returns a stream number for a name (FNV-1a).
  static constexpr std::uint64_t StreamOf(std::string_view name) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325ULL;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3ULL;
    return hash;
  }

 private:
  // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  static constexpr std::uint64_t Mix(std::uint64_t z) {
    z += 0x9e37'79b9'7f4a'7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58'476d'1ce4'e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d0'49bb'1331'11ebULL;
    return z ^ (z >> 31U);
  }

  std::uint64_t key_;
};

}  // namespace recoup::model
