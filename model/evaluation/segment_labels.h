// Which group each loan belongs to, by what was known of it on its valuation day.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/features/encoder.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// One way to divide loans into groups.
/// Shape: of_loan has one entry a loan.
struct SegmentLabels {
  std::string by;  // such as `loan_class`, `size`, `valuation year`
  std::vector<std::string> of_loan;
};

/// Divides the loans by the words of each of `attributes` (categories of the loan), by `size`
/// (thirds of the exposure at default, else of the balance or original amount, within the most
/// frequent currency), by `default year` and by `valuation year`. A loan that does not say is
/// `(missing)`. Errors: kInvalidArgument (an attribute that is no category of the loan), kDataLoss.
Result<std::vector<SegmentLabels>> LabelSegments(const graph::GraphStore& store,
                                                 std::span<const Example> loans,
                                                 std::span<const std::string> attributes);

/// Returns the loan's categories of at most `most_words` words: those that a reader can take in.
std::vector<std::string> CategoriesToDivideBy(const FeatureSchema& schema,
                                              std::size_t most_words = 16);

}  // namespace recoup::model
