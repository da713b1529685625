// Reads the parts of a mapping that make facts: nodes, edges, outcomes and their attributes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/ingest/mapping.h"
#include "graph/ingest/mapping_keys.h"
#include "graph/types/money.h"

namespace recoup::graph {

/// What a table hands down to its facts unless they say otherwise.
struct MappingDefaults {
  std::optional<Currency> currency;
  std::optional<DateMapping> known_at;
  std::optional<DateMapping> effective_at;
  std::vector<std::string> null_words = {""};
  std::vector<std::string> date_formats = {"%Y-%m-%d"};
  std::vector<std::string> true_words = {"true", "yes", "y", "1"};
  std::vector<std::string> false_words = {"false", "no", "n", "0"};
  bool decimal_comma = false;
  OnBadCell on_bad_cell = OnBadCell::kRow;
};

/// Each notes what is wrong in the keys' problem.
void ReadDefaults(KeyReader& keys, MappingDefaults* defaults);
NodeMapping ReadNode(KeyReader& keys, const MappingDefaults& defaults);
EdgeMapping ReadEdge(KeyReader& keys, const MappingDefaults& defaults);
OutcomeMapping ReadOutcome(KeyReader& keys, const MappingDefaults& defaults);

}  // namespace recoup::graph
