// What reading every resolved loan of a store comes to, under one model: all that a peer book needs
// of it later, and all that its snapshot holds.
#pragma once

#include <cstdint>
#include <vector>

#include "model/artifact/ensemble.h"
#include "model/features/feature_schema.h"
#include "model/peers/loan_book.h"
#include "model/peers/peer_slots.h"

namespace recoup::model {

/// Shape: everything but `scores` has a place for each loan of the book.
struct PeerBookParts {
  /// Of the records only the keys, and no forecasts: their attributes, most of a book's memory, are
  /// in the rows already.
  LoanBook book;
  /// What was expected of each loan; NaN where nothing was.
  std::vector<float> expected;
  /// As the metric compares them. Shape: [loans * metric.width()].
  std::vector<float> metric_rows;
  LoanRows rows;
  /// The model's own, then the ledger's; ascending by known_at.
  std::vector<ConformityScore> scores;
  /// Loans that the model learnt from and the ledger lacks.
  std::uint64_t not_in_ledger = 0;
};

/// Expects, by the model's base, what the ledger lacks and the model did not learn from.
PeerBookParts MakePeerBookParts(LoanBook book, const Ensemble& ensemble,
                                const FeatureSchema& schema);

/// Numbers of relations in a catalog; GroupCatalog::kNone for one that no loan has.
std::vector<std::uint32_t> NumbersOf(const GroupCatalog& catalog,
                                     const std::vector<std::string>& relations);

}  // namespace recoup::model
