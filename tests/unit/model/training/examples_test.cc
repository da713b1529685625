#include "model/training/examples.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "model/training/target_smoothing.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

std::vector<EncodedNeighbourhood> ThreeInputs() {
  std::vector<EncodedNeighbourhood> inputs;
  for (std::uint64_t i = 0; i < 3; ++i) {
    inputs.push_back(testing::RandomNeighbourhood(testing::RandomSchema(), 20 + i));
  }
  return inputs;
}

struct ThreeLoans {
  std::vector<EncodedNeighbourhood> inputs = ThreeInputs();
  std::vector<double> rates = {0.0, 0.37, 1.0};
  Examples examples{{inputs, rates}};
};

using Picks = std::vector<std::uint32_t>;

TEST_CASE("Picked loans are joined in the order of picking") {
  const ThreeLoans loans;
  CHECK(loans.examples.size() == 3);
  const std::vector<const EncodedNeighbourhood*> parts = {&loans.inputs[2], &loans.inputs[0]};
  CHECK((loans.examples.Join(Picks{2, 0}) == Collate(parts)));
}

TEST_CASE("One pick is the loan itself, and one loan may be picked twice") {
  const ThreeLoans loans;
  CHECK((loans.examples.Join(Picks{1}) == loans.inputs[1]));
  CHECK(loans.examples.Join(Picks{1, 1}).seeds == 2);
}

TEST_CASE("Targets are the smoothed rates, in the order of picking") {
  const ThreeLoans loans;
  const torch::Tensor targets = loans.examples.Targets(Picks{1, 0});
  REQUIRE(targets.size(0) == 2);
  REQUIRE(targets.size(1) == static_cast<std::int64_t>(kRecoveryCells));
  const auto smooth = SmoothTarget(0.37);
  const float* cells = targets.data_ptr<float>();
  for (std::size_t cell = 0; cell < kRecoveryCells; ++cell) {
    CHECK(cells[cell] == static_cast<float>(smooth[cell]));
  }
  CHECK(cells[kRecoveryCells] == 1.0F);  // a rate of exactly 0 lies in its atom
}

TEST_CASE("No picks give no targets") {
  const ThreeLoans loans;
  CHECK(loans.examples.Targets({}).size(0) == 0);
}

}  // namespace
}  // namespace recoup::model
