#include "graph/synthetic/random.h"

namespace recoup::graph::synthetic {
namespace {

constexpr std::uint64_t kGolden = 0x9e37'79b9'7f4a'7c15ULL;

// The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014; constants by Stafford).
std::uint64_t Mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11ebULL;
  return x ^ (x >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, Purpose purpose, std::uint64_t index)
    : state_(Mix(Mix(Mix(seed + kGolden) + static_cast<std::uint64_t>(purpose)) + index)) {}

std::uint64_t Random::Bits() {
  state_ += kGolden;
  return Mix(state_);
}

double Random::Uniform() { return static_cast<double>(Bits() >> 11) * 0x1.0p-53; }

std::int64_t Random::Integer(std::int64_t low, std::int64_t high) {
  const auto count = static_cast<double>(high - low + 1);
  return low + static_cast<std::int64_t>(Uniform() * count);
}

double Random::Normal() {
  std::uint64_t sum = 0;
  for (int draw = 0; draw < 3; ++draw) {
    const std::uint64_t bits = Bits();
    sum += (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
  }
  // Twelve numbers of mean 32767.5 and standard deviation sqrt((2^32 - 1) / 12), which the factor
  // sqrt(12) of the sum turns into 2^16.
  return (static_cast<double>(sum) - 12.0 * 32767.5) / 65536.0;
}

}  // namespace recoup::graph::synthetic
