// Seeded random values of our own types, for round trips.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "server/engine/valuation_source.h"

namespace recoup::server {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Below(std::uint64_t limit) { return engine_() % limit; }
  bool Coin() { return Below(2) == 1; }
  double Share() { return static_cast<double>(Below(1'000'001)) / 1e6; }
  std::string Word() {
    static const std::vector<std::string> words = {"", "L-1", "zł", "中文", "a b", "\n\t", "x\"y"};
    return words[Below(words.size())];
  }
  Date Day() { return *Date::FromYearMonthDay(1 + static_cast<int>(Below(9999)), 1, 1); }
  Currency Coinage() {
    static const std::vector<std::string> codes = {"USD", "EUR", "JPY", "KWD", "PLN"};
    return *Currency::Parse(codes[Below(codes.size())]);
  }
  Money Amount() { return Amount(Coinage()); }
  Money Amount(Currency currency) { return {static_cast<std::int64_t>(engine_()), currency}; }
  graph::NodeKind Node() { return graph::kAllNodeKinds[Below(graph::kAllNodeKinds.size())]; }
  graph::EdgeKind Edge() { return graph::kAllEdgeKinds[Below(graph::kAllEdgeKinds.size())]; }
  graph::NodeKey Key() { return {Node(), Word()}; }

  graph::NamedAttribute Attribute() {
    switch (Below(5)) {
      case 0:
        return {Word(), -Share() * 1e9};
      case 1:
        return {Word(), graph::Category{Word()}};
      case 2:
        return {Word(), Word()};
      case 3:
        return {Word(), Day()};
      default:
        return {Word(), Amount()};
    }
  }
  std::vector<graph::NamedAttribute> Attributes() {
    std::vector<graph::NamedAttribute> attributes;
    for (std::uint64_t i = Below(4); i > 0; --i) attributes.push_back(Attribute());
    return attributes;
  }
  graph::FactOperation Operation() {
    return Coin() ? graph::FactOperation::kUpsert : graph::FactOperation::kRemove;
  }
  graph::Fact Fact() {
    const graph::FactDates dates{Day(), Day()};
    switch (Below(3)) {
      case 0:
        return graph::NodeFact{Key(), Operation(), Attributes(), dates};
      case 1:
        return graph::EdgeFact{Edge(), Key(), Key(), Operation(), Attributes(), dates};
      default:
        return graph::OutcomeFact{{graph::NodeKind::kLoan, Word()}, Share(), Day(), dates};
    }
  }
  graph::AttributeDefinition Definition() {
    graph::AttributeDefinition definition;
    if (Coin()) {
      definition.owner = Edge();
    } else {
      definition.owner = Node();
    }
    definition.name = Word();
    definition.type = static_cast<graph::AttributeType>(1 + Below(5));
    definition.role = static_cast<graph::AttributeRole>(1 + Below(4));
    return definition;
  }
  graph::FactBatch Batch() {
    graph::FactBatch batch;
    batch.source = Word();
    batch.source_offset = engine_();
    for (std::uint64_t i = Below(3); i > 0; --i) batch.declarations.push_back(Definition());
    for (std::uint64_t i = Below(6); i > 0; --i) batch.facts.push_back(Fact());
    return batch;
  }

  /// Masses are multiples of 1/1024, which sum to 1 without rounding.
  model::RecoveryForecast Forecast() {
    model::RecoveryDistribution::Masses masses{};
    for (int i = 0; i < 1024; ++i) masses[Below(masses.size())] += 1.0 / 1024.0;
    model::RecoveryForecast forecast;
    forecast.distribution = *model::RecoveryDistribution::FromMasses(masses);
    forecast.lower = Share() / 2;
    forecast.upper = 0.5 + Share() / 2;
    forecast.coverage = Share();
    return forecast;
  }
  server::Provenance Provenance() { return {Word(), Word(), Word(), engine_(), Day(), Word()}; }
  LoanAnswer Answer() {
    LoanAnswer answer;
    answer.loan_id = Word();
    answer.forecast = Forecast();
    answer.provenance = Provenance();
    const Currency currency = Coinage();
    model::LoanValuation& valuation = answer.valuation;
    valuation.expected_rate = Rate(Share());
    valuation.lower_rate = Rate(answer.forecast.lower);
    valuation.upper_rate = Rate(answer.forecast.upper);
    valuation.coverage = answer.forecast.coverage;
    for (Money* money : {&valuation.claim, &valuation.expected_recovery, &valuation.recovery_p10,
                         &valuation.recovery_p50, &valuation.recovery_p90,
                         &valuation.recovery_lower, &valuation.recovery_upper, &valuation.price,
                         &valuation.price_lower, &valuation.price_upper}) {
      *money = Amount(currency);
    }
    for (std::uint64_t i = Below(61); i > 0; --i) {
      valuation.monthly_recoveries.push_back(Amount(currency));
    }
    return answer;
  }
  NamedNode Named() { return {Key(), Day(), Attributes()}; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace recoup::server
