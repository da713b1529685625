#include "model/evaluation/learning_part.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace recoup::model {

std::vector<std::uint32_t> PositionsIn(const LoanBook& book, std::span<const Example> examples) {
  std::unordered_map<graph::NodeId, std::uint32_t> by_loan;
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    by_loan[book.examples[loan].loan] = loan;
  }
  std::vector<std::uint32_t> positions;
  positions.reserve(examples.size());
  for (const Example& example : examples) positions.push_back(by_loan.at(example.loan));
  return positions;
}

Date LearnBefore(const PreparedData& data) {
  if (data.dates) return data.dates->train_before;
  Date last = Date::Min();
  for (const Example& example : data.training) last = std::max(last, example.outcome_known_at);
  return last.PlusDays(1);
}

void KeepApart(const PreparedData& data, const LoanBook& book, LearnOptions* options) {
  const bool by_date = data.dates.has_value();
  if (by_date && data.newcomers.empty()) return;
  // Of a split that is not by date, most of the book is not training.
  std::vector<char> kept_apart(book.size(), by_date ? 0 : 1);
  if (!by_date) {
    for (const std::uint32_t loan : PositionsIn(book, data.training)) kept_apart[loan] = 0;
  }
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    if (data.newcomers.contains(book.examples[loan].loan)) kept_apart[loan] = 1;
  }
  const bool heard = data.scenario.new_groups && data.scenario.new_groups->are_heard;
  (heard ? options->not_learnt : options->silent) = std::move(kept_apart);
}

}  // namespace recoup::model
