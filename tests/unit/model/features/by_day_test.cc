#include "model/features/by_day.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

TEST_CASE("Positions ascend by day, and within a day as they came") {
  std::vector<Example> examples(4);
  examples[0].as_of = Date(9);
  examples[1].as_of = Date(3);
  examples[2].as_of = Date(9);
  examples[3].as_of = Date(5);
  CHECK(PositionsByDay(examples) == std::vector<std::uint32_t>{1, 3, 0, 2});
}

TEST_CASE("A view is opened anew only for another day") {
  const graph::GraphBuilder graph;
  DayViews views(graph.store());
  const graph::GraphView* first = &views.On(Date(3));
  CHECK(first->as_of() == Date(3));
  CHECK(&views.On(Date(3)) == first);
  CHECK(views.On(Date(4)).as_of() == Date(4));
}

}  // namespace
}  // namespace recoup::model
