#include "model/evaluation/figure_columns.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace recoup::model {
namespace {

EvaluationTable TableOf(double RowFigures::*figure, const std::vector<double>& figures) {
  EvaluationTable table;
  for (const double value : figures) {
    EvaluationRow& row = table.rows.emplace_back();
    row.figures = RowFigures{};
    (*row.figures).*figure = value;
  }
  return table;
}

const FigureColumn& Column(const std::string& name) {
  const auto is_named = [&](const FigureColumn& column) { return column.name == name; };
  const auto found = std::find_if(kMainFigures.begin(), kMainFigures.end(), is_named);
  return found != kMainFigures.end()
             ? *found
             : *std::find_if(kMoreFigures.begin(), kMoreFigures.end(), is_named);
}

std::optional<double> BestOf(const std::string& name, const std::vector<double>& figures) {
  const FigureColumn& column = Column(name);
  return BestFigure(TableOf(column.figure, figures), column);
}

TEST_CASE("The best figure is the highest, the lowest, or the nearest to what is promised") {
  CHECK(BestOf("r2", {-0.1, 0.3, 0.2}) == 0.3);
  CHECK(BestOf("spearman", {0.1, 0.3}) == 0.3);
  for (const char* name : {"mae", "rmse", "crps", "pinball10", "pinball50", "pinball90"}) {
    INFO(name);
    CHECK(BestOf(name, {0.3, 0.1, 0.2}) == 0.1);
  }
  CHECK(BestOf("coverage80", {0.95, 0.79, 0.7}) == 0.79);
  CHECK(BestOf("bias", {-0.2, -0.01, 0.05}) == -0.01);
}

TEST_CASE("No width is better by itself") { CHECK_FALSE(BestOf("width80", {0.3, 0.1})); }

TEST_CASE("Figures that are not defined and absent rows are never the best") {
  CHECK(BestOf("r2", {std::nan(""), 0.1}) == 0.1);
  CHECK_FALSE(BestOf("r2", {std::nan("")}));
  EvaluationTable table = TableOf(&RowFigures::mae, {0.2});
  table.rows.emplace_back();
  CHECK(BestFigure(table, Column("mae")) == 0.2);
}

TEST_CASE("Figures that look the same are equally good") {
  CHECK(BestOf("r2", {0.25004, 0.25001}) == 0.25);
}

TEST_CASE("A figure is rounded as it is shown") {
  CHECK(AsShown(0.123456) == 0.1235);
  CHECK(AsShown(-0.00001) == 0.0);
  CHECK_FALSE(std::signbit(AsShown(-0.00001)));
  CHECK(std::isnan(AsShown(std::nan(""))));
}

TEST_CASE("Each figure of a row stands in one column") {
  std::set<std::string> names;
  for (const FigureColumn& column : kMainFigures) names.insert(column.name);
  for (const FigureColumn& column : kMoreFigures) names.insert(column.name);
  CHECK(names.size() == kMainFigures.size() + kMoreFigures.size());
  CHECK(names.size() == sizeof(RowFigures) / sizeof(double));
}

}  // namespace
}  // namespace recoup::model
