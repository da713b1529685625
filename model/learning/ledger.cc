#include "model/learning/ledger.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace recoup::model {
namespace {

std::string ByWhom(std::string_view version, std::span<const Date> cuts, Date day) {
  const auto after = std::upper_bound(cuts.begin(), cuts.end(), day);
  if (after == cuts.begin()) return std::string(version) + ", mean of the outcomes known before";
  return std::string(version) + ", learnt before " + (after - 1)->ToString();
}

}  // namespace

std::vector<graph::Fact> LedgerEntries(const LearntEnsemble& learnt, std::string_view version,
                                       const std::map<std::uint32_t, LedgerForecast>& forecasts) {
  const LoanBook& book = learnt.book();
  std::vector<graph::Fact> entries;
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    const float expected = learnt.timeline().expected[loan];
    if (std::isnan(expected) || !std::isnan(book.expected[loan])) continue;
    if (book.is_gone[loan] != 0) continue;
    LedgerEntry entry{static_cast<double>(expected),
                      ByWhom(version, learnt.cuts(), book.examples[loan].as_of)};
    const auto forecast = forecasts.find(loan);
    if (forecast != forecasts.end()) entry.forecast = forecast->second;
    entries.push_back(ToFact(entry, book.records[loan].key, book.examples[loan].outcome_known_at));
  }
  return entries;
}

}  // namespace recoup::model
