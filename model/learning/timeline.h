// Walking forward through the outcomes: what was expected of each loan by a model that knew only
// the past, and what its resolved peers said of it on its own day.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/types/date.h"
#include "graph/types/result.h"
#include "model/learning/base_model.h"
#include "model/learning/observer.h"
#include "model/peers/nearest_loans.h"
#include "model/peers/peer_index.h"

namespace recoup::model {

struct TimelineOptions {
  EnsembleOptions ensemble{};
  /// Days on which the base is refitted on all outcomes known by then, ascending. Loans valued
  /// before the first are expected to bring the mean of what was known by then.
  std::vector<Date> cuts;
  /// Loans whose outcomes nobody may see and nothing is fitted on; empty: none. Shape: [loans].
  std::vector<char> silent{};
  /// Loans that speak as peers but that nothing is fitted on; empty: none. Shape: [loans].
  std::vector<char> not_learnt{};
  /// Use no relation at all.
  bool without_edges = false;
  /// Where the book's ledger says what was expected of a loan, take that: it was written once, by
  /// the model of its time, and is what serving hears.
  bool use_ledger = false;
};

/// Everything that members look at, for every loan of a book as of its own valuation date. Rows
/// are loans of the book.
/// Lifetime: must not outlive the book.
struct Timeline {
  /// One base a cut, in order; the last is what a model fitted on the last cut serves with.
  std::vector<BaseModel> bases;
  std::vector<float> expected;         // the time-forward expectation; NaN before any outcome
  std::vector<std::string> relations;  // ascending
  std::vector<std::uint32_t> numbers;  // of the relations, in the book's catalog
  std::vector<std::string> history_relations;
  std::vector<std::uint32_t> history_numbers;
  Table outcome;   // 5 columns a relation
  Table residual;  // 2 columns a relation
  std::vector<std::array<float, kNearestColumns>> nearest;
  std::vector<char> has_history;
  /// The peers as they were heard: for whoever wants them one by one.
  std::shared_ptr<const PeerIndex> index;
};

/// Returns yearly cuts: from the first January before which 500 outcomes were known, up to `last`.
std::vector<Date> YearlyCuts(const LoanBook& book, Date last);

/// Returns the loans of the book that a model fitted on `day` may learn from: those whose outcome
/// was known before it.
std::vector<std::uint32_t> LearntBefore(const LoanBook& book, const TimelineOptions& options,
                                        Date day);

/// Errors: kInvalidArgument (no cuts, or no outcome known before the last), kCancelled, kInternal.
Result<Timeline> WalkForward(const LoanBook& book, const TimelineOptions& options,
                             const Observer& observer);

}  // namespace recoup::model
