// When a rolling evaluation refits, and which loans it scores.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "graph/types/date.h"
#include "graph/types/result.h"
#include "model/evaluation/bootstrap.h"
#include "model/evaluation/evaluate.h"
#include "model/peers/loan_book.h"

namespace recoup::model {

struct RollingOptions {
  /// First refit; none: the first January before which 1,000 outcomes were known.
  std::optional<Date> from{};
  /// Loans valued from this day on are not scored; none: the day after the last valuation.
  std::optional<Date> to{};
  /// Loans valued before this day are not scored, but their errors widen later intervals; none: a
  /// year after `from`.
  std::optional<Date> scored_from{};
  int months = 6;           // between refits of base and members
  int network_months = 12;  // between refits of the network that gives the distribution its shape
  FitOptions fit{};
  TrainingOptions training{};
  EnsembleOptions ensemble{};
  CredibilityOptions credibility{};
  BootstrapOptions bootstrap{};
  int seeds = 3;
  int threads = 2;
  /// Where finished steps are kept, so that an interrupted run goes on; empty: nowhere.
  std::filesystem::path checkpoint{};
};

/// Days that cut a rolling evaluation.
struct RollingPlan {
  Date from;
  Date scored_from;
  Date to;
  std::vector<Date> steps;  // refits, ascending; the first on `from`

  /// The day before which the loans of a step are valued.
  Date EndOf(std::size_t step) const { return step + 1 < steps.size() ? steps[step + 1] : to; }
};

/// Errors: kInvalidArgument (dates out of order, nothing to score). REQUIRES: the book is not
/// empty.
Result<RollingPlan> PlanRolling(const LoanBook& book, const RollingOptions& options);

/// Returns the first of the month that lies this many months away.
Date PlusMonths(Date day, int months);

}  // namespace recoup::model
