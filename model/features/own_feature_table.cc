#include <cmath>
#include <limits>

#include "model/features/by_day.h"
#include "model/features/tabular.h"

namespace recoup::model {
namespace {

std::vector<std::string> OwnColumns(const KindFeatures& loan) {
  std::vector<std::string> columns;
  for (const NumericFeature& feature : loan.numeric) columns.push_back(feature.attribute);
  for (const CategoryFeature& feature : loan.categories) {
    columns.push_back(feature.attribute + "=(missing)");
    columns.push_back(feature.attribute + "=(unseen)");
    for (const std::string& word : feature.vocabulary) {
      columns.push_back(feature.attribute + "=" + word);
    }
  }
  return columns;
}

void FillRow(const KindFeatures& loan, const KindRows& encoded, float* row) {
  for (std::size_t i = 0; i < loan.numeric.size(); ++i) {
    const bool missing = encoded.numeric[2 * i + 1] != 0.0F;
    *row++ = missing ? std::numeric_limits<float>::quiet_NaN() : encoded.numeric[2 * i];
  }
  for (std::size_t i = 0; i < loan.categories.size(); ++i) {
    row[encoded.categories[i]] = 1.0F;
    row += loan.categories[i].size();
  }
}

}  // namespace

Result<Table> OwnFeatureTable(const graph::GraphStore& store, const FeatureSchema& schema,
                              std::span<const Example> examples) {
  // The encoder itself reads the loan, so that both models see the same numbers.
  const Encoder encoder(schema, store.ViewAsOf(Date::Max())->Attributes());
  const KindFeatures& loan = schema.Of(graph::NodeKind::kLoan);
  Table table{OwnColumns(loan), {}};
  table.values.assign(examples.size() * table.columns.size(), 0.0F);
  DayViews views(store);
  for (const std::uint32_t position : PositionsByDay(examples)) {
    const Example& example = examples[position];
    const graph::Neighbourhood alone{{example.loan}, {1, 1, 1}, {}};
    RECOUP_ASSIGN(const EncodedNeighbourhood encoded,
                  encoder.Encode(views.On(example.as_of), alone));
    FillRow(loan, encoded.Of(graph::NodeKind::kLoan),
            table.values.data() + position * table.columns.size());
  }
  return table;
}

}  // namespace recoup::model
