#include "graph/ingest/mapping.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <utility>

#include "graph/ingest/mapping_facts.h"
#include "graph/ingest/mapping_keys.h"
#include "graph/ingest/toml_text.h"

namespace recoup::graph {
namespace {

constexpr std::int64_t kMappingVersion = 1;

void ReadDelimiter(KeyReader& keys, TableMapping* table) {
  const auto delimiter = keys.String("delimiter");
  if (!delimiter.has_value()) return;
  const bool usable = delimiter->size() == 1 && (*delimiter)[0] != '"' && (*delimiter)[0] != '\n' &&
                      (*delimiter)[0] != '\r' && static_cast<unsigned char>((*delimiter)[0]) < 0x80;
  if (!usable) keys.Problem("delimiter", "must be one ASCII character, such as \";\" or \"\\t\"");
  if (usable) table->delimiter = (*delimiter)[0];
}

// The mapping may come with the tape, from someone else: it must not reach other files.
void CheckFile(KeyReader& keys, const std::string& file) {
  const std::filesystem::path path(file);
  if (path.has_root_path() || std::find(path.begin(), path.end(), "..") != path.end()) {
    keys.Problem("file", "must lie within the tape, so neither an absolute path nor .. is allowed");
  }
}

void ReadDerive(KeyReader& keys, TableMapping* table) {
  auto derive = keys.Table("derive");
  if (!derive.has_value()) return;
  for (const std::string& name : derive->AllKeys()) {
    table->derive.push_back({name, derive->RequiredString(name), derive->place(name)});
  }
}

TableMapping ReadTable(KeyReader& keys, MappingDefaults defaults) {
  TableMapping table;
  table.place = keys.place();
  table.file = keys.RequiredString("file");
  CheckFile(keys, table.file);
  table.name = keys.String("name").value_or(table.file);
  table.optional = keys.Bool("optional", false);
  ReadDelimiter(keys, &table);
  ReadDefaults(keys, &defaults);
  table.on_bad_cell = defaults.on_bad_cell;
  table.null_words = defaults.null_words;
  table.date_formats = defaults.date_formats;
  for (std::string& column :
       keys.Strings("forbidden_columns").value_or(std::vector<std::string>())) {
    table.forbidden_columns.push_back({std::move(column), keys.place("forbidden_columns")});
  }
  ReadDerive(keys, &table);
  for (KeyReader& node : keys.Tables("node")) table.nodes.push_back(ReadNode(node, defaults));
  for (KeyReader& edge : keys.Tables("edge")) table.edges.push_back(ReadEdge(edge, defaults));
  for (KeyReader& outcome : keys.Tables("outcome")) {
    table.outcomes.push_back(ReadOutcome(outcome, defaults));
  }
  if (table.nodes.empty() && table.edges.empty() && table.outcomes.empty()) {
    keys.problem()->Add(keys.place(), "a table needs at least one node, edge or outcome");
  }
  keys.Finish();
  return table;
}

// A forbidden column may reach an attribute only if no model may use it.
void CheckForbidden(const TableMapping& table, MappingProblem* problem) {
  const auto check = [&](const FactMapping& fact) {
    for (const AttributeMapping& attribute : fact.attributes) {
      if (attribute.definition.role != AttributeRole::kFeature) continue;
      for (const ColumnMapping& forbidden : table.forbidden_columns) {
        if (forbidden.column != attribute.column) continue;
        problem->Add(attribute.place, "column \"" + attribute.column +
                                          "\" is in forbidden_columns; give the attribute the role "
                                          "forbidden or label");
      }
    }
  };
  for (const NodeMapping& node : table.nodes) check(node.fact);
  for (const EdgeMapping& edge : table.edges) check(edge.fact);
}

void ReadMapping(KeyReader& keys, Mapping* mapping) {
  const std::optional<double> version = keys.Number("recoup_mapping");
  if (!version.has_value()) {
    keys.Problem("recoup_mapping", "is missing; a mapping begins with recoup_mapping = 1");
  } else if (*version != static_cast<double>(kMappingVersion)) {
    keys.Problem("recoup_mapping", "this release reads version 1 only");
  }
  if (const auto name = keys.String("name")) mapping->name = *name;
  MappingDefaults defaults;
  ReadDefaults(keys, &defaults);
  for (KeyReader& table : keys.Tables("table")) {
    mapping->tables.push_back(ReadTable(table, defaults));
    CheckForbidden(mapping->tables.back(), keys.problem());
  }
  if (mapping->tables.empty()) keys.Problem("table", "is missing; a mapping needs a [[table]]");
  keys.Finish();
}

Result<Mapping> Parse(std::string_view text, std::string_view file) {
  Mapping mapping;
  mapping.file = file;
  mapping.name = std::filesystem::path(file).stem().string();
  if (const auto line = FindStrayCharacter(text)) {
    return MappingError(mapping, {"", *line}, "only quoted texts and comments may leave ASCII");
  }
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return MappingError(mapping, {"", error.source().begin.line}, error.description());
  }
  MappingProblem problem;
  KeyReader keys(parsed.table(), "", &problem);
  ReadMapping(keys, &mapping);
  if (problem.place().has_value()) {
    return MappingError(mapping, *problem.place(), problem.message());
  }
  RECOUP_TRY(DeclaredAttributes(mapping));
  return mapping;
}

}  // namespace

Error MappingError(const Mapping& mapping, const MappingPlace& place, std::string_view message) {
  std::string text = mapping.file + ":" + std::to_string(place.line) + ": ";
  if (!place.key.empty()) text += place.key + ": ";
  return {ErrorCode::kInvalidArgument, text + std::string(message)};
}

Result<Mapping> ParseMapping(std::string_view text, std::string_view file) {
  try {
    return Parse(text, file);
  } catch (const std::exception& error) {  // such as no memory
    return Error{ErrorCode::kResourceExhausted, std::string(file) + ": " + error.what()};
  }
}

Result<std::vector<AttributeDefinition>> DeclaredAttributes(const Mapping& mapping) {
  std::vector<AttributeDefinition> declared;
  const auto add = [&](const FactMapping& fact) -> Result<void> {
    for (const AttributeMapping& attribute : fact.attributes) {
      if (attribute.definition.id != 0) continue;
      bool known = false;
      for (const AttributeDefinition& other : declared) {
        if (other.owner != attribute.definition.owner || other.name != attribute.definition.name) {
          continue;
        }
        known = true;
        if (other == attribute.definition) continue;
        return MappingError(mapping, attribute.place,
                            "has another type or role than elsewhere in this mapping");
      }
      if (!known) declared.push_back(attribute.definition);
    }
    return {};
  };
  for (const TableMapping& table : mapping.tables) {
    for (const NodeMapping& node : table.nodes) RECOUP_TRY(add(node.fact));
    for (const EdgeMapping& edge : table.edges) RECOUP_TRY(add(edge.fact));
  }
  return declared;
}

}  // namespace recoup::graph
