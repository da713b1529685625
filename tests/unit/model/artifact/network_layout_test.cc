#include "model/artifact/network_layout.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <set>
#include <string>

#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

TEST_CASE("Tensors have the names that the format promises") {
  CHECK(RelationName({EdgeKind::kBorrows, Direction::kOut}, NodeKind::kParty, NodeKind::kLoan) ==
        "out.borrows.party.loan");
  CHECK(InputWeightName(NodeKind::kLoan) == "input.loan.weight");
  CHECK(InputBiasName(NodeKind::kParty) == "input.party.bias");
  CHECK(InputCategoryName(NodeKind::kCourt, 3) == "input.court.category.3");
  CHECK(SelfWeightName(1, NodeKind::kRegion) == "layer1.self.region.weight");
  CHECK(SelfBiasName(2, NodeKind::kLoan) == "layer2.self.loan.bias");
  CHECK(RelationWeightName(1, "in.borrows.loan.party") == "layer1.in.borrows.loan.party.weight");
}

TEST_CASE("Every relation has its own name and both directions") {
  std::set<std::string> names;
  for (const RelationKey& key : AllRelations()) names.insert(RelationName(key));
  CHECK(names.size() == AllRelations().size());
  CHECK(names.contains("in.secures.loan.collateral"));
  CHECK(names.contains("out.secures.collateral.loan"));
  CHECK_FALSE(names.contains("out.secures.loan.collateral"));
}

class Network {
 public:
  FeatureSchema schema = testing::RandomSchema();
  TensorMap weights = testing::RandomWeights(schema, {4, 6}, 1);

  void RequireBroken(const std::string& part_of_message) const {
    const auto checked = CheckNetwork(weights, schema);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == ErrorCode::kDataLoss);
    INFO(checked.error().message);
    CHECK(checked.error().message.find(part_of_message) != std::string::npos);
  }
};

TEST_CASE("A whole network is accepted, with and without relations") {
  Network network;
  REQUIRE(CheckNetwork(network.weights, network.schema).has_value());
  CHECK(WidthsOf(network.weights).value() == NetworkWidths{4, 6});
  std::erase_if(network.weights, [](const auto& entry) {
    return entry.first.starts_with("layer") && entry.first.find(".self.") == std::string::npos;
  });
  CHECK(CheckNetwork(network.weights, network.schema).has_value());
}

TEST_CASE("The head's matrix tells the width of the context") {
  Network network;
  network.weights = testing::RandomWeights(network.schema, {4, 6, 3}, 1);
  CHECK(network.weights.at("head.hidden.weight").shape == std::vector<std::int64_t>{6, 11});
  CHECK(WidthsOf(network.weights).value() == NetworkWidths{4, 6, 3});
  CHECK(CheckNetwork(network.weights, network.schema).has_value());
  network.weights.at("head.hidden.weight").shape = {6, 7};
  network.RequireBroken("head.hidden.weight leaves -1");
  network.weights.at("head.hidden.weight").shape = {6, 5000};
  network.RequireBroken("between 0 and 4096");
  network.weights.at("head.hidden.weight").shape = {66};
  network.RequireBroken("head.hidden.weight");
}

TEST_CASE("Each missing tensor is named") {
  const Network whole;
  for (const auto& [name, shape] : RequiredShapes(whole.schema, {4, 6})) {
    Network network;
    network.weights.erase(name);
    network.RequireBroken(name);
  }
}

TEST_CASE("Another shape, an unknown tensor and a number that is not finite are named") {
  Network network;
  network.weights["input.loan.bias"].shape = {2, 2};
  network.RequireBroken("input.loan.bias is [2, 2], expected [4]");

  network = Network();
  network.weights["input.loan.bias"].values.pop_back();
  network.RequireBroken("input.loan.bias");

  network = Network();
  network.weights["layer1.out.borrows.loan.party.weight"] = {{4, 4}, std::vector<float>(16)};
  network.RequireBroken("unknown tensor");

  network = Network();
  network.weights["layer2.out.borrows.party.loan.weight"] = {{4, 4}, std::vector<float>(16)};
  network.RequireBroken("unknown tensor");  // layer 2 ends in loans only

  network = Network();
  network.weights["head.output.bias"].values[5] = std::numeric_limits<float>::infinity();
  network.RequireBroken("not finite");

  network = Network();
  network.weights["layer2.self.loan.bias"].shape = {5000};
  network.RequireBroken("between 1 and 4096");
}

}  // namespace
}  // namespace recoup::model
