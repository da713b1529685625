#include "model/valuation/portable_exp.h"

#include <bit>
#include <limits>

namespace recoup::model {
namespace {

using namespace portable_exp;  // NOLINT(google-build-using-namespace): the formula's constants

// Estrin's scheme: short chains, in an order that is the same for every value and twin.
inline double Series(double r, double r2) {
  const double r4 = r2 * r2;
  const double a = (kTerms[0] + kTerms[1] * r) + (kTerms[2] + kTerms[3] * r) * r2;
  const double b = (kTerms[4] + kTerms[5] * r) + (kTerms[6] + kTerms[7] * r) * r2;
  const double c = (kTerms[8] + kTerms[9] * r) + (kTerms[10] + kTerms[11] * r) * r2;
  return (a + b * r4) + c * (r4 * r4);
}

inline double Exp(double x) {
  const double rounded = x * kLog2OfE + kRounder;
  const double n = rounded - kRounder;
  const double upper = x - n * kLn2Upper;
  const double lower = n * kLn2Lower;
  const double r = upper - lower;
  const double r2 = r * r;
  const double fraction = 1.0 + (upper + (r2 * Series(r, r2) - lower));
  // Adds n to the exponent: the fraction lies near 1, and the result is no subnormal number.
  const std::uint64_t exponent = std::bit_cast<std::uint64_t>(rounded) << kExponentShift;
  double result = std::bit_cast<double>(std::bit_cast<std::uint64_t>(fraction) + exponent);
  result = x < kSmallest ? 0.0 : result;
  result = x > kLargest ? std::numeric_limits<double>::infinity() : result;
  return x == x ? result : x;
}

}  // namespace

double PortableExp(double x) { return Exp(x); }

void PortableExpOf(std::span<double> values) {
  for (double& value : values) value = Exp(value);
}

}  // namespace recoup::model
