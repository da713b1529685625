// A table's mapping bound to the columns that the file really has: names become positions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "graph/ingest/mapping.h"
#include "graph/ingest/table_reader.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// An id as literals and positions of selected columns.
struct IdPlan {
  struct Piece {
    std::optional<std::size_t> column;
    std::string literal;
  };
  std::vector<Piece> pieces;
};

/// A date: fixed, or the one in a date slot. A row's slots are read once, however often used.
struct DatePlan {
  std::optional<Date> fixed;
  std::size_t slot = 0;

  bool operator==(const DatePlan&) const = default;
};

struct DatesPlan {
  DatePlan effective_at;
  DatePlan known_at;

  bool operator==(const DatesPlan&) const = default;
};

struct AttributePlan {
  const AttributeMapping* mapping = nullptr;
  std::size_t column = 0;  // unless it is constant
  std::optional<std::size_t> currency_column;
};

/// Attributes that share their dates and so become one fact.
struct AttributeGroup {
  DatesPlan dates;
  std::vector<AttributePlan> attributes;
};

struct FactPlan {
  const FactMapping* mapping = nullptr;
  std::optional<std::size_t> when;     // position of the condition
  std::vector<AttributeGroup> groups;  // the first has the fact's own dates, maybe no attributes
};

struct NodePlan {
  FactPlan fact;
  NodeKind kind = NodeKind::kLoan;
  IdPlan id;
};

struct EdgePlan {
  FactPlan fact;
  const EdgeMapping* mapping = nullptr;
  IdPlan from;
  IdPlan to;
};

struct OutcomePlan {
  const OutcomeMapping* mapping = nullptr;
  std::optional<std::size_t> when;
  IdPlan loan;
  std::optional<std::size_t> recovery_rate;
  std::optional<std::size_t> loss;
  std::optional<std::size_t> exposure;
  DatePlan valuation_date;
  DatesPlan dates;
};

/// Lifetime: must not outlive the mapping.
struct TablePlan {
  const TableMapping* mapping = nullptr;
  TableSelection selection;
  std::vector<std::size_t> date_slots;  // the position of each slot's column
  std::vector<NodePlan> nodes;
  std::vector<EdgePlan> edges;
  std::vector<OutcomePlan> outcomes;
};

/// Binds `table` to a file with these columns.
/// Errors: kInvalidArgument (a column is not in the file; `mapping`:line: ...).
Result<TablePlan> PlanTable(const Mapping& mapping, const TableMapping& table,
                            const std::vector<std::string>& columns);

}  // namespace recoup::graph
