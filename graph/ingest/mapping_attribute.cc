#include "graph/ingest/mapping_attribute.h"

#include <algorithm>
#include <array>
#include <utility>

#include "graph/ingest/date_format.h"

namespace recoup::graph {
namespace {

struct Unit {
  std::string_view name;
  int decimal_shift;
};

constexpr std::array<Unit, 7> kUnits = {{{"one", 0},
                                         {"percent", -2},
                                         {"basis_point", -4},
                                         {"thousand", 3},
                                         {"ten_thousand", 4},
                                         {"million", 6},
                                         {"hundred_million", 8}}};

bool IsAttributeName(std::string_view name) {
  const auto ok = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), ok);
}

void ReadWords(KeyReader& keys, CellFormat* format) {
  if (auto words = keys.Table("words")) {
    for (const std::string& word : words->AllKeys())
      format->words[word] = words->RequiredString(word);
  }
  const std::string other = keys.String("other_words").value_or("reject");
  if (other == "unknown") {
    format->other_words = OtherWords::kUnknown;
  } else if (other == "null") {
    format->other_words = OtherWords::kNull;
  } else if (other != "reject") {
    keys.Problem("other_words", "must be reject, unknown or null");
  }
}

// A flag is a category of two words.
void AddFlagWords(const MappingDefaults& words, CellFormat* format) {
  const auto add = [&](const std::vector<std::string>& written, const char* meaning) {
    for (const std::string& word : written) {
      std::string upper = word;
      std::string capital = word;
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      if (!capital.empty()) capital[0] = upper[0];
      for (const std::string& form : {word, upper, capital}) format->words.emplace(form, meaning);
    }
  };
  add(words.true_words, "yes");
  add(words.false_words, "no");
}

AttributeType ReadType(KeyReader& keys, const std::optional<AttributeDefinition>& known,
                       const MappingDefaults& defaults, CellFormat* format) {
  const std::optional<std::string> name = keys.String("type");
  if (!name.has_value()) {
    if (!known.has_value()) {
      keys.problem()->Add(keys.place(),
                          "needs a type (number, category, flag, text, date or money)");
    }
    return known.has_value() ? known->type : AttributeType::kNumber;
  }
  if (*name == "flag") {
    MappingDefaults words = defaults;
    if (auto list = keys.Strings("true_words")) words.true_words = *list;
    if (auto list = keys.Strings("false_words")) words.false_words = *list;
    AddFlagWords(words, format);
  }
  const Result<AttributeType> type = ParseAttributeType(*name == "flag" ? "category" : *name);
  if (!type.has_value()) keys.Problem("type", type.error().message);
  const AttributeType read = type.value_or(AttributeType::kNumber);
  if (known.has_value() && type.has_value() && known->type != read) {
    keys.Problem("type", "must be " + std::string(AttributeTypeName(known->type)) +
                             ", because this attribute is well-known");
  }
  return read;
}

void ReadRole(KeyReader& keys, bool is_well_known, AttributeDefinition* definition) {
  const std::optional<std::string> name = keys.String("role");
  if (!name.has_value()) return;
  AttributeRole role = definition->role;
  if (*name == "feature") {
    role = AttributeRole::kFeature;
  } else if (*name == "forbidden") {
    role = AttributeRole::kForbidden;
  } else if (*name == "label") {
    role = AttributeRole::kLabel;
  } else if (*name == "group") {
    role = AttributeRole::kGroup;
  } else {
    keys.Problem("role", "must be feature, forbidden, label or group");
  }
  if (is_well_known && role != definition->role) {
    keys.Problem("role", "cannot be changed, because this attribute is well-known");
  }
  if (role == AttributeRole::kGroup &&
      (definition->owner != graph::AttributeOwner(graph::NodeKind::kLoan) ||
       definition->type != AttributeType::kCategory)) {
    keys.Problem("role", "can be group only for a category of a loan");
  }
  definition->role = role;
}

void ReadMoneyKeys(KeyReader& keys, const MappingDefaults& defaults, AttributeMapping* attribute) {
  if (defaults.currency.has_value()) attribute->format.currency = *defaults.currency;
  if (const auto code = keys.String("currency")) {
    const Result<Currency> currency = Currency::Parse(*code);
    if (!currency.has_value()) keys.Problem("currency", currency.error().message);
    attribute->format.currency = currency.value_or(Currency());
  }
  attribute->currency_column = keys.String("currency_column").value_or("");
  if (attribute->format.currency == Currency() && attribute->currency_column.empty()) {
    keys.problem()->Add(keys.place(), "needs a currency or a currency_column, here or at the top");
  }
}

void ReadFormat(KeyReader& keys, const MappingDefaults& defaults, AttributeMapping* attribute) {
  CellFormat& format = attribute->format;
  const AttributeType type = format.type;
  if (type == AttributeType::kNumber || type == AttributeType::kMoney) {
    format.decimal_comma = keys.Bool("decimal_comma", defaults.decimal_comma);
    format.decimal_shift = ReadUnit(keys, "unit");
    format.minimum = keys.Number("minimum");
    format.maximum = keys.Number("maximum");
  }
  // The store takes no other share, and a bad cell must cost its row, not the whole batch.
  if (attribute->definition.id == graph::attribute::kOwnsShare) {
    format.minimum = std::max(format.minimum.value_or(0.0), 0.0);
    format.maximum = std::min(format.maximum.value_or(1.0), 1.0);
  }
  if (type == AttributeType::kMoney) ReadMoneyKeys(keys, defaults, attribute);
  if (type == AttributeType::kCategory) ReadWords(keys, &format);
  if (type == AttributeType::kDate) {
    format.date_formats = keys.Strings("date_formats").value_or(defaults.date_formats);
    for (const std::string& form : format.date_formats) {
      const Result<void> checked = CheckDateFormat(form);
      if (!checked.has_value()) keys.Problem("date_formats", checked.error().message);
    }
  }
}

void ReadConstant(KeyReader& keys, AttributeMapping* attribute) {
  // Asked for, so that this is said and not that the key is unknown.
  if (keys.String("column").has_value()) {
    keys.Problem("value", "stands instead of a column; leave one of them out");
  }
  const Result<std::optional<AttributeValue>> value =
      ReadCell(keys.RequiredString("value"), attribute->format);
  if (!value.has_value()) keys.Problem("value", value.error().message);
  if (value.has_value()) attribute->constant = *value;
  if (!attribute->constant.has_value()) keys.Problem("value", "stands for nothing");
}

void ReadLongForm(KeyReader& keys, const MappingDefaults& defaults, bool is_well_known,
                  AttributeMapping* attribute) {
  if (!keys.Has("value")) attribute->column = keys.RequiredString("column");
  const auto known = is_well_known ? std::optional(attribute->definition) : std::nullopt;
  attribute->format.type = ReadType(keys, known, defaults, &attribute->format);
  attribute->definition.type = attribute->format.type;
  if (!is_well_known && attribute->format.type == AttributeType::kText) {
    attribute->definition.role = AttributeRole::kLabel;
  }
  ReadRole(keys, is_well_known, &attribute->definition);
  ReadFormat(keys, defaults, attribute);
  if (keys.Has("value")) ReadConstant(keys, attribute);
  attribute->required = keys.Bool("required", false);
  if (auto date = ReadDateKey(keys, "known_at")) {
    attribute->known_at = *date;
    attribute->effective_at = *date;
  }
  if (auto date = ReadDateKey(keys, "effective_at")) attribute->effective_at = *date;
  keys.Finish();
}

}  // namespace

AttributeMapping ReadAttribute(KeyReader& attributes, const std::string& name,
                               const AttributeOwner& owner, const MappingDefaults& defaults) {
  AttributeMapping attribute;
  attribute.place = attributes.place(name);
  const auto known = FindWellKnownAttribute(owner, name);
  attribute.definition = known.value_or(AttributeDefinition{0, owner, name});
  if (!IsAttributeName(name)) {
    attributes.Problem(name, "an attribute's name is 1 to 64 of a-z, 0-9 and _, a letter first");
  }
  if (!attributes.IsString(name)) {
    if (auto keys = attributes.Table(name)) {
      ReadLongForm(*keys, defaults, known.has_value(), &attribute);
    }
    return attribute;
  }
  // The short form `name = "column"` is the long one with nothing else in it.
  const toml::table only_column{{"column", attributes.String(name).value_or("")}};
  MappingProblem problem;
  KeyReader keys(only_column, attribute.place.key, &problem);
  ReadLongForm(keys, defaults, known.has_value(), &attribute);
  if (problem.place().has_value()) attributes.problem()->Add(attribute.place, problem.message());
  return attribute;
}

std::optional<DateMapping> ReadDateKey(KeyReader& keys, std::string_view key) {
  if (!keys.Has(key)) return std::nullopt;
  DateMapping date;
  date.place = keys.place(key);
  if (keys.IsString(key)) {
    date.column = keys.RequiredString(key);
    return date;
  }
  auto table = keys.Table(key);
  if (!table.has_value()) return date;
  const Result<Date> day = Date::Parse(table->RequiredString("date"));
  if (!day.has_value()) table->Problem("date", day.error().message);
  table->Finish();
  date.fixed = day.value_or(Date());
  return date;
}

int ReadUnit(KeyReader& keys, std::string_view key) {
  const std::string name = keys.String(key).value_or("one");
  std::string known;
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return unit.decimal_shift;
    known += (known.empty() ? "" : ", ") + std::string(unit.name);
  }
  keys.Problem(key, "unknown unit; known are " + known);
  return 0;
}

}  // namespace recoup::graph
