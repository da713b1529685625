// Where each attribute of one node kind lands in its rows, worked out once per encoder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/store/graph_view.h"
#include "graph/types/date.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// Writes the attributes of nodes of one kind into rows.
/// Threads: share freely.
class KindPlan {
 public:
  KindPlan() = default;
  KindPlan(const KindFeatures& features, std::span<const graph::AttributeDefinition> attributes);

  /// Columns of a row, as KindFeatures::numeric_width() and categories.size().
  std::size_t numeric_width() const { return blank_.size(); }
  std::size_t category_width() const { return vocabularies_.size(); }
  /// Where the outcome columns begin.
  std::size_t outcome_column() const { return outcome_column_; }

  /// Fills both rows; the outcome columns become 0.
  /// Shape: numeric[numeric_width()], categories[category_width()].
  void Write(const std::vector<graph::StoredAttribute>& attributes, Date as_of, float* numeric,
             std::int32_t* categories) const;

 private:
  static constexpr std::uint32_t kNoFeature = 0xffff'ffff;
  struct Slot {
    graph::AttributeType type = graph::AttributeType::kNumber;
    std::uint32_t feature = kNoFeature;  // its position among those of its type
  };
  struct WordHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const {
      return std::hash<std::string_view>()(word);
    }
  };
  using Vocabulary = std::unordered_map<std::string, std::int32_t, WordHash, std::equal_to<>>;

  struct TextColumns {
    std::uint32_t first = 0;  // in the numeric row
    std::uint32_t buckets = 0;
  };

  void Place(const graph::AttributeDefinition& definition, const KindFeatures& features);
  void WriteNumber(const graph::AttributeValue& value, std::size_t feature, Date reference,
                   float* numeric) const;

  std::vector<Slot> slots_;  // by attribute id
  std::vector<NumericFeature> numeric_;
  std::vector<TextColumns> texts_;
  std::vector<Vocabulary> vocabularies_;  // by category feature
  std::vector<float> blank_;              // a numeric row of which everything is missing
  std::size_t outcome_column_ = 0;
};

}  // namespace recoup::model
