#include "graph/ingest/row_mapper.h"

#include <algorithm>
#include <utility>

namespace recoup::graph {

RowMapper::RowMapper(const TablePlan& plan) : plan_(plan), slots_(plan.date_slots.size()) {}

const MappedRow& RowMapper::Map(const TableReader& reader, std::size_t row) {
  reader_ = &reader;
  row_ = row;
  mapped_.facts.clear();
  mapped_.bad_cells.clear();
  std::fill(slots_.begin(), slots_.end(), Slot());
  if (const auto failed = reader.failed_derived(row)) {
    AddBad(plan_.mapping->derive[*failed].name, "", "the derived column cannot be computed");
  }
  for (const NodePlan& node : plan_.nodes) MapNode(node);
  for (const EdgePlan& edge : plan_.edges) MapEdge(edge);
  for (const OutcomePlan& outcome : plan_.outcomes) MapOutcome(outcome);
  mapped_.rejected = !mapped_.bad_cells.empty() && plan_.mapping->on_bad_cell == OnBadCell::kRow;
  if (mapped_.rejected) mapped_.facts.clear();
  return mapped_;
}

void RowMapper::AddBad(std::string_view column, std::string_view value, std::string_view reason) {
  for (const BadCell& bad : mapped_.bad_cells) {
    if (bad.column == column && bad.reason == reason) return;
  }
  mapped_.bad_cells.push_back({std::string(column), std::string(value), std::string(reason)});
}

bool RowMapper::Holds(std::optional<std::size_t> when) {
  if (!when.has_value()) return true;
  const Truth truth = reader_->condition(row_, *when);
  if (truth == Truth::kFailed) {
    const MappingPlace& place = plan_.selection.conditions[*when].place;
    AddBad(place.key, "", "the condition cannot be computed");
  }
  return truth == Truth::kTrue;
}

std::optional<std::string> RowMapper::Id(const IdPlan& id, bool optional) {
  std::string text;
  std::string_view last_column;
  for (const IdPlan::Piece& piece : id.pieces) {
    if (!piece.column.has_value()) {
      text += piece.literal;
      continue;
    }
    last_column = ColumnName(*piece.column);
    const auto cell = Cell(*piece.column);
    if (!cell.has_value() || cell->empty()) {
      if (!optional) AddBad(last_column, "", "the id is empty");
      return std::nullopt;
    }
    text += *cell;
  }
  if (IsExternalId(text)) return text;
  AddBad(last_column, text, "an id has 1 to 256 bytes and no control characters");
  return std::nullopt;
}

const RowMapper::Slot& RowMapper::ReadSlot(std::size_t slot) {
  Slot& read = slots_[slot];
  if (read.state != Slot::State::kUnread) return read;
  const std::size_t column = plan_.date_slots[slot];
  const auto cell = Cell(column);
  read.state = Slot::State::kEmpty;
  if (!cell.has_value()) return read;
  const Result<Date> date = ReadDate(*cell, plan_.mapping->date_formats);
  read.state = date.has_value() ? Slot::State::kRead : Slot::State::kBad;
  read.date = date.value_or(Date());
  if (!date.has_value()) AddBad(ColumnName(column), *cell, date.error().message);
  return read;
}

std::optional<Date> RowMapper::DateOf(const DatePlan& plan) {
  if (plan.fixed.has_value()) return plan.fixed;
  const Slot& slot = ReadSlot(plan.slot);
  if (slot.state == Slot::State::kRead) return slot.date;
  if (slot.state == Slot::State::kEmpty) {
    AddBad(ColumnName(plan_.date_slots[plan.slot]), "", "the date of a fact is empty");
  }
  return std::nullopt;
}

std::optional<FactDates> RowMapper::Dates(const DatesPlan& plan) {
  const std::optional<Date> effective_at = DateOf(plan.effective_at);
  const std::optional<Date> known_at = DateOf(plan.known_at);
  if (!effective_at.has_value() || !known_at.has_value()) return std::nullopt;
  return FactDates{*effective_at, *known_at};
}

std::optional<CellFormat> RowMapper::FormatInCurrency(const AttributePlan& attribute) {
  CellFormat format = attribute.mapping->format;
  const auto code = Cell(*attribute.currency_column);
  if (!code.has_value()) {
    if (format.currency != Currency()) return format;
    AddBad(ColumnName(*attribute.currency_column), "", "the currency is empty");
    return std::nullopt;
  }
  const Result<Currency> currency = Currency::Parse(*code);
  if (!currency.has_value()) {
    AddBad(ColumnName(*attribute.currency_column), *code, "not an active ISO 4217 currency");
    return std::nullopt;
  }
  format.currency = *currency;
  return format;
}

std::optional<AttributeValue> RowMapper::Value(const AttributePlan& attribute) {
  if (attribute.mapping->constant.has_value()) return attribute.mapping->constant;
  const auto cell = Cell(attribute.column);
  if (!cell.has_value() || cell->empty()) {
    if (attribute.mapping->required) {
      AddBad(ColumnName(attribute.column), "", "a required cell is empty");
    }
    return std::nullopt;
  }
  std::optional<CellFormat> in_currency;
  if (attribute.currency_column.has_value()) {
    in_currency = FormatInCurrency(attribute);
    if (!in_currency.has_value()) return std::nullopt;
  }
  auto value = ReadCell(*cell, in_currency.has_value() ? *in_currency : attribute.mapping->format);
  if (value.has_value()) return std::move(*value);
  AddBad(ColumnName(attribute.column), *cell, value.error().message);
  return std::nullopt;
}

std::vector<NamedAttribute> RowMapper::Attributes(const AttributeGroup& group) {
  std::vector<NamedAttribute> attributes;
  attributes.reserve(group.attributes.size());
  for (const AttributePlan& attribute : group.attributes) {
    if (auto value = Value(attribute)) {
      attributes.push_back({attribute.mapping->definition.name, std::move(*value)});
    }
  }
  return attributes;
}

// The first group says that the thing exists; the others only matter if they have something to say.
template <typename MakeFact>
void RowMapper::MapGroups(const FactPlan& plan, const MakeFact& make) {
  for (std::size_t i = 0; i < plan.groups.size(); ++i) {
    std::vector<NamedAttribute> attributes = Attributes(plan.groups[i]);
    if (i > 0 && attributes.empty()) continue;
    const std::optional<FactDates> dates = Dates(plan.groups[i].dates);
    if (!dates.has_value()) continue;
    mapped_.facts.push_back({make(std::move(attributes), *dates), plan.mapping->once});
  }
}

void RowMapper::MapNode(const NodePlan& plan) {
  const FactMapping& fact = *plan.fact.mapping;
  if (!Holds(plan.fact.when)) return;
  const auto id = Id(plan.id, fact.optional);
  if (!id.has_value()) return;
  MapGroups(plan.fact, [&](std::vector<NamedAttribute> attributes, FactDates dates) -> Fact {
    return NodeFact{{plan.kind, *id}, fact.operation, std::move(attributes), dates};
  });
}

void RowMapper::MapEdge(const EdgePlan& plan) {
  const FactMapping& fact = *plan.fact.mapping;
  if (!Holds(plan.fact.when)) return;
  const auto from = Id(plan.from, fact.optional);
  const auto to = Id(plan.to, fact.optional);
  if (!from.has_value() || !to.has_value()) return;
  const EdgeMapping& edge = *plan.mapping;
  MapGroups(plan.fact, [&](std::vector<NamedAttribute> attributes, FactDates dates) -> Fact {
    return EdgeFact{edge.kind,      {edge.from_kind, *from}, {edge.to_kind, *to},
                    fact.operation, std::move(attributes),   dates};
  });
}

std::optional<double> RowMapper::Number(std::size_t column, int decimal_shift, bool decimal_comma) {
  const auto cell = Cell(column);
  if (!cell.has_value()) {
    AddBad(ColumnName(column), "", "a required cell is empty");
    return std::nullopt;
  }
  const Result<double> number = ReadNumber(*cell, decimal_shift, decimal_comma);
  if (number.has_value()) return *number;
  AddBad(ColumnName(column), *cell, number.error().message);
  return std::nullopt;
}

std::optional<double> RowMapper::RecoveryRate(const OutcomePlan& plan) {
  const OutcomeMapping& outcome = *plan.mapping;
  if (plan.recovery_rate.has_value()) {
    const auto rate = Number(*plan.recovery_rate, outcome.decimal_shift, outcome.decimal_comma);
    if (!rate.has_value() || (*rate >= 0.0 && *rate <= 1.0)) return rate;
    AddBad(ColumnName(*plan.recovery_rate), Cell(*plan.recovery_rate).value_or(""),
           "a recovery rate lies between 0 and 1");
    return std::nullopt;
  }
  const auto loss = Number(*plan.loss, 0, outcome.decimal_comma);
  const auto exposure = Number(*plan.exposure, 0, outcome.decimal_comma);
  if (!loss.has_value() || !exposure.has_value()) return std::nullopt;
  if (*exposure > 0.0) return 1.0 - std::clamp(*loss / *exposure, 0.0, 1.0);
  AddBad(ColumnName(*plan.exposure), Cell(*plan.exposure).value_or(""),
         "the exposure of an outcome must be positive");
  return std::nullopt;
}

void RowMapper::MapOutcome(const OutcomePlan& plan) {
  if (!Holds(plan.when)) return;
  auto loan = Id(plan.loan, false);
  const std::optional<double> rate = RecoveryRate(plan);
  const std::optional<Date> valuation_date = DateOf(plan.valuation_date);
  const std::optional<FactDates> dates = Dates(plan.dates);
  if (!loan.has_value() || !rate.has_value() || !valuation_date.has_value() || !dates.has_value()) {
    return;
  }
  if (*valuation_date > dates->known_at) {
    AddBad(plan.mapping->place.key, valuation_date->ToString(),
           "an outcome must not be known before its valuation date");
    return;
  }
  mapped_.facts.push_back(
      {OutcomeFact{{NodeKind::kLoan, std::move(*loan)}, *rate, *valuation_date, *dates}, false});
}

}  // namespace recoup::graph
