// Gathers the values of attributes and turns them into scales and vocabularies.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/schema/attribute.h"
#include "graph/store/graph_view.h"
#include "graph/types/date.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// Gathers what nodes say as of the days on which they are seen.
/// Threads: confine.
class FeatureFitter {
 public:
  /// `attributes` are those to fit; those of edges are ignored.
  explicit FeatureFitter(std::span<const graph::AttributeDefinition> attributes);

  void Add(const graph::NodeRecord& record, Date as_of);

  /// Returns the features of every kind. Leaves out attributes without a value, numbers that never
  /// vary, categories of which no word was seen `min_count` times, and texts of which fewer than
  /// `min_count` were not empty. Call once.
  std::vector<KindFeatures> Fit(std::uint32_t min_count);

 private:
  struct Column {
    graph::AttributeDefinition definition;
    std::map<std::string, std::vector<double>> numbers;  // by currency; others under ""
    std::map<std::string, std::uint32_t> words;
    std::uint32_t texts = 0;  // not empty
  };

  std::vector<std::optional<Column>> columns_;  // by attribute id
};

}  // namespace recoup::model
