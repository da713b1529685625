#include "graph/synthetic/exact_math.h"

#include <algorithm>
#include <cmath>

namespace recoup::graph::synthetic {
namespace {

constexpr double kLn2 = 0.693147180559945309417;

}  // namespace

double Exp(double x) {
  // e^x = 2^k * e^r with |r| <= ln(2) / 2; ldexp and floor are exact.
  const double k = std::floor(x / kLn2 + 0.5);
  const double r = x - k * kLn2;
  double sum = 1.0;
  for (int term = 16; term >= 1; --term) sum = 1.0 + sum * r / static_cast<double>(term);
  return std::ldexp(sum, static_cast<int>(k));
}

double Log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // in [0.5, 1)
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  // ln m = 2 atanh((m - 1) / (m + 1)), whose argument is at most 0.172.
  const double t = (mantissa - 1.0) / (mantissa + 1.0);
  double sum = 0.0;
  for (int power = 23; power >= 1; power -= 2) sum = sum * t * t + 1.0 / static_cast<double>(power);
  return 2.0 * t * sum + static_cast<double>(exponent) * kLn2;
}

double Logistic(double x) { return 1.0 / (1.0 + Exp(-std::clamp(x, -40.0, 40.0))); }

}  // namespace recoup::graph::synthetic
