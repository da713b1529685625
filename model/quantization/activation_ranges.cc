#include "model/quantization/activation_ranges.h"

#include <algorithm>
#include <span>

namespace recoup::model {
namespace {

// Shape: rows[n * extremes->size()], once `extremes` has its width.
void KeepHighest(std::span<const float> rows, std::size_t width, std::vector<float>* extremes) {
  extremes->resize(width, 0.0F);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    float& extreme = (*extremes)[i % width];
    extreme = std::max(extreme, rows[i]);
  }
}

void KeepLowest(std::span<const float> rows, std::size_t width, std::vector<float>* extremes) {
  extremes->resize(width, 0.0F);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    float& extreme = (*extremes)[i % width];
    extreme = std::min(extreme, rows[i]);
  }
}

// Shape: rows[n * width], products[width * width].
void AddProducts(std::span<const float> rows, std::size_t width, std::vector<double>* products) {
  products->resize(width * width, 0.0);
  for (std::size_t begin = 0; begin < rows.size(); begin += width) {
    for (std::size_t i = 0; i < width; ++i) {
      const auto left = static_cast<double>(rows[begin + i]);
      if (left == 0.0) continue;  // after a rectifier most are
      for (std::size_t j = 0; j < width; ++j) {
        (*products)[i * width + j] += left * static_cast<double>(rows[begin + j]);
      }
    }
  }
}

}  // namespace

void RangeObserver::Observe(const EncodedNeighbourhood& input) {
  pass_.Run(input);
  const std::size_t hidden = pass_.second().size();
  for (const graph::NodeKind kind : graph::kAllNodeKinds) {
    const KindRows& rows = input.Of(kind);
    ActivationRanges::OfKind& range = ranges_.kinds[static_cast<std::size_t>(kind)];
    if (rows.rows == 0) continue;
    range.rows += rows.rows;
    const std::size_t width = rows.numeric.size() / rows.rows;
    KeepLowest(rows.numeric, width, &range.lowest);
    KeepHighest(rows.numeric, width, &range.highest);
    KeepHighest(pass_.ZeroRows(kind), hidden, &range.zero);
    KeepHighest(pass_.FirstRows(kind), hidden, &range.first);
    AddProducts(pass_.ZeroRows(kind), hidden, &range.zero_products);
    AddProducts(pass_.FirstRows(kind), hidden, &range.first_products);
  }
  KeepHighest(pass_.second(), hidden, &ranges_.second);
  KeepHighest(pass_.head(), pass_.head().size(), &ranges_.head);
  ++ranges_.loans;
}

}  // namespace recoup::model
