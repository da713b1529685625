// The SQL that reads one table of a tape: its columns as text, derived columns and conditions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/ingest/mapping.h"

namespace recoup::graph {

/// Builds a query as layers, each a SELECT over the one before. A derived column or a condition is
/// first tried, row by row: its layer holds { v: value }, or NULL where it cannot be computed.
class TableQuery {
 public:
  /// `source` is a SELECT that yields recoup_line and text columns.
  explicit TableQuery(std::string source) : layer_(std::move(source)) {}

  /// Returns the statement that shows whether DuckDB takes the expression at this point. It must
  /// have exactly one column: more would be SQL that reaches out of its parentheses.
  std::string Check(std::string_view expression) const;

  void AddDerived(const ExpressionMapping& derived);
  void AddCondition(const ExpressionMapping& condition);

  /// Returns the whole query. Its columns: the line (UBIGINT), the number of the first derived
  /// column that could not be computed or -1 (INTEGER), `columns` as text, then one BOOLEAN for
  /// each condition, NULL where it could not be computed.
  std::string Build(const std::vector<std::string>& columns) const;

 private:
  std::string layer_;
  std::size_t derived_ = 0;
  std::size_t conditions_ = 0;
};

}  // namespace recoup::graph
