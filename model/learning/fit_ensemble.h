// Fits the members of the ensemble on a timeline, and lets them forecast its loans.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/types/date.h"
#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/learning/timeline.h"
#include "model/predictor/network_plugin.h"
#include "model/runtime/ensemble_forecast.h"

namespace recoup::model {

/// An ensemble with the schema of the loans' own features that it reads.
struct FittedEnsemble {
  Ensemble ensemble;
  FeatureSchema schema;
};

/// What fitting looks at. Lifetime: everything referred to must outlive the call.
struct FittingTask {
  const LoanBook& book;
  const Timeline& timeline;
  const TimelineOptions& walk;
  /// A base of the timeline, and the day as of which it was fitted.
  std::size_t base = 0;
  Date day;
  /// Null: the credibility network is left out and its weight shared among the others.
  const NetworkPlugin* plugin = nullptr;
  CredibilityOptions credibility{};
};

/// Fits every member on the outcomes known before the day. Targets of ridge and network are the
/// residuals against the time-forward expectation, never against a fit that knew the loan.
/// Errors: kInvalidArgument, kCancelled, kInternal.
Result<FittedEnsemble> FitEnsemble(const FittingTask& task, const Observer& observer);

/// Returns what the ensemble forecasts for these loans of the book, each as of its own day.
/// Shape: one entry a loan, in order.
/// Errors: kInternal (the network does not fit the loans).
Result<std::vector<MemberForecasts>> ForecastLoans(const FittingTask& task,
                                                   const FittedEnsemble& fitted,
                                                   std::span<const std::uint32_t> loans);

/// Returns what the networks look at beside a loan of the timeline (NetworkContext): with its
/// time-forward expectation, or `prior` where there is none.
std::vector<float> ContextOfLoan(const Timeline& timeline, double prior, std::uint32_t loan);

}  // namespace recoup::model
