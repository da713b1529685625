#include "graph/ingest/mapping_facts.h"

#include <utility>

#include "graph/ingest/date_format.h"
#include "graph/ingest/mapping_attribute.h"

namespace recoup::graph {
namespace {

// Splits `{bank}|{state}` into its columns and literals; a text without braces is one column.
IdMapping ReadId(KeyReader& keys, std::string_view key) {
  IdMapping id;
  id.place = keys.place(key);
  std::string_view rest;
  const std::string text = keys.RequiredString(key);
  rest = text;
  if (rest.find_first_of("{}") == std::string_view::npos) {
    id.pieces.push_back({true, text});
    return id;
  }
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    const std::string_view literal = rest.substr(0, open);
    if (!literal.empty()) id.pieces.push_back({false, std::string(literal)});
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos || close == open + 1) {
      keys.Problem(key, "a { needs a column's name and a } after it");
      break;
    }
    id.pieces.push_back({true, std::string(rest.substr(open + 1, close - open - 1))});
    rest.remove_prefix(close + 1);
  }
  bool has_column = false;
  for (const IdMapping::Piece& piece : id.pieces) has_column = has_column || piece.is_column;
  if (!has_column) keys.Problem(key, "an id needs at least one column in braces");
  return id;
}

std::optional<ExpressionMapping> ReadWhen(KeyReader& keys) {
  if (!keys.Has("when")) return std::nullopt;
  ExpressionMapping when;
  when.place = keys.place("when");
  when.sql = keys.RequiredString("when");
  return when;
}

// Reads a date, or takes it from the defaults; a fact without a known_at cannot be.
DateMapping ReadKnownAt(KeyReader& keys, const MappingDefaults& defaults) {
  if (auto date = ReadDateKey(keys, "known_at")) return *date;
  if (!defaults.known_at.has_value()) {
    keys.problem()->Add(keys.place("known_at"), "is missing here, in the table and at the top");
  }
  return defaults.known_at.value_or(DateMapping());
}

DateMapping ReadEffectiveAt(KeyReader& keys, const MappingDefaults& defaults,
                            const DateMapping& known_at) {
  if (auto date = ReadDateKey(keys, "effective_at")) return *date;
  return defaults.effective_at.value_or(known_at);
}

FactMapping ReadFact(KeyReader& keys, const AttributeOwner& owner,
                     const MappingDefaults& defaults) {
  FactMapping fact;
  fact.place = keys.place();
  const std::string operation = keys.String("operation").value_or("upsert");
  if (operation != "upsert" && operation != "remove") {
    keys.Problem("operation", "must be upsert or remove");
  }
  if (operation == "remove") fact.operation = FactOperation::kRemove;
  fact.when = ReadWhen(keys);
  fact.optional = keys.Bool("optional", false);
  fact.once = keys.Bool("once", false);
  fact.known_at = ReadKnownAt(keys, defaults);
  fact.effective_at = ReadEffectiveAt(keys, defaults, fact.known_at);
  if (auto attributes = keys.Table("attributes")) {
    for (const std::string& name : attributes->AllKeys()) {
      AttributeMapping attribute = ReadAttribute(*attributes, name, owner, defaults);
      if (attribute.known_at.place.key.empty()) attribute.known_at = fact.known_at;
      if (attribute.effective_at.place.key.empty()) attribute.effective_at = fact.effective_at;
      fact.attributes.push_back(std::move(attribute));
    }
    if (fact.operation == FactOperation::kRemove && !fact.attributes.empty()) {
      keys.Problem("attributes", "a removal carries no attributes");
    }
  }
  return fact;
}

NodeKind ReadNodeKind(KeyReader& keys, std::string_view key) {
  const Result<NodeKind> kind = ParseNodeKind(keys.RequiredString(key));
  if (!kind.has_value()) keys.Problem(key, kind.error().message);
  return kind.value_or(NodeKind::kLoan);
}

void ReadEnd(KeyReader& keys, std::string_view key, NodeKind* kind, IdMapping* id) {
  auto end = keys.Table(key);
  if (!end.has_value()) {
    keys.Problem(key, "is missing; write { kind = \"...\", id = \"...\" }");
    return;
  }
  *kind = ReadNodeKind(*end, "kind");
  *id = ReadId(*end, "id");
  end->Finish();
}

std::optional<ColumnMapping> ReadColumn(KeyReader& keys, std::string_view key) {
  if (!keys.Has(key)) return std::nullopt;
  return ColumnMapping{keys.RequiredString(key), keys.place(key)};
}

void ReadWordLists(KeyReader& keys, MappingDefaults* defaults) {
  if (auto words = keys.Strings("null_words")) defaults->null_words = *words;
  if (auto words = keys.Strings("true_words")) defaults->true_words = *words;
  if (auto words = keys.Strings("false_words")) defaults->false_words = *words;
  auto formats = keys.Strings("date_formats");
  if (!formats.has_value()) return;
  for (const std::string& format : *formats) {
    const Result<void> checked = CheckDateFormat(format);
    if (!checked.has_value()) keys.Problem("date_formats", checked.error().message);
  }
  defaults->date_formats = *formats;
}

}  // namespace

void ReadDefaults(KeyReader& keys, MappingDefaults* defaults) {
  if (const auto code = keys.String("currency")) {
    const Result<Currency> currency = Currency::Parse(*code);
    if (!currency.has_value()) keys.Problem("currency", currency.error().message);
    defaults->currency = currency.value_or(Currency());
  }
  if (auto date = ReadDateKey(keys, "known_at")) defaults->known_at = *date;
  if (auto date = ReadDateKey(keys, "effective_at")) defaults->effective_at = *date;
  ReadWordLists(keys, defaults);
  defaults->decimal_comma = keys.Bool("decimal_comma", defaults->decimal_comma);
  const auto on_bad_cell = keys.String("on_bad_cell");
  if (!on_bad_cell.has_value()) return;
  if (*on_bad_cell != "row" && *on_bad_cell != "cell") {
    keys.Problem("on_bad_cell", "must be row or cell");
  }
  defaults->on_bad_cell = *on_bad_cell == "cell" ? OnBadCell::kCell : OnBadCell::kRow;
}

NodeMapping ReadNode(KeyReader& keys, const MappingDefaults& defaults) {
  NodeMapping node;
  node.kind = ReadNodeKind(keys, "kind");
  node.id = ReadId(keys, "id");
  node.fact = ReadFact(keys, node.kind, defaults);
  keys.Finish();
  return node;
}

EdgeMapping ReadEdge(KeyReader& keys, const MappingDefaults& defaults) {
  EdgeMapping edge;
  const Result<EdgeKind> kind = ParseEdgeKind(keys.RequiredString("kind"));
  if (!kind.has_value()) keys.Problem("kind", kind.error().message);
  edge.kind = kind.value_or(EdgeKind::kBorrows);
  ReadEnd(keys, "from", &edge.from_kind, &edge.from_id);
  ReadEnd(keys, "to", &edge.to_kind, &edge.to_id);
  const Result<void> ends = CheckEndpoints(edge.kind, edge.from_kind, edge.to_kind);
  if (!ends.has_value()) keys.problem()->Add(keys.place("kind"), ends.error().message);
  edge.fact = ReadFact(keys, edge.kind, defaults);
  keys.Finish();
  return edge;
}

OutcomeMapping ReadOutcome(KeyReader& keys, const MappingDefaults& defaults) {
  OutcomeMapping outcome;
  outcome.place = keys.place();
  outcome.loan = ReadId(keys, "loan");
  outcome.when = ReadWhen(keys);
  outcome.recovery_rate = ReadColumn(keys, "recovery_rate");
  outcome.loss = ReadColumn(keys, "loss");
  outcome.exposure = ReadColumn(keys, "exposure");
  const bool by_rate = outcome.recovery_rate.has_value();
  if (outcome.loss.has_value() != outcome.exposure.has_value() ||
      by_rate == outcome.loss.has_value()) {
    keys.problem()->Add(keys.place(), "needs either recovery_rate, or loss and exposure");
  }
  if (by_rate) outcome.decimal_shift = ReadUnit(keys, "unit");
  outcome.decimal_comma = keys.Bool("decimal_comma", defaults.decimal_comma);
  if (auto date = ReadDateKey(keys, "valuation_date")) {
    outcome.valuation_date = *date;
  } else {
    keys.Problem("valuation_date", "is missing");
  }
  outcome.known_at = ReadKnownAt(keys, defaults);
  outcome.effective_at = ReadEffectiveAt(keys, defaults, outcome.known_at);
  keys.Finish();
  return outcome;
}

}  // namespace recoup::graph
