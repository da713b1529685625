// A model's trees may have been written by somebody else: whatever the bytes hold, reading them
// ends with trees or an error; trees are written again unchanged, and can be evaluated.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <vector>

#include "model/trees/flat_trees.h"

namespace {

void Evaluate(const recoup::model::FlatTrees& trees, float value) {
  const std::vector<float> row(trees.columns(), value);
  std::vector<double> contributions(trees.columns());
  if (!std::isfinite(trees.Predict(row))) std::abort();
  if (!std::isfinite(trees.Contributions(row, contributions))) std::abort();
  for (const double contribution : contributions) {
    if (!std::isfinite(contribution)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto trees = recoup::model::ReadTrees(bytes);
  if (!trees) return 0;
  if (recoup::model::WriteTrees(*trees) != bytes) std::abort();
  for (const float value : {0.0F, 1.0F, std::numeric_limits<float>::quiet_NaN()}) {
    Evaluate(*trees, value);
  }
  return 0;
}
