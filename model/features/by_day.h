// Visits examples grouped by day, so that examples of one day share a view.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/store/graph_view.h"
#include "model/features/encoder.h"

namespace recoup::model {

/// Returns the positions of `examples` ordered by (as_of, position).
std::vector<std::uint32_t> PositionsByDay(std::span<const Example> examples);

/// Opens views, and keeps the last one for the next question about the same day.
/// Threads: one each. Lifetime: must not outlive the store.
class DayViews {
 public:
  explicit DayViews(const graph::GraphStore& store) : store_(store) {}

  /// Valid until the next call.
  const graph::GraphView& On(Date day);

 private:
  const graph::GraphStore& store_;
  std::unique_ptr<const graph::GraphView> view_;
};

}  // namespace recoup::model
