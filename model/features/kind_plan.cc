#include "model/features/kind_plan.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "model/features/feature_value.h"
#include "model/features/text_ngrams.h"

namespace recoup::model {
namespace {

constexpr std::int32_t kMissingWord = 0;
constexpr std::int32_t kUnseenWord = 1;
constexpr std::int32_t kFirstWord = 2;

// Returns the position of the feature on this attribute, or nothing.
template <typename Feature>
std::optional<std::size_t> Position(const std::vector<Feature>& features, std::string_view name) {
  const auto found = std::find_if(features.begin(), features.end(), [name](const Feature& feature) {
    return feature.attribute == name;
  });
  if (found == features.end()) return std::nullopt;
  return static_cast<std::size_t>(found - features.begin());
}

}  // namespace

KindPlan::KindPlan(const KindFeatures& features,
                   std::span<const graph::AttributeDefinition> attributes)
    : numeric_(features.numeric),
      blank_(features.numeric_width(), 0.0F),
      outcome_column_(features.outcome_column()) {
  for (std::size_t i = 0; i < numeric_.size(); ++i) blank_[2 * i + 1] = 1.0F;
  for (const CategoryFeature& category : features.categories) {
    Vocabulary& vocabulary = vocabularies_.emplace_back();
    for (const std::string& word : category.vocabulary) {
      vocabulary.emplace(word, kFirstWord + static_cast<std::int32_t>(vocabulary.size()));
    }
  }
  auto column = static_cast<std::uint32_t>(2 * numeric_.size());
  for (const TextFeature& text : features.texts) {
    texts_.push_back({column, text.buckets});
    column += text.buckets;
  }
  for (const graph::AttributeDefinition& definition : attributes) {
    if (definition.owner == graph::AttributeOwner(features.kind)) Place(definition, features);
  }
}

void KindPlan::Place(const graph::AttributeDefinition& definition, const KindFeatures& features) {
  std::optional<std::size_t> feature;
  if (definition.type == graph::AttributeType::kCategory) {
    feature = Position(features.categories, definition.name);
  } else if (definition.type == graph::AttributeType::kText) {
    feature = Position(features.texts, definition.name);
  } else {
    feature = Position(numeric_, definition.name);
    if (feature.has_value() && numeric_[*feature].type != definition.type) return;
  }
  if (!feature.has_value()) return;
  if (slots_.size() <= definition.id) slots_.resize(std::size_t{definition.id} + 1);
  slots_[definition.id] = {definition.type, static_cast<std::uint32_t>(*feature)};
}

void KindPlan::WriteNumber(const graph::AttributeValue& value, std::size_t feature, Date reference,
                           float* numeric) const {
  const NumericFeature& scale = numeric_[feature];
  const auto* money = std::get_if<Money>(&value);
  if (money != nullptr && !scale.currency.empty() && money->currency().code() != scale.currency) {
    return;
  }
  const std::optional<double> number = NumericValue(value, reference);
  if (!number.has_value()) return;
  numeric[2 * feature] = static_cast<float>(scale.Scale(*number));
  numeric[2 * feature + 1] = 0.0F;
}

void KindPlan::Write(const std::vector<graph::StoredAttribute>& attributes, Date as_of,
                     float* numeric, std::int32_t* categories) const {
  std::copy(blank_.begin(), blank_.end(), numeric);
  std::fill_n(categories, vocabularies_.size(), kMissingWord);
  const ReferenceDays reference(attributes, as_of);
  for (const graph::StoredAttribute& attribute : attributes) {
    if (attribute.id >= slots_.size()) break;  // ids ascend
    const Slot slot = slots_[attribute.id];
    if (slot.feature == kNoFeature || graph::TypeOf(attribute.value) != slot.type) continue;
    if (const auto* category = std::get_if<graph::Category>(&attribute.value)) {
      const Vocabulary& vocabulary = vocabularies_[slot.feature];
      const auto word = vocabulary.find(std::string_view(category->word));
      categories[slot.feature] = word == vocabulary.end() ? kUnseenWord : word->second;
    } else if (const auto* text = std::get_if<std::string>(&attribute.value)) {
      const TextColumns& columns = texts_[slot.feature];
      WriteTextBuckets(*text, {numeric + columns.first, columns.buckets});
    } else {
      WriteNumber(attribute.value, slot.feature, reference.Of(attribute.id), numeric);
    }
  }
}

}  // namespace recoup::model
