#include "model/learning/base_model.h"

#include <limits>
#include <utility>

#include "model/learning/in_parallel.h"
#include "model/learning/tree_cache.h"

namespace recoup::model {

std::vector<double> OutcomesOf(const LoanBook& book, std::span<const std::uint32_t> loans) {
  std::vector<double> outcomes;
  outcomes.reserve(loans.size());
  for (const std::uint32_t loan : loans) outcomes.push_back(book.examples[loan].recovery_rate);
  return outcomes;
}

Result<void> GrowAll(std::span<const Growing> wanted, std::span<const double> targets,
                     const EnsembleOptions& options, const std::atomic<bool>* stop) {
  const auto seeds = static_cast<std::size_t>(options.seeds);
  for (const Growing& one : wanted) one.trees->assign(seeds, FlatTrees());
  return TryInParallel(wanted.size() * seeds, options.threads, [&](std::size_t i) -> Result<void> {
    const Growing& one = wanted[i / seeds];
    BoostingOptions boosting = options.boosting;
    boosting.seed += i % seeds;
    boosting.threads = 1;
    RECOUP_ASSIGN((*one.trees)[i % seeds],
                  GrowOrRecall(options.cache, {one.table, targets}, boosting, stop));
    return {};
  });
}

Result<std::vector<FlatTrees>> GrowTrees(const Table& table, std::span<const double> targets,
                                         const EnsembleOptions& options,
                                         const std::atomic<bool>* stop) {
  std::vector<FlatTrees> grown;
  const Growing one{&table, &grown};
  RECOUP_TRY(GrowAll({&one, 1}, targets, options, stop));
  return grown;
}

Result<BaseModel> FitBase(const LoanBook& book, std::span<const std::uint32_t> loans,
                          const EnsembleOptions& options, const std::atomic<bool>* stop) {
  if (loans.empty()) {
    return Error{ErrorCode::kInvalidArgument, "the base cannot be fitted to no loans"};
  }
  BaseModel base;
  base.depth = options.boosting.max_depth;
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

Result<int> ChooseDepth(const LoanBook& book, std::span<const std::uint32_t> loans,
                        const EnsembleOptions& options, const std::atomic<bool>* stop) {
  const int deep = options.boosting.max_depth;
  const std::size_t learnt = loans.size() * 4 / 5;
  if (deep <= kShallow || learnt == 0 || learnt == loans.size()) return deep;
  const auto judged = loans.subspan(learnt);
  double least = std::numeric_limits<double>::infinity();
  int best = deep;
  for (const int depth : {deep, kShallow}) {
    EnsembleOptions tried = options;
    tried.boosting.max_depth = depth;
    tried.seeds = 1;
    RECOUP_ASSIGN(const BaseModel base, FitBase(book, loans.first(learnt), tried, stop));
    const EncodedLoans encoded = EncodeLoans(book, base.schema, judged);
    const std::size_t width = encoded.table.columns.size();
    double squares = 0.0;
    for (std::size_t i = 0; i < judged.size(); ++i) {
      const auto row = std::span(encoded.table.values).subspan(i * width, width);
      const double error = book.examples[judged[i]].recovery_rate -
                           static_cast<double>(base.trees.front().Predict(row));
      squares += error * error;
    }
    if (squares < least) {
      least = squares;
      best = depth;
    }
  }
  return best;
}

}  // namespace recoup::model
