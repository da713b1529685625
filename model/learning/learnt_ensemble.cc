#include "model/learning/learnt_ensemble.h"

#include <utility>

namespace recoup::model {

Result<LearntEnsemble> LearntEnsemble::Learn(const LoanBook& book, Date day,
                                             const LearnOptions& options,
                                             const NetworkPlugin* plugin,
                                             const Observer& observer) {
  LearntEnsemble learnt;
  learnt.book_ = &book;
  learnt.day_ = day;
  learnt.credibility_ = options.credibility;
  learnt.walk_ = {.ensemble = options.ensemble,
                  .cuts = YearlyCuts(book, day),
                  .silent = options.silent,
                  .not_learnt = options.not_learnt,
                  .without_edges = options.without_edges,
                  .use_ledger = options.use_ledger};
  RECOUP_ASSIGN(learnt.timeline_, WalkForward(book, learnt.walk_, observer));
  RECOUP_ASSIGN(learnt.fitted_, FitEnsemble(learnt.Task(plugin), observer));
  return learnt;
}

FittingTask LearntEnsemble::Task(const NetworkPlugin* plugin) const {
  return {*book_, timeline_, walk_, walk_.cuts.size() - 1, day_, plugin, credibility_};
}

std::vector<float> LearntEnsemble::ContextOf(std::uint32_t loan) const {
  return ContextOfLoan(timeline_, fitted_.schema.prior_recovery_rate(), loan);
}

Result<std::vector<MemberForecasts>> LearntEnsemble::Forecast(
    std::span<const std::uint32_t> loans) const {
  return ForecastLoans(Task(nullptr), fitted_, loans);
}

}  // namespace recoup::model
