// Exponential and logarithm from additions and multiplications alone, because libm's differ in
// their last bits between machines and a portfolio must be the same bytes everywhere.
#pragma once

namespace recoup::graph::synthetic {

/// e^x, to about 15 digits. REQUIRES: |x| <= 700.
double Exp(double x);

/// The natural logarithm, to about 15 digits. REQUIRES: x is positive, normal and finite.
double Log(double x);

/// 1 / (1 + e^-x).
double Logistic(double x);

}  // namespace recoup::graph::synthetic
