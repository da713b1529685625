// Random numbers that are the same on every machine: counter-based, in integers, without the
// standard library's distributions, which differ between implementations.
#pragma once

#include <cstdint>

namespace recoup::graph::synthetic {

/// What a stream of random numbers is for; streams of different purposes are independent. Adding
/// one changes no other; renumbering changes every generated portfolio.
enum class Purpose : std::uint64_t {
  kCourt = 1,
  kLender = 2,
  kRegion = 3,
  kGroup = 4,
  kOutcome = 5,
};

/// A stream of numbers for one thing, found by its seed, purpose and index alone: what one thing
/// draws never shifts what another gets.
/// Threads: use from one thread.
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t index);

  std::uint64_t Bits();

  /// Uniform in [0, 1), a multiple of 2^-53.
  double Uniform();
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }

  /// Uniform over low .. high, both included. REQUIRES: low <= high.
  std::int64_t Integer(std::int64_t low, std::int64_t high);

  bool Chance(double probability) { return Uniform() < probability; }

  /// Mean 0, variance 1, within [-6, 6]: the sum of twelve uniform numbers, an exact sum of
  /// integers and therefore free of libm.
  double Normal();

 private:
  std::uint64_t state_;
};

}  // namespace recoup::graph::synthetic
