// Turns one row of a table into facts, or says which of its cells cannot be read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/ingest/table_plan.h"
#include "graph/ingest/table_reader.h"
#include "graph/schema/fact.h"

namespace recoup::graph {

/// A cell that cannot be read, within its row.
struct BadCell {
  std::string column;
  std::string value;
  std::string reason;
};

/// A fact of a row; `once` as in FactMapping.
struct MappedFact {
  Fact fact;
  bool once = false;
};

/// What became of a row.
struct MappedRow {
  std::vector<MappedFact> facts;
  std::vector<BadCell> bad_cells;  // each column and reason once
  bool rejected = false;           // then there are no facts
};

/// Threads: use from one thread. Lifetime: must not outlive the plan.
class RowMapper {
 public:
  explicit RowMapper(const TablePlan& plan);

  /// Maps one of the reader's current rows. Every fact passes CheckBatch. Valid until the next
  /// call. REQUIRES: the reader was told to Select the plan's selection.
  const MappedRow& Map(const TableReader& reader, std::size_t row);

  /// As Map, but its facts may be moved away.
  MappedRow& mapped() { return mapped_; }

 private:
  // A date slot of the current row.
  struct Slot {
    enum class State : std::uint8_t { kUnread, kEmpty, kBad, kRead } state = State::kUnread;
    Date date;
  };

  std::optional<std::string_view> Cell(std::size_t column) const {
    return reader_->value(row_, column);
  }
  const std::string& ColumnName(std::size_t column) const {
    return plan_.selection.columns[column];
  }
  void AddBad(std::string_view column, std::string_view value, std::string_view reason);
  bool Holds(std::optional<std::size_t> when);
  std::optional<std::string> Id(const IdPlan& id, bool optional);
  std::optional<Date> DateOf(const DatePlan& plan);
  std::optional<FactDates> Dates(const DatesPlan& plan);
  const Slot& ReadSlot(std::size_t slot);
  std::optional<AttributeValue> Value(const AttributePlan& attribute);
  std::optional<CellFormat> FormatInCurrency(const AttributePlan& attribute);
  std::vector<NamedAttribute> Attributes(const AttributeGroup& group);
  std::optional<double> Number(std::size_t column, int decimal_shift, bool decimal_comma);
  std::optional<double> RecoveryRate(const OutcomePlan& plan);
  template <typename MakeFact>
  void MapGroups(const FactPlan& plan, const MakeFact& make);
  void MapNode(const NodePlan& plan);
  void MapEdge(const EdgePlan& plan);
  void MapOutcome(const OutcomePlan& plan);

  const TablePlan& plan_;
  const TableReader* reader_ = nullptr;
  std::size_t row_ = 0;
  std::vector<Slot> slots_;
  MappedRow mapped_;
};

}  // namespace recoup::graph
