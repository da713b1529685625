// A walked world of loans, ready to fit an ensemble on.
#pragma once

#include <utility>

#include "model/learning/fit_ensemble.h"
#include "tests/unit/model/learning/peer_world.h"
#include "tests/unit/model/learning/random_plugin.h"

namespace recoup::model::testing {

struct FittingWorld {
  explicit FittingWorld(const PeerWorld& world = PeerWorld(), TimelineOptions options = SmallWalk())
      : book(world.Book()), walk(std::move(options)), timeline(Walked(book, walk)) {}

  FittingTask Task(CredibilityVariant variant = CredibilityVariant::kDeep) const {
    FittingTask task{.book = book,
                     .timeline = timeline,
                     .walk = walk,
                     .base = timeline.bases.size() - 1,
                     .day = walk.cuts.back()};
    task.plugin = &plugin;
    task.credibility.variant = variant;
    return task;
  }

  std::vector<std::uint32_t> All() const {
    std::vector<std::uint32_t> loans(book.size());
    for (std::uint32_t loan = 0; loan < book.size(); ++loan) loans[loan] = loan;
    return loans;
  }

  LoanBook book;
  TimelineOptions walk;
  Timeline timeline;
  RandomPlugin plugin;
};

inline FittedEnsemble Fitted(const FittingTask& task) {
  auto fitted = FitEnsemble(task, {});
  if (!fitted.has_value()) FAIL(fitted.error().message);
  return std::move(fitted).value();
}

}  // namespace recoup::model::testing
