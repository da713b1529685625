#include "model/evaluation/calibration_curve.h"

#include <algorithm>
#include <numeric>

#include "graph/types/result.h"

namespace recoup::model {

std::vector<CalibrationGroup> CalibrationCurve(std::span<const double> outcomes,
                                               std::span<const double> predictions,
                                               std::size_t groups) {
  RECOUP_CHECK(outcomes.size() == predictions.size() && groups > 0);
  const std::size_t loans = outcomes.size();
  std::vector<std::size_t> order(loans);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return predictions[a] < predictions[b]; });
  std::vector<CalibrationGroup> curve;
  std::size_t next = 0;
  for (std::size_t group = 1; group <= groups; ++group) {
    CalibrationGroup sum;
    const std::size_t end = group * loans / groups;
    while (next < end || (sum.loans > 0 && next < loans &&
                          predictions[order[next]] == predictions[order[next - 1]])) {
      sum.forecast += predictions[order[next]];
      sum.outcome += outcomes[order[next]];
      ++sum.loans;
      ++next;
    }
    if (sum.loans == 0) continue;
    sum.forecast /= static_cast<double>(sum.loans);
    sum.outcome /= static_cast<double>(sum.loans);
    curve.push_back(sum);
  }
  return curve;
}

}  // namespace recoup::model
