// Random numbers as a function of a seed and a counter: the same in any order and on any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace recoup::model {

/// Mixes 64 bits; the finalizer of splitmix64 (Steele, Lea and Flood 2014).
constexpr std::uint64_t Mix(std::uint64_t bits) {
  bits += 0x9e37'79b9'7f4a'7c15ULL;
  bits = (bits ^ (bits >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d0'49bb'1331'11ebULL;
  return bits ^ (bits >> 31);
}

constexpr std::uint64_t CounterRandom(std::uint64_t seed, std::uint64_t stream,
                                      std::uint64_t counter) {
  return Mix(Mix(Mix(seed) ^ stream) ^ counter);
}

/// Maps 64 random bits to 0 .. bound - 1. REQUIRES: 0 < bound <= 2^32.
constexpr std::uint64_t Below(std::uint64_t bits, std::uint64_t bound) {
  return ((bits >> 32) * bound) >> 32;
}

/// Maps 64 random bits to [0, 1).
constexpr double UnitInterval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

/// Hashes text: FNV-1a, 64 bits, then Mix.
constexpr std::uint64_t HashText(std::string_view text) {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325ULL;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x0000'0100'0000'01b3ULL;
  }
  return Mix(hash);
}

}  // namespace recoup::model
