#include "model/evaluation/evaluate.h"

#include "model/evaluation/comparison.h"
#include "model/evaluation/ensemble_rows.h"
#include "model/evaluation/network_rows.h"
#include "model/evaluation/tabular_rows.h"

namespace recoup::model {

Result<EvaluationTable> Evaluate(const graph::GraphStore& store, const NetworkSource& network,
                                 const EvaluateOptions& options, const Observer& observer) {
  RECOUP_ASSIGN(const PreparedData data,
                PrepareData(store, options.split, options.fit, observer, options.scenario));
  Comparison comparison;
  const NetworkTask task{store, data, network, options};
  RECOUP_TRY(AddTabularRows(store, data, options, observer, comparison));
  if (options.rows.ensemble) RECOUP_TRY(AddEnsembleRows(task, observer, comparison));
  if (options.rows.network) RECOUP_TRY(AddNetworkRows(task, observer, comparison));
  RECOUP_TRY(observer.Enter("bootstrap"));
  return comparison.Finish(store, data, options.bootstrap, options.seeds);
}

}  // namespace recoup::model
