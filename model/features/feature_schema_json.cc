// FeatureSchema as canonical JSON: keys ascending, no spaces, numbers in shortest round-trip form.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>

#include "model/features/feature_schema.h"

namespace recoup::model {
namespace {

using nlohmann::json;

// Part of the format: raise it when older programs would misread a newer schema.
// Without texts a schema is of format 1, which older programs read; with them of format 2.
constexpr int kFormat = 1;
constexpr int kFormatWithTexts = 2;
constexpr std::uint32_t kMostBuckets = 1024;
constexpr std::size_t kMostEntries = 256;  // knots of a number, words of a category

json ToTree(const NumericFeature& feature) {
  return {{"attribute", feature.attribute},
          {"currency", feature.currency},
          {"knots", feature.knots},
          {"type", graph::AttributeTypeName(feature.type)}};
}

json ToTree(const CategoryFeature& feature) {
  return {{"attribute", feature.attribute}, {"vocabulary", feature.vocabulary}};
}

json ToTree(const TextFeature& feature) {
  return {{"attribute", feature.attribute}, {"buckets", feature.buckets}};
}

template <typename Feature>
json ToTree(const std::vector<Feature>& features) {
  json list = json::array();
  for (const Feature& feature : features) list.push_back(ToTree(feature));
  return list;
}

Error NotASchema(const std::string& where, const std::string& what) {
  return {ErrorCode::kInvalidArgument, "not a feature schema: " + where + " " + what};
}

std::string At(const std::string& where, std::size_t index) {
  return where + "[" + std::to_string(index) + "]";
}

// Returns the member of this name, which must be of this type.
Result<const json*> Member(const json& tree, const std::string& where, const char* name,
                           json::value_t type) {
  if (!tree.is_object()) return NotASchema(where, "is not an object");
  const auto found = tree.find(name);
  if (found == tree.end()) return NotASchema(where, std::string("lacks ") + name);
  if (found->type() != type) {
    return NotASchema(where + "." + name, "is not of type " + std::string(json(type).type_name()));
  }
  return &*found;
}

Result<std::string> Text(const json& tree, const std::string& where, const char* name) {
  RECOUP_ASSIGN(const json* text, Member(tree, where, name, json::value_t::string));
  return text->get<std::string>();
}

Result<double> Number(const json& value, const std::string& where) {
  if (!value.is_number()) return NotASchema(where, "is not a number");
  const double number = value.get<double>();
  if (!std::isfinite(number)) return NotASchema(where, "is not finite");
  return number;
}

Result<std::vector<double>> ReadKnots(const json& tree, const std::string& where) {
  RECOUP_ASSIGN(const json* list, Member(tree, where, "knots", json::value_t::array));
  if (list->empty() || list->size() > kMostEntries) {
    return NotASchema(where + ".knots", "does not have 1 to 256 numbers");
  }
  std::vector<double> knots;
  for (const json& entry : *list) {
    RECOUP_ASSIGN(const double knot, Number(entry, At(where + ".knots", knots.size())));
    knots.push_back(knot);
  }
  if (!std::is_sorted(knots.begin(), knots.end())) {
    return NotASchema(where + ".knots", "is not ascending");
  }
  return knots;
}

Result<void> Read(const json& tree, const std::string& where, NumericFeature* feature) {
  RECOUP_ASSIGN(feature->attribute, Text(tree, where, "attribute"));
  RECOUP_ASSIGN(feature->currency, Text(tree, where, "currency"));
  RECOUP_ASSIGN(const std::string type, Text(tree, where, "type"));
  RECOUP_ASSIGN(feature->type, graph::ParseAttributeType(type));
  if (feature->type == graph::AttributeType::kCategory ||
      feature->type == graph::AttributeType::kText) {
    return NotASchema(where + ".type", "is not number, date or money");
  }
  RECOUP_ASSIGN(feature->knots, ReadKnots(tree, where));
  return {};
}

Result<void> Read(const json& tree, const std::string& where, CategoryFeature* feature) {
  RECOUP_ASSIGN(feature->attribute, Text(tree, where, "attribute"));
  RECOUP_ASSIGN(const json* list, Member(tree, where, "vocabulary", json::value_t::array));
  if (list->size() > kMostEntries) {
    return NotASchema(where + ".vocabulary", "has more than 256 words");
  }
  for (const json& entry : *list) {
    const std::string here = At(where + ".vocabulary", feature->vocabulary.size());
    if (!entry.is_string()) return NotASchema(here, "is not a word");
    std::string word = entry.get<std::string>();
    if (!feature->vocabulary.empty() && word <= feature->vocabulary.back()) {
      return NotASchema(here, "is not above the word before it");
    }
    feature->vocabulary.push_back(std::move(word));
  }
  return {};
}

Result<void> Read(const json& tree, const std::string& where, TextFeature* feature) {
  RECOUP_ASSIGN(feature->attribute, Text(tree, where, "attribute"));
  RECOUP_ASSIGN(const json* buckets,
                Member(tree, where, "buckets", json::value_t::number_unsigned));
  if (*buckets < 1U || *buckets > kMostBuckets) {
    return NotASchema(where + ".buckets", "is not 1 to 1024");
  }
  feature->buckets = buckets->get<std::uint32_t>();
  return {};
}

template <typename Feature>
Result<void> ReadAll(const json& tree, const std::string& where, const char* name,
                     std::vector<Feature>* features) {
  RECOUP_ASSIGN(const json* list, Member(tree, where, name, json::value_t::array));
  for (const json& entry : *list) {
    const std::string here = At(where + "." + name, features->size());
    Feature feature;
    RECOUP_TRY(Read(entry, here, &feature));
    if (!features->empty() && feature.attribute <= features->back().attribute) {
      return NotASchema(here + ".attribute", "is not above the one before it");
    }
    features->push_back(std::move(feature));
  }
  return {};
}

Result<KindFeatures> ReadKind(const json& tree, const std::string& where) {
  KindFeatures features;
  RECOUP_ASSIGN(const std::string kind, Text(tree, where, "kind"));
  RECOUP_ASSIGN(features.kind, graph::ParseNodeKind(kind));
  RECOUP_TRY(ReadAll(tree, where, "numeric", &features.numeric));
  RECOUP_TRY(ReadAll(tree, where, "categories", &features.categories));
  if (tree.contains("texts")) RECOUP_TRY(ReadAll(tree, where, "texts", &features.texts));
  return features;
}

bool HasTexts(std::span<const KindFeatures> kinds) {
  return std::any_of(kinds.begin(), kinds.end(),
                     [](const KindFeatures& features) { return !features.texts.empty(); });
}

json ToTree(const KindFeatures& features) {
  json tree = {{"kind", graph::NodeKindName(features.kind)},
               {"numeric", ToTree(features.numeric)},
               {"categories", ToTree(features.categories)}};
  if (!features.texts.empty()) tree["texts"] = ToTree(features.texts);
  return tree;
}

}  // namespace

std::string FeatureSchema::ToJson() const {
  json kinds = json::array();
  for (const KindFeatures& features : kinds_) kinds.push_back(ToTree(features));
  const json tree = {{"format", HasTexts(kinds_) ? kFormatWithTexts : kFormat},
                     {"kinds", kinds},
                     {"prior_recovery_rate", prior_recovery_rate_}};
  // A word that is not UTF-8 must not throw; fitting keeps no such word.
  return tree.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<FeatureSchema> FeatureSchema::Parse(std::string_view text) {
  const json tree = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (tree.is_discarded()) return NotASchema("the text", "is not JSON");
  RECOUP_ASSIGN(const json* format,
                Member(tree, "schema", "format", json::value_t::number_unsigned));
  if (*format != kFormat && *format != kFormatWithTexts) {
    return NotASchema("schema.format", "is not 1 or 2, the only ones known here");
  }
  RECOUP_ASSIGN(const json* list, Member(tree, "schema", "kinds", json::value_t::array));
  std::vector<KindFeatures> kinds;
  for (const json& entry : *list) {
    const std::string here = At("schema.kinds", kinds.size());
    RECOUP_ASSIGN(KindFeatures features, ReadKind(entry, here));
    if (!kinds.empty() && features.kind <= kinds.back().kind) {
      return NotASchema(here + ".kind", "is not above the one before it");
    }
    kinds.push_back(std::move(features));
  }
  if (HasTexts(kinds) != (*format == kFormatWithTexts)) {
    return NotASchema("schema.format", "must be 2 with texts and 1 without them");
  }
  if (!tree.contains("prior_recovery_rate")) {
    return NotASchema("schema", "lacks prior_recovery_rate");
  }
  RECOUP_ASSIGN(const double prior,
                Number(tree["prior_recovery_rate"], "schema.prior_recovery_rate"));
  return FeatureSchema(std::move(kinds), prior);
}

}  // namespace recoup::model
