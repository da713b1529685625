#include "model/features/own_row.h"

#include <cstddef>
#include <limits>

namespace recoup::model {

std::vector<std::string> OwnColumns(const KindFeatures& loan) {
  std::vector<std::string> columns;
  for (const NumericFeature& feature : loan.numeric) columns.push_back(feature.attribute);
  for (const TextFeature& feature : loan.texts) {
    for (std::uint32_t bucket = 0; bucket < feature.buckets; ++bucket) {
      columns.push_back(feature.attribute + "~" + std::to_string(bucket));
    }
  }
  for (const CategoryFeature& feature : loan.categories) {
    columns.push_back(feature.attribute + "=(missing)");
    columns.push_back(feature.attribute + "=(unseen)");
    for (const std::string& word : feature.vocabulary) {
      columns.push_back(feature.attribute + "=" + word);
    }
  }
  return columns;
}

void WriteOwnRow(const KindFeatures& loan, std::span<const float> numeric,
                 std::span<const std::int32_t> categories, float* row) {
  for (std::size_t i = 0; i < loan.numeric.size(); ++i) {
    const bool missing = numeric[2 * i + 1] != 0.0F;
    *row++ = missing ? std::numeric_limits<float>::quiet_NaN() : numeric[2 * i];
  }
  const std::size_t first_bucket = 2 * loan.numeric.size();
  for (std::size_t i = first_bucket; i < loan.outcome_column(); ++i) *row++ = numeric[i];
  for (std::size_t i = 0; i < loan.categories.size(); ++i) {
    row[categories[i]] = 1.0F;
    row += loan.categories[i].size();
  }
}

}  // namespace recoup::model
