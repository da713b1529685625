// PortableExp (model/valuation/portable_exp.h) of many numbers at once: the same bytes as one by
// one, from every instruction set.
#pragma once

#include <cstddef>

namespace recoup::model {

/// y = PortableExp(x). Shape: x[count], y[count]; may be the same memory.
void ExpRows(const double* x, std::size_t count, double* y);

/// y = PortableExp(-x), of floats. Shape: x[count], y[count].
void ExpOfNegated(const float* x, std::size_t count, double* y);

}  // namespace recoup::model
