// The mapping file: says how the columns of a tape become facts. docs/mapping.md describes it for
// its writers; these are the same things as the code sees them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/ingest/cell.h"
#include "graph/schema/attribute.h"
#include "graph/schema/edge_kind.h"
#include "graph/schema/fact.h"
#include "graph/schema/node_kind.h"
#include "graph/types/date.h"
#include "graph/types/result.h"

namespace recoup::graph {

/// Where in the mapping file something is said, for messages.
struct MappingPlace {
  std::string key;         // such as `table.node.id`
  std::uint32_t line = 0;  // from 1
};

/// A column by its name.
struct ColumnMapping {
  std::string column;
  MappingPlace place;
};

/// An id: literal text and columns in turn, such as `zip3:` and the column zip3.
struct IdMapping {
  struct Piece {
    bool is_column = false;
    std::string text;  // the literal, or the column's name
  };
  std::vector<Piece> pieces;
  MappingPlace place;
};

/// A date: the same for every row, or that of a column.
struct DateMapping {
  std::optional<Date> fixed;
  std::string column;
  MappingPlace place;
};

/// An SQL expression over the table's columns.
struct ExpressionMapping {
  std::string name;  // of the derived column; empty for a condition
  std::string sql;
  MappingPlace place;
};

struct AttributeMapping {
  AttributeDefinition definition;  // without an id, unless it is well-known
  std::string column;
  std::optional<AttributeValue> constant;  // instead of the column: the same in every row
  CellFormat format;
  std::string currency_column;  // empty: format.currency
  bool required = false;        // an empty cell is a bad cell
  DateMapping known_at;
  DateMapping effective_at;
  MappingPlace place;
};

/// What nodes and edges have in common.
struct FactMapping {
  FactOperation operation = FactOperation::kUpsert;
  std::optional<ExpressionMapping> when;
  bool optional = false;  // an empty id leaves the fact out instead of rejecting the row
  bool once = false;      // repetitions within the tape are left out
  DateMapping known_at;
  DateMapping effective_at;
  std::vector<AttributeMapping> attributes;
  MappingPlace place;
};

struct NodeMapping {
  FactMapping fact;
  NodeKind kind = NodeKind::kLoan;
  IdMapping id;
};

struct EdgeMapping {
  FactMapping fact;
  EdgeKind kind = EdgeKind::kBorrows;
  NodeKind from_kind = NodeKind::kLoan;
  IdMapping from_id;
  NodeKind to_kind = NodeKind::kLoan;
  IdMapping to_id;
};

/// Either recovery_rate, or loss and exposure: 1 - clip(loss / exposure, 0, 1).
struct OutcomeMapping {
  IdMapping loan;
  std::optional<ExpressionMapping> when;
  std::optional<ColumnMapping> recovery_rate;
  std::optional<ColumnMapping> loss;
  std::optional<ColumnMapping> exposure;
  int decimal_shift = 0;  // of recovery_rate
  bool decimal_comma = false;
  DateMapping valuation_date;
  DateMapping known_at;
  DateMapping effective_at;
  MappingPlace place;
};

/// What a cell that cannot be read takes with it.
enum class OnBadCell : std::uint8_t {
  kRow,   // every fact of the row
  kCell,  // the attribute, or the fact if the cell is its id or date
};

struct TableMapping {
  std::string name;
  std::string file;  // relative to the tape, and within it
  char delimiter = ',';
  bool optional = false;  // the tape may lack the file
  OnBadCell on_bad_cell = OnBadCell::kRow;
  std::vector<std::string> null_words;
  std::vector<std::string> date_formats;
  std::vector<ColumnMapping> forbidden_columns;
  std::vector<ExpressionMapping> derive;  // in the order of the file
  std::vector<NodeMapping> nodes;
  std::vector<EdgeMapping> edges;
  std::vector<OutcomeMapping> outcomes;
  MappingPlace place;
};

struct Mapping {
  std::string file;  // as shown in messages
  std::string name;  // of the source; the file's name without extension unless it is said
  std::vector<TableMapping> tables;
};

/// Reads a mapping. `file` stands in front of every message.
/// Errors: kInvalidArgument (`file:line: key: what is wrong`), the first one found.
Result<Mapping> ParseMapping(std::string_view text, std::string_view file);

/// Returns the definitions of the attributes that are not well-known, each once.
/// Errors: kInvalidArgument (one attribute has two types or two roles).
Result<std::vector<AttributeDefinition>> DeclaredAttributes(const Mapping& mapping);

/// Returns the error `file:line: key: message`.
Error MappingError(const Mapping& mapping, const MappingPlace& place, std::string_view message);

}  // namespace recoup::graph
