#include "graph/ingest/table_plan.h"

#include <algorithm>
#include <map>
#include <utility>

namespace recoup::graph {
namespace {

// Collects what is selected while the mapping is walked, and the first column that is missing.
class Binder {
 public:
  Binder(const Mapping& mapping, const TableMapping& table, const std::vector<std::string>& columns,
         TablePlan* plan)
      : mapping_(mapping), table_(table), plan_(plan), known_(columns) {
    for (const ExpressionMapping& derived : table.derive) known_.push_back(derived.name);
  }

  Result<void> failure() const { return failure_; }

  std::size_t Column(const std::string& name, const MappingPlace& place) {
    CheckKnown(name, place);
    const auto [found, is_new] = positions_.emplace(name, plan_->selection.columns.size());
    if (is_new) plan_->selection.columns.push_back(name);
    return found->second;
  }

  void CheckKnown(const std::string& name, const MappingPlace& place) {
    if (!failure_.has_value()) return;
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) return;
    std::string list;
    for (const std::string& known : known_) list += (list.empty() ? "" : ", ") + known;
    failure_ = MappingError(
        mapping_, place,
        "column \"" + name + "\" is not in " + table_.file + " (columns: " + list + ")");
  }

  IdPlan Id(const IdMapping& id) {
    IdPlan plan;
    for (const IdMapping::Piece& piece : id.pieces) {
      if (piece.is_column) {
        plan.pieces.push_back({Column(piece.text, id.place), ""});
      } else {
        plan.pieces.push_back({std::nullopt, piece.text});
      }
    }
    return plan;
  }

  DatePlan DateOf(const DateMapping& date) {
    if (date.fixed.has_value()) return {date.fixed, 0};
    const std::size_t column = Column(date.column, date.place);
    std::vector<std::size_t>& slots = plan_->date_slots;
    const auto found = std::find(slots.begin(), slots.end(), column);
    if (found != slots.end()) {
      return {std::nullopt, static_cast<std::size_t>(found - slots.begin())};
    }
    slots.push_back(column);
    return {std::nullopt, slots.size() - 1};
  }

  DatesPlan Dates(const DateMapping& effective_at, const DateMapping& known_at) {
    return {DateOf(effective_at), DateOf(known_at)};
  }

  std::optional<std::size_t> When(const std::optional<ExpressionMapping>& when) {
    if (!when.has_value()) return std::nullopt;
    plan_->selection.conditions.push_back(*when);
    return plan_->selection.conditions.size() - 1;
  }

  std::optional<std::size_t> Optional(const std::optional<ColumnMapping>& column) {
    if (!column.has_value()) return std::nullopt;
    return Column(column->column, column->place);
  }

  FactPlan Fact(const FactMapping& fact) {
    FactPlan plan;
    plan.mapping = &fact;
    plan.when = When(fact.when);
    plan.groups.push_back({Dates(fact.effective_at, fact.known_at), {}});
    for (const AttributeMapping& attribute : fact.attributes) {
      const DatesPlan dates = Dates(attribute.effective_at, attribute.known_at);
      auto group = std::find_if(plan.groups.begin(), plan.groups.end(),
                                [&](const AttributeGroup& other) { return other.dates == dates; });
      if (group == plan.groups.end()) group = plan.groups.insert(group, {dates, {}});
      group->attributes.push_back(Attribute(attribute));
    }
    return plan;
  }

 private:
  AttributePlan Attribute(const AttributeMapping& attribute) {
    AttributePlan plan;
    plan.mapping = &attribute;
    if (!attribute.constant.has_value()) plan.column = Column(attribute.column, attribute.place);
    if (!attribute.currency_column.empty()) {
      plan.currency_column = Column(attribute.currency_column, attribute.place);
    }
    return plan;
  }

  const Mapping& mapping_;
  const TableMapping& table_;
  TablePlan* plan_;
  std::vector<std::string> known_;
  std::map<std::string, std::size_t> positions_;
  Result<void> failure_;
};

OutcomePlan PlanOutcome(const OutcomeMapping& outcome, Binder* binder) {
  OutcomePlan plan;
  plan.mapping = &outcome;
  plan.when = binder->When(outcome.when);
  plan.loan = binder->Id(outcome.loan);
  plan.recovery_rate = binder->Optional(outcome.recovery_rate);
  plan.loss = binder->Optional(outcome.loss);
  plan.exposure = binder->Optional(outcome.exposure);
  plan.valuation_date = binder->DateOf(outcome.valuation_date);
  plan.dates = binder->Dates(outcome.effective_at, outcome.known_at);
  return plan;
}

}  // namespace

Result<TablePlan> PlanTable(const Mapping& mapping, const TableMapping& table,
                            const std::vector<std::string>& columns) {
  TablePlan plan;
  plan.mapping = &table;
  Binder binder(mapping, table, columns, &plan);
  for (const ColumnMapping& column : table.forbidden_columns) {
    binder.CheckKnown(column.column, column.place);
  }
  for (const NodeMapping& node : table.nodes) {
    IdPlan id = binder.Id(node.id);
    plan.nodes.push_back({binder.Fact(node.fact), node.kind, std::move(id)});
  }
  for (const EdgeMapping& edge : table.edges) {
    IdPlan from = binder.Id(edge.from_id);
    IdPlan to = binder.Id(edge.to_id);
    plan.edges.push_back({binder.Fact(edge.fact), &edge, std::move(from), std::move(to)});
  }
  for (const OutcomeMapping& outcome : table.outcomes) {
    plan.outcomes.push_back(PlanOutcome(outcome, &binder));
  }
  RECOUP_TRY(binder.failure());
  return plan;
}

}  // namespace recoup::graph
