#include "model/evaluation/table_columns.h"

#include <catch2/catch_test_macros.hpp>

namespace recoup::model {
namespace {

Table TwoRows() { return {{"size", "colour=red", "colour=(missing)"}, {1, 0, 1, 2, 1, 0}}; }

TEST_CASE("Columns of a category belong to one attribute") {
  CHECK(AttributesOf(TwoRows()) == std::vector<std::string>{"size", "colour"});
  CHECK(AttributeOfColumn("colour=a=b") == "colour");
  CHECK(AttributeOfColumn("purpose~31") == "purpose");
  CHECK(AttributeOfColumn("colour=a~b") == "colour");
}

TEST_CASE("Selecting an attribute takes all its columns of every row") {
  const Table colours =
      SelectAttributes(TwoRows(), [](std::string_view name) { return name == "colour"; });
  CHECK(colours.columns == std::vector<std::string>{"colour=red", "colour=(missing)"});
  CHECK(colours.values == std::vector<float>{0, 1, 1, 0});
}

TEST_CASE("Rows are cut from the middle") {
  const Table table{{"a", "b"}, {1, 2, 3, 4, 5, 6}};
  CHECK(SelectRows(table, 1, 2).values == std::vector<float>{3, 4});
  CHECK(SelectRows(table, 1, 1).values.empty());
}

TEST_CASE("Joined tables keep their rows side by side") {
  const Table joined = JoinColumns({{"a"}, {1, 2}}, {{"b", "c"}, {3, 4, 5, 6}});
  CHECK(joined.columns == std::vector<std::string>{"a", "b", "c"});
  CHECK(joined.values == std::vector<float>{1, 3, 4, 2, 5, 6});
  CHECK(JoinColumns({{"a"}, {1}}, {}).columns.size() == 1);
}

}  // namespace
}  // namespace recoup::model
