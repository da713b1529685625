#include "model/linear/cholesky.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "model/evaluation/counter_random.h"

namespace recoup::model {
namespace {

using Catch::Approx;

TEST_CASE("A system of two equations agrees with the solution by hand") {
  // 4 x + 2 y = 10, 2 x + 3 y = 9: x = 1.5, y = 2.
  SymmetricMatrix matrix(2);
  matrix.At(0, 0) = 4.0;
  matrix.At(1, 0) = 2.0;
  matrix.At(1, 1) = 3.0;
  const auto solution = SolveCholesky(matrix, {10.0, 9.0});
  REQUIRE(solution.has_value());
  CHECK(solution->at(0) == Approx(1.5));
  CHECK(solution->at(1) == Approx(2.0));
}

TEST_CASE("A matrix that is not positive definite is refused") {
  SymmetricMatrix matrix(2);
  matrix.At(0, 0) = 1.0;
  matrix.At(1, 0) = 2.0;
  matrix.At(1, 1) = 1.0;
  const auto solution = SolveCholesky(matrix, {1.0, 1.0});
  REQUIRE_FALSE(solution.has_value());
  CHECK(solution.error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("The solution of a random system solves it") {
  constexpr std::size_t kSize = 12;
  SymmetricMatrix matrix(kSize);  // A A' + 1
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < kSize; ++j) {
      for (std::size_t k = 0; k < kSize; ++k) {
        matrix.At(i, j) += (UnitInterval(CounterRandom(1, i, k)) - 0.5) *
                           (UnitInterval(CounterRandom(1, j, k)) - 0.5);
      }
    }
    matrix.At(i, i) += 1.0;
  }
  std::vector<double> right;
  for (std::size_t i = 0; i < kSize; ++i) right.push_back(UnitInterval(CounterRandom(2, 0, i)));
  const auto solution = SolveCholesky(matrix, right);
  REQUIRE(solution.has_value());
  for (std::size_t i = 0; i < kSize; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < kSize; ++j) sum += matrix.At(i, j) * solution->at(j);
    CHECK(sum == Approx(right[i]));
  }
}

}  // namespace
}  // namespace recoup::model
