// The resolved loans of a store as one model sees them: asked once per valuation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/store/graph_view.h"
#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/feature_schema.h"
#include "model/peers/loan_book.h"
#include "model/peers/nearest_loans.h"
#include "model/peers/peer_answer.h"
#include "model/peers/peer_index.h"
#include "model/peers/peer_ways.h"
#include "model/runtime/peer_book_parts.h"
#include "model/runtime/rolling_calibration.h"

namespace recoup::model {

/// A loan book under one model's features, with what was expected of each loan: as the store's
/// ledger has it, and where that has nothing and the model did not learn from the outcome, as its
/// base expects it. The rest have no residual and are heard as outcomes only.
/// Threads: share freely. Lifetime: must not outlive the ensemble and the schema.
class PeerBook {
 public:
  /// Reads every resolved loan of the store (10 to 30 us a loan).
  /// Errors: kDataLoss.
  static Result<std::shared_ptr<const PeerBook>> Read(const graph::GraphStore& store,
                                                      const Ensemble& ensemble,
                                                      const FeatureSchema& schema);

  /// `parts` are of a store whose attributes these are, and of the same ensemble and schema.
  PeerBook(PeerBookParts parts, std::vector<graph::AttributeDefinition> attributes,
           const Ensemble& ensemble, const FeatureSchema& schema);
  PeerBook(const PeerBook&) = delete;
  PeerBook& operator=(const PeerBook&) = delete;

  /// The loans, as PeerBookParts keeps them.
  const LoanBook& loans() const { return book_; }
  /// What was expected of the book's loans; NaN where nothing was.
  std::span<const float> expected() const { return index_.expected(); }
  /// Loans resolved before the model learnt that the store's ledger does not hold. If it holds
  /// none, the model is far from home, and `recoup train` on this store is due.
  std::size_t not_in_ledger() const { return not_in_ledger_; }
  /// Whether these facts can change the book: outcomes, entries of the ledger, loans removed, and
  /// whatever is said to have been known by the last valuation day of a resolved loan.
  bool IsTouchedBy(const graph::FactBatch& facts) const;
  /// Positions of loans whose outcome the model did not learn and that the ledger lacks, without
  /// those that were removed before it was known.
  std::vector<std::uint32_t> MissingInLedger() const;

  /// Position of a resolved loan in the book, or PeerQuestion::kNotInBook.
  std::uint32_t PositionOf(graph::NodeId loan) const;

  /// Adds to a loan's neighbourhood, encoded under the model's schema, what the peers known
  /// strictly before the view's day say of it: `peers`, and the networks' `context`. Errors:
  /// kDataLoss, kNotFound (the view does not show the loan).
  Result<void> Attach(const graph::GraphView& view, graph::NodeId loan,
                      EncodedNeighbourhood* encoded) const;

 private:
  Margins MarginsAsOf(Date day) const;

  LoanBook book_;
  const Ensemble& ensemble_;
  std::vector<std::uint32_t> relations_;
  std::vector<std::uint32_t> history_;
  std::vector<std::uint32_t> messages_;
  std::optional<PeerWays> ways_;  // made last, from the book
  std::shared_ptr<LoanRows> rows_;
  NearestLoans nearest_;
  KindFeatures features_;  // of loans
  std::size_t own_width_ = 0;
  std::size_t not_in_ledger_ = 0;
  Date last_valuation_;
  PeerIndex index_;
  std::vector<ConformityScore> scores_;  // the model's own, then the ledger's
  std::vector<std::pair<graph::NodeId, std::uint32_t>> positions_;  // ascending

  mutable std::mutex margins_mutex_;
  mutable std::map<Date, Margins> margins_;  // by day asked for
};

}  // namespace recoup::model
