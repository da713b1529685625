// Loans that differ in nothing but what they are for, in words: trees must tell them apart.
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "model/boosting/gradient_boosting.h"
#include "model/features/encoder.h"
#include "model/features/tabular.h"
#include "tests/unit/graph/sampling/graph_builder.h"

namespace recoup::model {
namespace {

using graph::GraphBuilder;
using graph::NodeKind;

constexpr int kLoans = 600;
constexpr int kTraining = 400;

// Phrases of homes (recovered well) and of firms, with a beginning and an end that say nothing.
std::string Purpose(int loan) {
  static constexpr std::array<const char*, 3> kBeginnings = {"客户申请", "该笔用于", "用途为"};
  static constexpr std::array<const char*, 3> kHomes = {"购买商品住房", "装修自住房屋", "购置住房"};
  static constexpr std::array<const char*, 3> kFirms = {"采购钢材原料", "补充流动资金",
                                                        "企业资金周转"};
  static constexpr std::array<const char*, 4> kEnds = {"贷款", "借款", "，已核实", ""};
  const auto at = static_cast<std::size_t>(loan);
  const char* middle = loan % 2 == 0 ? kHomes[at / 2 % 3] : kFirms[at / 2 % 3];
  return std::string(kBeginnings[at / 7 % 3]) + middle + kEnds[at / 11 % 4];
}

// Around 0.7 for homes and 0.3 for firms, with a spread of the same for both.
double Rate(int loan) { return (loan % 2 == 0 ? 0.7 : 0.3) + 0.01 * (loan * 37 % 21 - 10); }

double RSquared(const std::vector<double>& predicted, const std::vector<double>& outcomes) {
  double mean = 0.0;
  for (const double outcome : outcomes) mean += outcome / static_cast<double>(outcomes.size());
  double errors = 0.0;
  double spread = 0.0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    errors += (outcomes[i] - predicted[i]) * (outcomes[i] - predicted[i]);
    spread += (outcomes[i] - mean) * (outcomes[i] - mean);
  }
  return 1.0 - errors / spread;
}

// R2 on the last third, which the trees have not seen.
double Learn(graph::AttributeRole role) {
  GraphBuilder graph;
  graph::FactBatch batch;
  batch.declarations.push_back({0, NodeKind::kLoan, "purpose", graph::AttributeType::kText, role});
  for (int i = 0; i < kLoans; ++i) {
    graph.Node(NodeKind::kLoan, std::to_string(i), 10,
               {{"purpose", Purpose(i)}, {"score", static_cast<double>(i * 37 % 101)}});
  }
  graph.Apply(batch);
  std::vector<Example> training;
  std::vector<Example> test;
  std::vector<double> known;
  std::vector<double> outcomes;
  for (int i = 0; i < kLoans; ++i) {
    const bool first = i < kTraining;
    (first ? training : test)
        .push_back({graph.Loan(std::to_string(i)), Date(20), Date(30), Rate(i)});
    (first ? known : outcomes).push_back(Rate(i));
  }
  const FeatureSchema schema = FitFeatureSchema(graph.store(), training, {}).value();
  const Table table = OwnFeatureTable(graph.store(), schema, training).value();
  BoostingOptions options;
  options.max_rounds = 100;
  options.threads = 1;
  const auto trees = GradientBoosting::FitRounds({&table, known}, options);
  REQUIRE(trees.has_value());
  return RSquared(trees->Predict(OwnFeatureTable(graph.store(), schema, test).value()).value(),
                  outcomes);
}

TEST_CASE("Loans that differ only in a Chinese text are told apart where it is a feature") {
  // The classes explain 0.2^2 = 0.04 of a variance of 0.04 + 0.01^2 * (21^2 - 1) / 12 = 0.0437: R2
  // is at most 0.916.
  CHECK(Learn(graph::AttributeRole::kFeature) > 0.8);
  CHECK(Learn(graph::AttributeRole::kLabel) < 0.1);
}

}  // namespace
}  // namespace recoup::model
