// A dimensionless share or a yearly rate, kept apart from amounts by its type.
#pragma once

#include <compare>

namespace recoup {

/// Unit: a fraction; 0.15 is 15 percent.
class Rate {
 public:
  constexpr Rate() = default;
  constexpr explicit Rate(double fraction) : fraction_(fraction) {}

  constexpr double fraction() const { return fraction_; }

  constexpr auto operator<=>(const Rate&) const = default;

 private:
  double fraction_ = 0.0;
};

}  // namespace recoup
