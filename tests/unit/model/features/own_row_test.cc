#include "model/features/own_row.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

const KindFeatures kLoan{graph::NodeKind::kLoan,
                         {{"age", graph::AttributeType::kNumber, {0.0, 1.0}, ""},
                          {"score", graph::AttributeType::kNumber, {0.0, 1.0}, ""}},
                         {{"word", {"a", "b"}}},
                         {{"note", 1}, {"purpose", 2}}};

TEST_CASE("Columns are named by attribute, bucket and word") {
  CHECK(OwnColumns(kLoan) == std::vector<std::string>{"age", "score", "note~0", "purpose~0",
                                                      "purpose~1", "word=(missing)",
                                                      "word=(unseen)", "word=a", "word=b"});
}

TEST_CASE("A row has the numbers, NaN if missing, the buckets and one word, but no outcome") {
  const std::vector<float> numeric = {0.5F, 0.0F, 0.0F, 1.0F, -1.0F, 0.6F, 0.8F, 7.0F, 7.0F, 7.0F};
  const std::vector<std::int32_t> categories = {3};
  std::vector<float> row(9, 0.0F);
  WriteOwnRow(kLoan, numeric, categories, row.data());
  CHECK(std::isnan(row[1]));
  row[1] = 9.0F;
  CHECK(row == std::vector<float>{0.5F, 9.0F, -1.0F, 0.6F, 0.8F, 0.0F, 0.0F, 0.0F, 1.0F});
}

}  // namespace
}  // namespace recoup::model
