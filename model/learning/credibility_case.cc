#include "model/learning/credibility_case.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace recoup::model {

std::vector<std::string> MessageRelations(const Timeline& timeline) {
  std::vector<std::pair<double, std::string>> ranked;
  const std::size_t width = timeline.residual.columns.size();
  const std::size_t loans = timeline.nearest.size();
  for (std::size_t r = 0; r < timeline.relations.size(); ++r) {
    double squares = 0.0;
    std::size_t heard = 0;
    for (std::size_t loan = 0; loan < loans; ++loan) {
      const float mean = timeline.residual.values[loan * width + 2 * r];
      if (std::isnan(mean) || mean == 0.0F) continue;
      squares += static_cast<double>(mean) * static_cast<double>(mean);
      ++heard;
    }
    if (10 * heard < loans) continue;
    ranked.emplace_back(-squares, timeline.relations[r]);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > kMostMessageRelations) ranked.resize(kMostMessageRelations);
  std::vector<std::string> names;
  for (auto& [score, name] : ranked) names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<double>> CredibilityCorrections(const FittingTask&, const FittedEnsemble&,
                                                   std::span<const std::uint32_t> loans) {
  return std::vector<double>(loans.size(), 0.0);
}

CredibilityCase MakeCredibilityCase(const FittingTask&, const FittedEnsemble&,
                                    std::span<const std::uint32_t>) {
  return {};
}

}  // namespace recoup::model
