#include "graph/ingest/table_query.h"

#include "graph/ingest/csv_table.h"
#include "graph/ingest/duckdb_session.h"

namespace recoup::graph {
namespace {

// The newline ends a comment in the expression.
std::string Tried(std::string_view expression) {
  return "TRY({'v': (" + std::string(expression) + "\n)})";
}

std::string DerivedTry(std::size_t number) { return "recoup_derived_" + std::to_string(number); }
std::string ConditionTry(std::size_t number) { return "recoup_when_" + std::to_string(number); }

}  // namespace

std::string TableQuery::Check(std::string_view expression) const {
  return "SELECT " + Tried(expression) + " FROM (" + layer_ + ")";
}

void TableQuery::AddDerived(const ExpressionMapping& derived) {
  const std::string tried = DerivedTry(derived_++);
  const std::string inner =
      "SELECT *, " + Tried(derived.sql) + " AS " + tried + " FROM (" + layer_ + ")";
  layer_ = "SELECT *, " + tried + ".v AS " + SqlName(derived.name) + " FROM (" + inner + ")";
}

void TableQuery::AddCondition(const ExpressionMapping& condition) {
  const std::string tried = "TRY({'v': CAST((" + condition.sql + "\n) AS BOOLEAN)})";
  layer_ = "SELECT *, " + tried + " AS " + ConditionTry(conditions_++) + " FROM (" + layer_ + ")";
}

std::string TableQuery::Build(const std::vector<std::string>& columns) const {
  std::string failed = "CASE";
  for (std::size_t i = 0; i < derived_; ++i) {
    failed += " WHEN " + DerivedTry(i) + " IS NULL THEN " + std::to_string(i);
  }
  failed = derived_ == 0 ? "-1" : failed + " ELSE -1 END";
  std::string select =
      "SELECT CAST(" + std::string(kLineColumn) + " AS UBIGINT), CAST(" + failed + " AS INTEGER)";
  for (const std::string& column : columns) select += ", CAST(" + SqlName(column) + " AS VARCHAR)";
  for (std::size_t i = 0; i < conditions_; ++i) {
    const std::string tried = ConditionTry(i);
    select += ", CASE WHEN " + tried + " IS NOT NULL THEN coalesce(" + tried + ".v, false) END";
  }
  return select + " FROM (" + layer_ + ")";
}

}  // namespace recoup::graph
