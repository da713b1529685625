#include "model/linear/cholesky.h"

#include <cmath>

namespace recoup::model {
namespace {

/// Replaces the lower half by L with L L' = matrix; false if there is none.
bool Factorise(SymmetricMatrix& matrix) {
  for (std::size_t row = 0; row < matrix.size; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = matrix.At(row, column);
      for (std::size_t k = 0; k < column; ++k) sum -= matrix.At(row, k) * matrix.At(column, k);
      if (row != column) {
        matrix.At(row, column) = sum / matrix.At(column, column);
      } else if (sum > 0.0) {
        matrix.At(row, row) = std::sqrt(sum);
      } else {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

Result<std::vector<double>> SolveCholesky(SymmetricMatrix matrix, std::vector<double> right) {
  RECOUP_CHECK(right.size() == matrix.size);
  if (!Factorise(matrix)) {
    return Error{ErrorCode::kInvalidArgument, "the system of equations is not positive definite"};
  }
  for (std::size_t row = 0; row < matrix.size; ++row) {  // L z = right
    for (std::size_t k = 0; k < row; ++k) right[row] -= matrix.At(row, k) * right[k];
    right[row] /= matrix.At(row, row);
  }
  for (std::size_t row = matrix.size; row-- > 0;) {  // L' x = z
    for (std::size_t k = row + 1; k < matrix.size; ++k) right[row] -= matrix.At(k, row) * right[k];
    right[row] /= matrix.At(row, row);
  }
  return right;
}

}  // namespace recoup::model
