// Solves a symmetric positive definite system of linear equations.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/types/result.h"

namespace recoup::model {

/// A square symmetric matrix. Shape: values[size * size], row-major; only the lower half is read.
struct SymmetricMatrix {
  std::size_t size = 0;
  std::vector<double> values;

  explicit SymmetricMatrix(std::size_t n) : size(n), values(n * n, 0.0) {}
  double& At(std::size_t row, std::size_t column) { return values[row * size + column]; }
  double At(std::size_t row, std::size_t column) const { return values[row * size + column]; }
};

/// Returns x with matrix x = right, by Cholesky's factorisation.
/// Errors: kInvalidArgument (not positive definite).
Result<std::vector<double>> SolveCholesky(SymmetricMatrix matrix, std::vector<double> right);

}  // namespace recoup::model
