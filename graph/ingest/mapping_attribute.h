// Reads one attribute of a mapping: its type, role, unit and words.
#pragma once

#include <string>

#include "graph/ingest/mapping_facts.h"

namespace recoup::graph {

/// Reads `name = "column"`, `name = { column = ... }` or `name = { value = ... }` of the table
/// `attributes`.
AttributeMapping ReadAttribute(KeyReader& attributes, const std::string& name,
                               const AttributeOwner& owner, const MappingDefaults& defaults);

/// Reads `known_at` or `effective_at`: a column, or { date = "2024-01-31" }.
std::optional<DateMapping> ReadDateKey(KeyReader& keys, std::string_view key);

/// Returns the power of ten that a unit's name stands for; notes a problem if it is unknown.
int ReadUnit(KeyReader& keys, std::string_view key);

}  // namespace recoup::graph
