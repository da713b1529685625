#include <algorithm>
#include <utility>

#include "graph/sampling/neighbourhood.h"
#include "model/features/by_day.h"
#include "model/features/encoder.h"
#include "model/features/feature_fitter.h"

namespace recoup::model {
namespace {

// Scales settle with far fewer neighbourhoods than there are loans.
constexpr std::size_t kMostNeighbourhoods = 5000;

bool MayBeFeature(const graph::AttributeDefinition& definition, const FitOptions& options) {
  if (definition.role == graph::AttributeRole::kFeature) return true;
  return std::find(options.allow_forbidden.begin(), options.allow_forbidden.end(),
                   definition.name) != options.allow_forbidden.end();
}

std::vector<graph::AttributeDefinition> Fittable(const graph::GraphStore& store,
                                                 const FitOptions& options) {
  std::vector<graph::AttributeDefinition> fittable;
  for (graph::AttributeDefinition& definition : store.ViewAsOf(Date::Max())->Attributes()) {
    if (MayBeFeature(definition, options)) fittable.push_back(std::move(definition));
  }
  return fittable;
}

Result<void> AddSurroundings(const graph::GraphView& view, graph::NodeId loan,
                             const graph::SamplingOptions& sampling, FeatureFitter* fitter) {
  RECOUP_ASSIGN(const graph::Neighbourhood around,
                graph::SampleNeighbourhood(view, loan, sampling));
  for (const graph::NodeId id : around.nodes) {
    if (graph::KindOf(id) == graph::NodeKind::kLoan) continue;
    RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(id));
    fitter->Add(record, view.as_of());
  }
  return {};
}

double MeanRecoveryRate(std::span<const Example> examples) {
  double sum = 0.0;
  for (const Example& example : examples) sum += example.recovery_rate;
  return sum / static_cast<double>(examples.size());
}

}  // namespace

Result<FeatureSchema> FitFeatureSchema(const graph::GraphStore& store,
                                       std::span<const Example> examples,
                                       const FitOptions& options) {
  if (examples.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a feature schema cannot be fitted to no examples"};
  }
  FeatureFitter fitter(Fittable(store, options));
  DayViews views(store);
  const std::size_t stride = (examples.size() + kMostNeighbourhoods - 1) / kMostNeighbourhoods;
  const std::vector<std::uint32_t> order = PositionsByDay(examples);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Example& example = examples[order[i]];
    const graph::GraphView& view = views.On(example.as_of);
    RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(example.loan));
    fitter.Add(record, example.as_of);
    if (i % stride == 0) {
      RECOUP_TRY(AddSurroundings(view, example.loan, options.sampling, &fitter));
    }
  }
  return FeatureSchema(fitter.Fit(options.min_count), MeanRecoveryRate(examples));
}

}  // namespace recoup::model
