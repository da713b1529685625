// Choosing and joining the columns and rows of flat tables.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/features/tabular.h"

namespace recoup::model {

/// The same columns for the three parts of a split.
struct SplitTables {
  Table training;
  Table validation;
  Table test;
};

/// Returns the attribute that a column speaks of: what stands before the first `=`.
std::string_view AttributeOfColumn(std::string_view column);

/// Returns the attributes of a table, in the order of its columns, each once.
std::vector<std::string> AttributesOf(const Table& table);

using AttributeFilter = std::function<bool(std::string_view attribute)>;

/// Returns the columns of the attributes that `keep` accepts.
Table SelectAttributes(const Table& table, const AttributeFilter& keep);
SplitTables SelectAttributes(const SplitTables& tables, const AttributeFilter& keep);

/// Returns the rows from `begin` to before `end`.
Table SelectRows(const Table& table, std::size_t begin, std::size_t end);

/// Returns a table with the columns of both. REQUIRES: equal numbers of rows.
Table JoinColumns(const Table& left, const Table& right);

}  // namespace recoup::model
