// A timeline as the credibility network sees it: loans as rows, and their peers in slots.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/types/result.h"
#include "model/learning/fit_ensemble.h"
#include "model/predictor/credibility.h"

namespace recoup::model {

/// Relations that are listened to at most.
inline constexpr std::size_t kMostMessageRelations = 4;

/// Inputs for some loans; all loans of the book stand as their peers.
struct CredibilityCase {
  LoanRows rows;  // of the whole book
  CredibilityInputs inputs;
};

/// Returns the relations whose peers tell most: of those that speak to at least a tenth of the
/// learnt loans, the ones whose shrunken residual means explain most of the loans' own time-forward
/// residuals (sum of squares of a line through 0).
std::vector<std::string> MessageRelations(const Timeline& timeline,
                                          std::span<const std::uint32_t> learnt);

CredibilityCase MakeCredibilityCase(const FittingTask& task, const FittedEnsemble& fitted,
                                    std::span<const std::uint32_t> loans);

/// Returns what the network adds to the base for each loan; the mean over seeds, 0 without one.
/// Errors: kInternal (the network does not fit the loans).
Result<std::vector<double>> CredibilityCorrections(const FittingTask& task,
                                                   const FittedEnsemble& fitted,
                                                   std::span<const std::uint32_t> loans);

}  // namespace recoup::model
