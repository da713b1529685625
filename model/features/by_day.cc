#include "model/features/by_day.h"

#include <algorithm>
#include <numeric>

namespace recoup::model {

std::vector<std::uint32_t> PositionsByDay(std::span<const Example> examples) {
  std::vector<std::uint32_t> positions(examples.size());
  std::iota(positions.begin(), positions.end(), 0U);
  std::stable_sort(positions.begin(), positions.end(),
                   [examples](std::uint32_t a, std::uint32_t b) {
                     return examples[a].as_of < examples[b].as_of;
                   });
  return positions;
}

const graph::GraphView& DayViews::On(Date day) {
  if (view_ == nullptr || view_->as_of() != day) view_ = store_.ViewAsOf(day);
  return *view_;
}

}  // namespace recoup::model
