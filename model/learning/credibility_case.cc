#include "model/learning/credibility_case.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "model/learning/in_parallel.h"
#include "model/runtime/credibility_pass.h"

namespace recoup::model {

std::vector<std::string> MessageRelations(const Timeline& timeline,
                                          std::span<const std::uint32_t> learnt) {
  std::vector<std::pair<double, std::string>> ranked;
  const std::size_t width = timeline.residual.columns.size();
  for (std::size_t r = 0; r < timeline.relations.size(); ++r) {
    double product = 0.0;
    double squares = 0.0;
    std::size_t heard = 0;
    for (const std::uint32_t loan : learnt) {
      const auto mean = static_cast<double>(
          timeline.residual.values[loan * width + kResidualColumnsPerRelation * r]);
      const auto residual = static_cast<double>(timeline.index->ResidualOf(loan));
      if (std::isnan(mean) || mean == 0.0 || std::isnan(residual)) continue;
      product += mean * residual;
      squares += mean * mean;
      ++heard;
    }
    if (10 * heard < learnt.size() || !(product > 0.0)) continue;
    ranked.emplace_back(-product * product / squares, timeline.relations[r]);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > kMostMessageRelations) ranked.resize(kMostMessageRelations);
  std::vector<std::string> names;
  for (auto& [score, name] : ranked) names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  return names;
}

CredibilityCase MakeCredibilityCase(const FittingTask& task, const FittedEnsemble& fitted,
                                    std::span<const std::uint32_t> loans) {
  std::vector<std::uint32_t> all(task.book.size());
  std::iota(all.begin(), all.end(), 0U);
  CredibilityCase made;
  made.rows =
      RowsOf(EncodeLoans(task.book, fitted.schema, all), fitted.schema.Of(graph::NodeKind::kLoan));
  const Timeline& timeline = task.timeline;
  std::vector<std::uint32_t> relations;
  for (const std::string& name : fitted.ensemble.message_relations) {
    const auto found = std::lower_bound(timeline.relations.begin(), timeline.relations.end(), name);
    relations.push_back(
        timeline.numbers[static_cast<std::size_t>(found - timeline.relations.begin())]);
  }
  CredibilityInputs& inputs = made.inputs;
  inputs.loans.assign(loans.begin(), loans.end());
  inputs.slots.relations = relations.size();
  inputs.slots.slots = kCredibilitySlots;
  inputs.context_width = NetworkContextWidth(timeline.relations.size());
  for (const std::uint32_t loan : loans) {
    const Example& example = task.book.examples[loan];
    timeline.index->Sample({task.book.MembersOf(loan), example.as_of, loan}, relations,
                           &inputs.slots);
    const std::vector<float> context =
        ContextOfLoan(timeline, fitted.schema.prior_recovery_rate(), loan);
    inputs.context.insert(inputs.context.end(), context.begin(), context.end());
  }
  return made;
}

Result<std::vector<double>> CredibilityCorrections(const FittingTask& task,
                                                   const FittedEnsemble& fitted,
                                                   std::span<const std::uint32_t> loans) {
  std::vector<double> corrections(loans.size(), 0.0);
  RECOUP_ASSIGN(const std::vector<CredibilityPass> passes,
                CredibilityPasses(fitted.ensemble, fitted.schema));
  if (passes.empty()) return corrections;
  const CredibilityCase made = MakeCredibilityCase(task, fitted, loans);
  const std::size_t width = made.inputs.context_width;
  InParallel(loans.size(), task.walk.ensemble.threads, [&](std::size_t begin, std::size_t end) {
    CredibilityPass::Scratch scratch;
    for (std::size_t i = begin; i < end; ++i) {
      const CredibilityQuestion question =
          QuestionOf(made.rows, loans[i], made.inputs.slots, i,
                     std::span(made.inputs.context).subspan(i * width, width));
      for (const CredibilityPass& pass : passes) {
        corrections[i] += pass.Forecast(question, scratch) / static_cast<double>(passes.size());
      }
    }
  });
  return corrections;
}

}  // namespace recoup::model
