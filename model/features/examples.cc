#include <algorithm>

#include "model/features/by_day.h"
#include "model/features/encoder.h"

namespace recoup::model {
namespace {

// Nodes are numbered from 0 within their kind, so that loans that were removed are asked too:
// without them, training would see survivors only.
Result<std::vector<Example>> ResolvedLoans(const graph::GraphStore& store) {
  RECOUP_ASSIGN(const graph::StoreStatistics statistics, store.Statistics());
  const auto count = statistics.nodes.find(graph::NodeKind::kLoan);
  std::vector<Example> resolved;
  if (count == statistics.nodes.end()) return resolved;
  const auto latest = store.ViewAsOf(Date::Max());
  for (std::uint64_t i = 0; i < count->second; ++i) {
    const graph::NodeId loan(static_cast<std::uint8_t>(graph::NodeKind::kLoan), i);
    RECOUP_ASSIGN(const std::optional<graph::Outcome> outcome, latest->OutcomeOf(loan));
    if (!outcome.has_value()) continue;
    resolved.push_back({loan, outcome->valuation_date, outcome->known_at, outcome->recovery_rate});
  }
  return resolved;
}

Result<bool> Shows(const graph::GraphView& view, graph::NodeId loan) {
  const Result<graph::NodeRecord> record = view.Node(loan);
  if (record.has_value()) return true;
  if (record.error().code == ErrorCode::kNotFound) return false;
  return record.error();
}

}  // namespace

Result<CollectedExamples> CollectExamples(const graph::GraphStore& store,
                                          const ExampleOptions& options) {
  RECOUP_ASSIGN(std::vector<Example> resolved, ResolvedLoans(store));
  if (options.lag_days) {
    for (Example& example : resolved) {
      example.as_of = example.outcome_known_at.PlusDays(-*options.lag_days);
    }
  }
  CollectedExamples collected;
  DayViews views(store);
  for (const std::uint32_t position : PositionsByDay(resolved)) {
    const Example& example = resolved[position];
    if (!options.lag_days && example.outcome_known_at <= example.as_of) {
      ++collected.known_at_once;
      continue;
    }
    RECOUP_ASSIGN(const bool shown, Shows(views.On(example.as_of), example.loan));
    if (shown) {
      collected.examples.push_back(example);
    } else {
      ++collected.not_shown;
    }
  }
  std::sort(
      collected.examples.begin(), collected.examples.end(), [](const Example& a, const Example& b) {
        return a.outcome_known_at != b.outcome_known_at ? a.outcome_known_at < b.outcome_known_at
                                                        : a.loan < b.loan;
      });
  return collected;
}

}  // namespace recoup::model
