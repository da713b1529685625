// Times one forward pass of a loan with a 15 x 10 two-hop neighbourhood of all node kinds: the
// local network in fp32, 8 and 4 bits, LibTorch's on one thread, and one row through 300 boosted
// trees of depth 6 by libxgboost's C API. Weights and features are random: only their shapes count
// here. Usage: forward [HIDDEN_WIDTH] Prints one JSON object; medians of interleaved calls, unit:
// microseconds.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/artifact/model_artifact.h"
#include "model/artifact/network_layout.h"
#include "model/boosting/gradient_boosting.h"
#include "model/predictor/network_plugin.h"
#include "model/quantization/quantize_network.h"
#include "model/runtime/kernels/instruction_sets.h"
#include "model/runtime/packed_quantized_network.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_pass.h"
#include "model/runtime/quantized_predictor.h"

namespace {

using namespace recoup;         // NOLINT(google-build-using-namespace): a program's root
using namespace recoup::model;  // NOLINT(google-build-using-namespace): a program's root
using Clock = std::chrono::steady_clock;
using graph::NodeKind;

constexpr std::uint32_t kFirstHop = 15;
constexpr std::uint32_t kSecondHop = 10;
constexpr int kTrees = 300;

class Random {
 public:
  float Normal() { return normal_(engine_); }
  float Rank() { return rank_(engine_); }
  std::uint32_t Below(std::uint32_t end) { return static_cast<std::uint32_t>(engine_() % end); }

 private:
  std::mt19937 engine_{7};
  std::normal_distribution<float> normal_{0.0F, 0.3F};
  std::uniform_real_distribution<float> rank_{-1.0F, 1.0F};
};

// As many attributes as real tapes have: loans many, the others a few.
FeatureSchema Schema() {
  std::vector<KindFeatures> kinds;
  for (const NodeKind kind : graph::kAllNodeKinds) {
    KindFeatures features{kind, {}, {}};
    const bool loan = kind == NodeKind::kLoan;
    for (int i = 0; i < (loan ? 12 : 4); ++i) {
      const auto name = "number" + std::to_string(10 + i);
      features.numeric.push_back({name, graph::AttributeType::kNumber, {0.0, 1.0}, ""});
    }
    for (int i = 0; i < (loan ? 8 : 2); ++i) {
      features.categories.push_back({"word" + std::to_string(i), {"a", "b", "c", "d", "e", "f"}});
    }
    kinds.push_back(std::move(features));
  }
  return {std::move(kinds), 0.4};
}

ModelArtifact Artifact(std::int64_t hidden, Random& random) {
  ModelArtifact artifact;
  artifact.version = "bench";
  artifact.schema = Schema();
  artifact.card_json = "{}";
  auto shapes = RequiredShapes(artifact.schema, {hidden, 64, 0});
  for (const RelationKey& key : AllRelations()) {
    shapes[RelationWeightName(1, RelationName(key))] = {hidden, hidden};
    if (key.parent != NodeKind::kLoan) continue;
    shapes[RelationWeightName(2, RelationName(key))] = {hidden, hidden};
  }
  for (const auto& [name, shape] : shapes) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    Tensor tensor{shape, std::vector<float>(static_cast<std::size_t>(count))};
    for (float& value : tensor.values) value = random.Normal();
    artifact.weights.emplace(name, std::move(tensor));
  }
  return artifact;
}

// Collects edges by relation and hop, in the order of the encoder.
class NeighbourhoodBuilder {
 public:
  explicit NeighbourhoodBuilder(Random& random) : random_(random) {
    AddRow(NodeKind::kLoan);
    std::vector<RelationKey> from_loan;
    for (const RelationKey& key : AllRelations()) {
      if (key.parent == NodeKind::kLoan) from_loan.push_back(key);
    }
    for (std::uint32_t i = 0; i < kFirstHop; ++i) {
      const RelationKey& key = from_loan[i * from_loan.size() / kFirstHop];
      inner_.emplace_back(key.child, AddRow(key.child));
      Connect(1, key, 0, inner_.back().second);
    }
    for (KindRows& rows : out_.kinds) rows.inner_rows = rows.rows;
    for (const auto& [kind, row] : inner_) Surround(kind, row);
  }

  EncodedNeighbourhood Finish(const FeatureSchema& schema) {
    for (auto& [key, edges] : edges_) out_.relations.push_back(std::move(edges));
    for (const KindFeatures& features : schema.kinds()) {
      KindRows& rows = out_.Of(features.kind);
      rows.numeric.resize(rows.rows * features.numeric_width());
      for (float& value : rows.numeric) value = random_.Rank();
      for (std::uint32_t row = 0; row < rows.rows; ++row) {
        for (const CategoryFeature& category : features.categories) {
          rows.categories.push_back(static_cast<std::int32_t>(
              random_.Below(static_cast<std::uint32_t>(category.size()))));
        }
      }
    }
    return std::move(out_);
  }

 private:
  std::uint32_t AddRow(NodeKind kind) { return out_.Of(kind).rows++; }

  void Connect(std::uint8_t hop, const RelationKey& key, std::uint32_t parent,
               std::uint32_t child) {
    RelationRows& edges = edges_[{hop, key}];
    edges.relation = key.relation;
    edges.parent_kind = key.parent;
    edges.child_kind = key.child;
    edges.hop = hop;
    edges.parents.push_back(parent);
    edges.children.push_back(child);
    edges.weights.push_back(1.0F);
  }

  // Two relations of five children each, where the kind has two.
  void Surround(NodeKind kind, std::uint32_t row) {
    std::vector<RelationKey> relations;
    for (const RelationKey& key : AllRelations()) {
      if (key.parent == kind) relations.push_back(key);
    }
    if (relations.empty()) return;
    for (std::uint32_t i = 0; i < kSecondHop; ++i) {
      const RelationKey& key = relations[i < kSecondHop / 2 ? 0 : relations.size() / 2];
      Connect(2, key, row, AddRow(key.child));
    }
  }

  Random& random_;
  EncodedNeighbourhood out_;
  std::vector<std::pair<NodeKind, std::uint32_t>> inner_;
  std::map<std::pair<std::uint8_t, RelationKey>, RelationRows> edges_;
};

// One way to forecast, and how long its calls took.
struct Contender {
  std::string name;
  std::function<Result<void>(const EncodedNeighbourhood&)> forecast;
  std::vector<double> times;
};

double Median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

Result<GradientBoosting> Trees(std::size_t columns, Random& random) {
  Table table;
  constexpr std::size_t kRows = 20'000;
  for (std::size_t c = 0; c < columns; ++c) table.columns.push_back("c" + std::to_string(c));
  std::vector<double> outcomes;
  for (std::size_t row = 0; row < kRows; ++row) {
    for (std::size_t c = 0; c < columns; ++c) table.values.push_back(random.Rank());
    outcomes.push_back(std::clamp(0.5 + static_cast<double>(random.Normal()), 0.0, 1.0));
  }
  return GradientBoosting::FitRounds({&table, outcomes},
                                     {.max_depth = 6, .max_rounds = kTrees, .threads = 1});
}

Contender Of(std::string name, std::shared_ptr<const Predictor> predictor) {
  return {std::move(name),
          [predictor](const EncodedNeighbourhood& input) -> Result<void> {
            RECOUP_TRY(predictor->Predict({&input, 1}));
            return {};
          },
          {}};
}

Result<void> Run(std::int64_t hidden, const std::string& only) {
  Random random;
  ModelArtifact artifact = Artifact(hidden, random);
  std::vector<EncodedNeighbourhood> inputs;
  for (int i = 0; i < 64; ++i) {
    inputs.push_back(NeighbourhoodBuilder(random).Finish(artifact.schema));
  }
  RECOUP_ASSIGN(const PackedNetwork packed, PackedNetwork::Pack(artifact.weights, artifact.schema));
  RangeObserver observer(packed);
  for (const EncodedNeighbourhood& input : inputs) observer.Observe(input);
  for (const int bits : {8, 4}) {
    RECOUP_ASSIGN((bits == 8 ? artifact.int8 : artifact.int4),
                  QuantizeNetwork(artifact.weights, artifact.schema, observer.ranges(), bits));
  }
  std::vector<Contender> contenders;
  const auto share = [](Result<std::unique_ptr<Predictor>> made) {
    return std::shared_ptr<const Predictor>(std::move(made).value());
  };
  contenders.push_back(Of("int8", share(MakeQuantizedPredictor(artifact, 8))));
  const PackedQuantizedNetwork integers(*artifact.int8);
  QuantizedPass pass(integers);
  contenders.push_back({"int8_pass",
                        [&pass](const EncodedNeighbourhood& input) -> Result<void> {
                          pass.Run(input);
                          return {};
                        },
                        {}});
  contenders.push_back(Of("int4", share(MakeQuantizedPredictor(artifact, 4))));
  contenders.push_back(Of("fp32", share(MakePortablePredictor(artifact))));
  const auto plugin = LoadNetworkPlugin();
  if (plugin.has_value()) {
    contenders.push_back(Of("torch", share((*plugin)->MakePredictor(artifact))));
  }
  const std::size_t columns = artifact.schema.Of(NodeKind::kLoan).numeric_width() + 8;
  RECOUP_ASSIGN(const GradientBoosting trees, Trees(columns, random));
  Table row;
  for (std::size_t c = 0; c < columns; ++c) {
    row.columns.push_back("c" + std::to_string(c));
    row.values.push_back(random.Rank());
  }
  contenders.push_back({"xgboost",
                        [&](const EncodedNeighbourhood&) -> Result<void> {
                          RECOUP_TRY(trees.Predict(row));
                          return {};
                        },
                        {}});
  if (!only.empty()) {
    std::erase_if(contenders, [&](const Contender& contender) { return contender.name != only; });
  }
  const int rounds = only.empty() ? 500 : 500'000;
  for (int round = 0; round < rounds; ++round) {
    const EncodedNeighbourhood& input = inputs[static_cast<std::size_t>(round) % inputs.size()];
    for (Contender& contender : contenders) {
      const Clock::time_point start = Clock::now();
      RECOUP_TRY(contender.forecast(input));
      contender.times.push_back(
          std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
  }
  std::size_t nodes = 0;
  for (const KindRows& rows : inputs.front().kinds) nodes += rows.rows;
  std::printf("{\"nodes\": %zu, \"hidden\": %ld, \"instructions\": \"%s\"", nodes,
              static_cast<long>(hidden), InstructionSetInUse().c_str());
  for (const Contender& contender : contenders) {
    std::printf(", \"%s_us\": %.2f", contender.name.c_str(), Median(contender.times));
  }
  std::printf("}\n");
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t hidden = argc > 1 ? std::atol(argv[1]) : 32;
  if (argc > 3 || hidden < 1 || hidden > 4096) {
    std::cerr << "usage: forward [HIDDEN_WIDTH [ONLY]]\n";
    return 2;
  }
  const Result<void> done = Run(hidden, argc > 2 ? argv[2] : "");
  if (!done.has_value()) std::cerr << "forward: " << done.error().message << "\n";
  return done.has_value() ? 0 : 1;
}
