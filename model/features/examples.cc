#include <algorithm>

#include "model/features/encoder.h"

namespace recoup::model {

Result<std::vector<Example>> CollectExamples(const graph::GraphView& view) {
  RECOUP_ASSIGN(const std::vector<graph::NodeId> loans, view.Nodes(graph::NodeKind::kLoan));
  std::vector<Example> examples;
  for (const graph::NodeId loan : loans) {
    RECOUP_ASSIGN(const std::optional<graph::Outcome> outcome, view.OutcomeOf(loan));
    if (!outcome.has_value()) continue;
    RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(loan));
    if (record.first_known_at > outcome->valuation_date) continue;
    examples.push_back(
        {loan, outcome->valuation_date, outcome->known_at, outcome->recovery_rate});
  }
  std::sort(examples.begin(), examples.end(), [](const Example& a, const Example& b) {
    return a.outcome_known_at != b.outcome_known_at ? a.outcome_known_at < b.outcome_known_at
                                                    : a.loan < b.loan;
  });
  return examples;
}

}  // namespace recoup::model
