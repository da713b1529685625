#include "model/features/kind_plan.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "model/features/feature_value.h"

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
    : numeric_(features.numeric), blank_(features.numeric_width(), 0.0F) {
  for (std::size_t i = 0; i < numeric_.size(); ++i) blank_[2 * i + 1] = 1.0F;
  for (const CategoryFeature& category : features.categories) {
    Vocabulary& vocabulary = vocabularies_.emplace_back();
    for (const std::string& word : category.vocabulary) {
      vocabulary.emplace(word, kFirstWord + static_cast<std::int32_t>(vocabulary.size()));
    }
  }
  for (const graph::AttributeDefinition& definition : attributes) {
    if (definition.owner != graph::AttributeOwner(features.kind)) continue;
    if (definition.type == graph::AttributeType::kCategory) {
      const auto feature = Position(features.categories, definition.name);
      if (feature.has_value()) Place(definition, *feature);
    } else {
      const auto feature = Position(numeric_, definition.name);
      if (feature.has_value() && numeric_[*feature].type == definition.type) {
        Place(definition, *feature);
      }
    }
  }
}

void KindPlan::Place(const graph::AttributeDefinition& definition, std::size_t feature) {
  if (slots_.size() <= definition.id) slots_.resize(std::size_t{definition.id} + 1);
  slots_[definition.id] = {definition.type, static_cast<std::uint16_t>(feature)};
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
    if (slot.type == graph::AttributeType::kText) continue;
    if (graph::TypeOf(attribute.value) != slot.type) continue;
    if (const auto* category = std::get_if<graph::Category>(&attribute.value)) {
      const Vocabulary& vocabulary = vocabularies_[slot.feature];
      const auto word = vocabulary.find(std::string_view(category->word));
      categories[slot.feature] = word == vocabulary.end() ? kUnseenWord : word->second;
    } else {
      WriteNumber(attribute.value, slot.feature, reference.Of(attribute.id), numeric);
    }
  }
}

}  // namespace recoup::model
