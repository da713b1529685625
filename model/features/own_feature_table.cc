#include <cstddef>

#include "model/features/by_day.h"
#include "model/features/own_row.h"
#include "model/features/tabular.h"

namespace recoup::model {

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
    const KindRows& rows = encoded.Of(graph::NodeKind::kLoan);
    WriteOwnRow(loan, rows.numeric, rows.categories,
                table.values.data() + position * table.columns.size());
  }
  return table;
}

}  // namespace recoup::model
