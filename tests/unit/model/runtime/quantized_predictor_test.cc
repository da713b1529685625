#include "model/runtime/quantized_predictor.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "model/predictor/forecast_from_logits.h"
#include "model/runtime/kernels/quantized_rows.h"
#include "model/runtime/quantized_pass.h"
#include "tests/unit/model/artifact/random_quantized.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::NodeKind;

ModelArtifact WithForms(NetworkWidths widths) {
  ModelArtifact artifact = testing::RandomArtifact(widths, 5);
  artifact.int8 = testing::RandomQuantized(artifact.schema, widths, 8, 1).Take();
  artifact.int4 = testing::RandomQuantized(artifact.schema, widths, 4, 2).Take();
  return artifact;
}

std::vector<EncodedNeighbourhood> Inputs(const FeatureSchema& schema, std::size_t count) {
  std::vector<EncodedNeighbourhood> inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back(testing::RandomNeighbourhood(schema, 100 + i));
  }
  return inputs;
}

std::unique_ptr<Predictor> Make(const ModelArtifact& artifact, int bits = 8) {
  auto made = MakeQuantizedPredictor(artifact, bits);
  REQUIRE(made.has_value());
  return std::move(made).value();
}

void RequireRefused(const EncodedNeighbourhood& input, const std::string& part) {
  const ModelArtifact artifact = WithForms({16, 32});
  const auto predicted = Make(artifact)->Predict({&input, 1});
  REQUIRE_FALSE(predicted.has_value());
  INFO(predicted.error().message);
  CHECK(predicted.error().code == ErrorCode::kInvalidArgument);
  CHECK(predicted.error().message.find(part) != std::string::npos);
}

TEST_CASE("A model without the form says how to make it") {
  const ModelArtifact artifact = testing::RandomArtifact({4, 8}, 7);
  for (const int bits : {8, 4}) {
    const auto made = MakeQuantizedPredictor(artifact, bits);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == ErrorCode::kFailedPrecondition);
    CHECK(made.error().message.find("model test-1 has no form in " + std::to_string(bits)) == 0);
    CHECK(made.error().message.find("recoup model quantize --bits " + std::to_string(bits)) !=
          std::string::npos);
  }
}

TEST_CASE("The predictor of a form computes with it, and calls itself so") {
  const ModelArtifact artifact = WithForms({16, 32});
  const auto inputs = Inputs(artifact.schema, 5);
  for (const int bits : {8, 4}) {
    const auto predictor = Make(artifact, bits);
    CHECK(predictor->backend() == "local-int" + std::to_string(bits));
    const PackedQuantizedNetwork network(bits == 8 ? *artifact.int8 : *artifact.int4);
    const auto forecasts = predictor->Predict(inputs).value();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      QuantizedPass pass(network);
      const auto expected = ForecastFromLogits(pass.Run(inputs[i]), artifact.calibration).value();
      CHECK(forecasts[i] == expected);
    }
  }
}

TEST_CASE("A loan's forecast in few bits does not depend on its batch") {
  const ModelArtifact artifact = WithForms({16, 32});
  const auto predictor = Make(artifact);
  const auto inputs = Inputs(artifact.schema, 40);
  const auto together = predictor->Predict(inputs).value();
  REQUIRE(together.size() == inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CHECK(predictor->Predict({&inputs[i], 1}).value()[0] == together[i]);
  }
  CHECK(predictor->Predict({}).value().empty());
}

TEST_CASE("Threads and predictors that share a worker's memory do not disturb each other") {
  const ModelArtifact narrow = WithForms({5, 7});
  const ModelArtifact wide = WithForms({40, 64});
  const auto inputs = Inputs(narrow.schema, 20);
  const auto of_narrow = Make(narrow)->Predict(inputs).value();
  const auto of_wide = Make(wide, 4)->Predict(inputs).value();
  const auto first = Make(narrow);
  const auto second = Make(wide, 4);
  std::vector<std::size_t> wrong(3, 0);
  std::vector<std::thread> threads;
  for (std::size_t& count : wrong) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (first->Predict({&inputs[i], 1}).value()[0] != of_narrow[i]) ++count;
        if (second->Predict({&inputs[i], 1}).value()[0] != of_wide[i]) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<std::size_t>(3, 0));
}

TEST_CASE("A weight that is no share is refused") {
  const FeatureSchema schema = testing::RandomSchema();
  for (const float weight :
       {-0.001F, 1.0001F, 2.0F, -1.0F, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    EncodedNeighbourhood input = Inputs(schema, 1)[0];
    REQUIRE_FALSE(input.relations.empty());
    input.relations.back().weights.back() = weight;
    INFO(weight);
    RequireRefused(input, std::isfinite(weight) ? "between 0 and 1" : "not finite");
  }
}

// One party, met again and again.
EncodedNeighbourhood Crowd(const FeatureSchema& schema, std::size_t children) {
  EncodedNeighbourhood input;
  input.Of(NodeKind::kLoan) = {1, 1, {}, {}};
  input.Of(NodeKind::kParty) = {1, 1, {}, {}};
  const RelationKey key = testing::TestRelations().front().second;
  input.relations = {{key.relation, key.parent, key.child, 1,
                      std::vector<std::uint32_t>(children, 0),
                      std::vector<std::uint32_t>(children, 0), std::vector<float>(children, 1.0F)}};
  std::mt19937_64 random(3);
  testing::FillRows(input, schema, random);
  return input;
}

TEST_CASE("As many neighbours as can be summed are served, and one more is refused") {
  const ModelArtifact artifact = WithForms({16, 32});
  const auto one = Crowd(artifact.schema, 1);
  const auto many = Crowd(artifact.schema, kMostChildren);
  const auto predictor = Make(artifact);
  CHECK(predictor->Predict({&many, 1}).value() == predictor->Predict({&one, 1}).value());
  RequireRefused(Crowd(artifact.schema, kMostChildren + 1), "more neighbours of one relation");
}

TEST_CASE("Many edges of one relation are served where no single parent has too many") {
  const ModelArtifact artifact = WithForms({16, 32});
  EncodedNeighbourhood input = Crowd(artifact.schema, kMostChildren);
  const RelationKey owner{
      {graph::EdgeKind::kOwns, graph::Direction::kIn}, NodeKind::kParty, NodeKind::kParty};
  input.Of(NodeKind::kParty) = {2, 2, {}, {}};
  RelationRows edges{owner.relation, owner.parent, owner.child, 2, {}, {}, {}};
  for (std::size_t i = 0; i < 2 * kMostChildren; ++i) {
    edges.parents.push_back(i < kMostChildren ? 0 : 1);
    edges.children.push_back(static_cast<std::uint32_t>(i % 2));
    edges.weights.push_back(0.5F);
  }
  input.relations.push_back(std::move(edges));
  std::mt19937_64 random(3);
  testing::FillRows(input, artifact.schema, random);
  CHECK(Make(artifact)->Predict({&input, 1}).has_value());
  input.relations.back().parents[kMostChildren] = 0;
  RequireRefused(input, "more neighbours of one relation");
}

TEST_CASE("Inputs that do not fit the schema are refused") {
  const FeatureSchema schema = testing::RandomSchema();
  const EncodedNeighbourhood whole = Inputs(schema, 1)[0];
  const auto refused = [&](const auto& change, const std::string& part) {
    EncodedNeighbourhood input = whole;
    change(input);
    RequireRefused(input, part);
  };
  refused([](auto& input) { input.Of(NodeKind::kLoan).categories[0] = 5; }, "vocabulary");
  refused([](auto& input) { input.Of(NodeKind::kLoan).categories[1] = -1; }, "vocabulary");
  refused([](auto& input) { input.Of(NodeKind::kLoan).numeric[2] = std::nanf(""); }, "not finite");
  refused([](auto& input) { input.Of(NodeKind::kLoan).numeric.pop_back(); }, "numeric");
  refused([](auto& input) { input.context.push_back(1.0F); }, "context");
  refused([](auto& input) { input.relations[0].children[0] = 1000; }, "does not exist");
}

TEST_CASE("An input of several loans is refused in few bits, too") {
  const auto inputs = Inputs(testing::RandomSchema(), 2);
  const std::vector<const EncodedNeighbourhood*> parts = {&inputs[0], &inputs[1]};
  RequireRefused(Collate(parts), "one loan: 2");
}

}  // namespace
}  // namespace recoup::model
