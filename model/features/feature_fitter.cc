#include "model/features/feature_fitter.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "model/features/feature_value.h"

namespace recoup::model {
namespace {

constexpr std::size_t kMostKnots = 256;
constexpr std::size_t kMostWords = 256;

// Returns evenly spaced order statistics: values that occurred, never means of two of them, so
// that codes and counts keep their exact knots.
std::vector<double> Quantiles(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  if (values.size() <= kMostKnots) return values;
  std::vector<double> knots(kMostKnots);
  for (std::size_t i = 0; i < kMostKnots; ++i) {
    knots[i] = values[i * (values.size() - 1) / (kMostKnots - 1)];
  }
  return knots;
}

std::optional<NumericFeature> FitNumbers(const graph::AttributeDefinition& definition,
                                         std::map<std::string, std::vector<double>> numbers) {
  if (numbers.empty()) return std::nullopt;
  // The most frequent currency; of equals the first by code.
  auto best = numbers.begin();
  for (auto entry = numbers.begin(); entry != numbers.end(); ++entry) {
    if (entry->second.size() > best->second.size()) best = entry;
  }
  NumericFeature feature{definition.name, definition.type, Quantiles(std::move(best->second)),
                         best->first};
  if (feature.knots.front() == feature.knots.back()) return std::nullopt;
  return feature;
}

std::optional<CategoryFeature> FitWords(const graph::AttributeDefinition& definition,
                                        const std::map<std::string, std::uint32_t>& words,
                                        std::uint32_t min_count) {
  std::vector<std::pair<std::string, std::uint32_t>> kept;
  for (const auto& entry : words) {
    if (entry.second >= min_count) kept.push_back(entry);
  }
  // Words of equal count stay in the map's order.
  std::stable_sort(kept.begin(), kept.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (kept.size() > kMostWords) kept.resize(kMostWords);
  if (kept.empty()) return std::nullopt;
  CategoryFeature feature{definition.name, {}};
  for (auto& entry : kept) feature.vocabulary.push_back(std::move(entry.first));
  std::sort(feature.vocabulary.begin(), feature.vocabulary.end());
  return feature;
}

}  // namespace

FeatureFitter::FeatureFitter(std::span<const graph::AttributeDefinition> attributes) {
  for (const graph::AttributeDefinition& definition : attributes) {
    if (!std::holds_alternative<graph::NodeKind>(definition.owner)) continue;
    if (columns_.size() <= definition.id) columns_.resize(std::size_t{definition.id} + 1);
    columns_[definition.id] = Column{definition, {}, {}, 0};
  }
}

void FeatureFitter::Add(const graph::NodeRecord& record, Date as_of) {
  const ReferenceDays reference(record.attributes, as_of);
  for (const graph::StoredAttribute& attribute : record.attributes) {
    if (attribute.id >= columns_.size()) break;  // ids ascend
    std::optional<Column>& column = columns_[attribute.id];
    if (!column.has_value() || graph::TypeOf(attribute.value) != column->definition.type) continue;
    if (const auto* category = std::get_if<graph::Category>(&attribute.value)) {
      ++column->words[category->word];
      continue;
    }
    if (const auto* text = std::get_if<std::string>(&attribute.value)) {
      if (!text->empty()) ++column->texts;
      continue;
    }
    const std::optional<double> number = NumericValue(attribute.value, reference.Of(attribute.id));
    if (!number.has_value()) continue;
    const auto* money = std::get_if<Money>(&attribute.value);
    column->numbers[money == nullptr ? std::string() : std::string(money->currency().code())]
        .push_back(*number);
  }
}

std::vector<KindFeatures> FeatureFitter::Fit(std::uint32_t min_count) {
  std::vector<KindFeatures> kinds;
  for (const graph::NodeKind kind : graph::kAllNodeKinds) kinds.push_back({kind, {}, {}, {}});
  for (std::optional<Column>& column : columns_) {
    if (!column.has_value()) continue;
    const graph::AttributeDefinition& definition = column->definition;
    KindFeatures& features =
        kinds[static_cast<std::size_t>(std::get<graph::NodeKind>(definition.owner)) - 1];
    if (definition.type == graph::AttributeType::kCategory) {
      auto feature = FitWords(definition, column->words, min_count);
      if (feature.has_value()) features.categories.push_back(std::move(*feature));
    } else if (definition.type == graph::AttributeType::kText) {
      const bool often = column->texts > 0 && column->texts >= min_count;
      if (often) features.texts.push_back({definition.name, kTextBuckets});
    } else {
      auto feature = FitNumbers(definition, std::move(column->numbers));
      if (feature.has_value()) features.numeric.push_back(std::move(*feature));
    }
  }
  return kinds;
}

}  // namespace recoup::model
