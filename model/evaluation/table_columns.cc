#include "model/evaluation/table_columns.h"

#include <algorithm>
#include <cstddef>

#include "graph/types/result.h"

namespace recoup::model {

std::string_view AttributeOfColumn(std::string_view column) {
  return column.substr(0, column.find_first_of("=~"));
}

std::vector<std::string> AttributesOf(const Table& table) {
  std::vector<std::string> attributes;
  for (const std::string& column : table.columns) {
    const std::string_view attribute = AttributeOfColumn(column);
    if (std::find(attributes.begin(), attributes.end(), attribute) == attributes.end()) {
      attributes.emplace_back(attribute);
    }
  }
  return attributes;
}

Table SelectAttributes(const Table& table, const AttributeFilter& keep) {
  Table selected;
  std::vector<std::size_t> positions;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (!keep(AttributeOfColumn(table.columns[column]))) continue;
    positions.push_back(column);
    selected.columns.push_back(table.columns[column]);
  }
  selected.values.reserve(positions.size() * table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (const std::size_t column : positions) {
      selected.values.push_back(table.values[row * table.columns.size() + column]);
    }
  }
  return selected;
}

SplitTables SelectAttributes(const SplitTables& tables, const AttributeFilter& keep) {
  return {SelectAttributes(tables.training, keep), SelectAttributes(tables.validation, keep),
          SelectAttributes(tables.test, keep)};
}

Table SelectRows(const Table& table, std::size_t begin, std::size_t end) {
  const auto at = [&](std::size_t row) {
    return table.values.begin() + static_cast<std::ptrdiff_t>(row * table.columns.size());
  };
  return {table.columns, std::vector<float>(at(begin), at(end))};
}

Table JoinColumns(const Table& left, const Table& right) {
  if (right.columns.empty()) return left;
  if (left.columns.empty()) return right;
  RECOUP_CHECK(left.rows() == right.rows());
  Table joined;
  joined.columns = left.columns;
  joined.columns.insert(joined.columns.end(), right.columns.begin(), right.columns.end());
  joined.values.reserve(left.values.size() + right.values.size());
  for (std::size_t row = 0; row < left.rows(); ++row) {
    for (const Table* part : {&left, &right}) {
      const auto begin =
          part->values.begin() + static_cast<std::ptrdiff_t>(row * part->columns.size());
      joined.values.insert(joined.values.end(), begin,
                           begin + static_cast<std::ptrdiff_t>(part->columns.size()));
    }
  }
  return joined;
}

}  // namespace recoup::model
