// An ensemble together with the timeline it was fitted on: walked, fitted, and ready to forecast
// any loan of its book.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/types/date.h"
#include "graph/types/result.h"
#include "model/learning/fit_ensemble.h"
#include "model/learning/timeline.h"

namespace recoup::model {

struct LearnOptions {
  EnsembleOptions ensemble{};
  CredibilityOptions credibility{};
  /// As in TimelineOptions.
  std::vector<char> silent{};
  std::vector<char> not_learnt{};
  bool without_edges = false;
  bool use_ledger = false;
};

/// Threads: share freely. Lifetime: must not outlive the book and the plug-in.
class LearntEnsemble {
 public:
  /// Walks forward in yearly steps up to `day` and fits the ensemble on what was known before it.
  /// Without a plug-in the credibility network is left out.
  /// Errors: those of WalkForward and FitEnsemble.
  static Result<LearntEnsemble> Learn(const LoanBook& book, Date day, const LearnOptions& options,
                                      const NetworkPlugin* plugin, const Observer& observer);

  const LoanBook& book() const { return *book_; }
  Date day() const { return day_; }
  std::span<const Date> cuts() const { return walk_.cuts; }
  /// Depth of its trees, as it was chosen.
  int depth() const { return timeline_.bases.back().depth; }
  const Timeline& timeline() const { return timeline_; }
  const FittedEnsemble& fitted() const { return fitted_; }
  const Ensemble& ensemble() const { return fitted_.ensemble; }

  /// The loans of the book that were learnt from.
  std::vector<std::uint32_t> LearntLoans() const { return LearntBefore(*book_, walk_, day_); }

  /// ContextOfLoan, with the mean of the learnt outcomes as its prior.
  std::vector<float> ContextOf(std::uint32_t loan) const;

  /// Returns the members' forecasts of these loans, each as of its own day.
  /// Errors: kInternal.
  Result<std::vector<MemberForecasts>> Forecast(std::span<const std::uint32_t> loans) const;

 private:
  LearntEnsemble() = default;
  FittingTask Task(const NetworkPlugin* plugin) const;

  const LoanBook* book_ = nullptr;
  Date day_;
  CredibilityOptions credibility_;
  TimelineOptions walk_;
  Timeline timeline_;
  FittedEnsemble fitted_;
};

}  // namespace recoup::model
