#include "model/peers/ledger_entry.h"

#include <algorithm>
#include <variant>

#include "graph/schema/attribute.h"

namespace recoup::model {
namespace {

constexpr const char* kExpected = "expected_recovery";

std::optional<double> NumberOf(const graph::NodeRecord& loan, graph::AttributeId id) {
  const graph::AttributeValue* value = loan.Find(id);
  const double* number = value == nullptr ? nullptr : std::get_if<double>(value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

}  // namespace

graph::Fact ToFact(const LedgerEntry& entry, const graph::NodeKey& loan, Date outcome_known_at) {
  graph::NodeFact fact{
      .node = loan,
      .attributes = {{kExpected, entry.expected}, {"expected_by", entry.expected_by}},
      .dates = {outcome_known_at, outcome_known_at}};
  if (entry.forecast) {
    fact.attributes.push_back({"forecast_recovery", entry.forecast->mean});
    fact.attributes.push_back({"forecast_low", entry.forecast->low});
    fact.attributes.push_back({"forecast_high", entry.forecast->high});
  }
  return fact;
}

std::optional<LedgerEntry> ReadLedgerEntry(const graph::NodeRecord& loan) {
  const auto expected = NumberOf(loan, graph::attribute::kLoanExpectedRecovery);
  if (!expected) return std::nullopt;
  LedgerEntry entry{*expected, {}};
  const graph::AttributeValue* by = loan.Find(graph::attribute::kLoanExpectedBy);
  const auto* text = by == nullptr ? nullptr : std::get_if<std::string>(by);
  if (text != nullptr) entry.expected_by = *text;
  const auto mean = NumberOf(loan, graph::attribute::kLoanForecastRecovery);
  const auto low = NumberOf(loan, graph::attribute::kLoanForecastLow);
  const auto high = NumberOf(loan, graph::attribute::kLoanForecastHigh);
  if (mean && low && high) entry.forecast = LedgerForecast{*mean, *low, *high};
  return entry;
}

bool IsLedgerFact(const graph::Fact& fact) {
  const auto* node = std::get_if<graph::NodeFact>(&fact);
  if (node == nullptr || node->node.kind != graph::NodeKind::kLoan) return false;
  return std::any_of(node->attributes.begin(), node->attributes.end(),
                     [](const auto& attribute) { return attribute.name == kExpected; });
}

}  // namespace recoup::model
