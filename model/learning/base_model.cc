#include "model/learning/base_model.h"

#include <utility>

#include "model/learning/tree_cache.h"

namespace recoup::model {

std::vector<double> OutcomesOf(const LoanBook& book, std::span<const std::uint32_t> loans) {
  std::vector<double> outcomes;
  outcomes.reserve(loans.size());
  for (const std::uint32_t loan : loans) outcomes.push_back(book.examples[loan].recovery_rate);
  return outcomes;
}

Result<std::vector<FlatTrees>> GrowTrees(const Table& table, std::span<const double> targets,
                                         const EnsembleOptions& options,
                                         const std::atomic<bool>* stop) {
  std::vector<FlatTrees> grown;
  for (int i = 0; i < options.seeds; ++i) {
    BoostingOptions boosting = options.boosting;
    boosting.seed += static_cast<std::uint64_t>(i);
    boosting.threads = options.threads;
    RECOUP_ASSIGN(FlatTrees trees,
                  GrowOrRecall(options.cache, {&table, targets}, boosting, stop));
    grown.push_back(std::move(trees));
  }
  return grown;
}

Result<BaseModel> FitBase(const LoanBook& book, std::span<const std::uint32_t> loans,
                          const EnsembleOptions& options, const std::atomic<bool>* stop) {
  if (loans.empty()) {
    return Error{ErrorCode::kInvalidArgument, "the base cannot be fitted to no loans"};
  }
  BaseModel base;
  base.schema = FitLoanFeatures(book, loans, options.fit);
  const EncodedLoans encoded = EncodeLoans(book, base.schema, loans);
  if (encoded.table.columns.empty()) {
    return Error{ErrorCode::kInvalidArgument, "the loans have no feature that varies"};
  }
  const std::vector<double> outcomes = OutcomesOf(book, loans);
  RECOUP_ASSIGN(base.trees, GrowTrees(encoded.table, outcomes, options, stop));
  RECOUP_ASSIGN(base.ridge, RidgeProblem(encoded.table, outcomes).Solve(options.ridge_penalty));
  return base;
}

}  // namespace recoup::model
