// One fixed network, rounded to 8 and to 4 bits, and its logits around fixed loans, bit by bit as
// they were first computed on x86-64. Every number comes from a counter; no distribution of the
// standard library and nothing of libm takes part, so that every release of compiler and library
// must give the same. (Where compilers fuse multiply and add outside of the kernels, as for ARM64,
// steps and so the rounded network may differ; what a network computes may not.)
#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "model/artifact/quantized_file.h"
#include "model/artifact/sha256.h"
#include "model/quantization/quantize_artifact.h"
#include "model/runtime/kernels/instruction_sets.h"
#include "model/runtime/quantized_pass.h"
#include "tests/arm64/drawn_numbers.h"
#include "tests/unit/model/runtime/plain_quantized_pass.h"
#include "tests/unit/model/runtime/random_network.h"

namespace recoup::model {
namespace {

constexpr const char* kGolden = "tests/golden/quantized_logits.txt";
constexpr NetworkWidths kWidths{37, 29, 3};

TensorMap FixedWeights(const FeatureSchema& schema) {
  auto shapes = RequiredShapes(schema, kWidths);
  for (const RelationKey& key : AllRelations()) {
    for (int layer = 1; layer <= (key.parent == graph::NodeKind::kLoan ? 2 : 1); ++layer) {
      shapes[RelationWeightName(layer, RelationName(key))] = {kWidths.hidden, kWidths.hidden};
    }
  }
  testing::DrawnNumbers draw(1);
  TensorMap weights;
  for (const auto& [name, shape] : shapes) {
    std::size_t count = 1;
    for (const auto size : shape) count *= static_cast<std::size_t>(size);
    weights.emplace(name, Tensor{shape, draw.Floats(count, 0.25F)});
  }
  return weights;
}

std::vector<EncodedNeighbourhood> FixedLoans(const FeatureSchema& schema, std::uint64_t first,
                                             std::uint64_t count) {
  std::vector<EncodedNeighbourhood> loans;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    loans.push_back(
        testing::DrawnSurroundings(schema, static_cast<std::size_t>(kWidths.context), seed).Take());
  }
  return loans;
}

ModelArtifact FixedModel() {
  ModelArtifact artifact;
  artifact.version = "golden";
  artifact.schema = testing::RandomSchema();
  artifact.weights = FixedWeights(artifact.schema);
  const auto loans = FixedLoans(artifact.schema, 0, 60);
  for (const int bits : {8, 4}) {
    const auto added = AddQuantized(loans, bits, &artifact);
    if (!added) FAIL(added.error().message);
  }
  return artifact;
}

std::string Hex(std::span<const float> numbers) {
  std::string text;
  for (const float number : numbers) {
    char digits[16];
    std::snprintf(digits, sizeof digits, " %08x", std::bit_cast<std::uint32_t>(number));
    text += digits;
  }
  return text;
}

// A line a form with the checksum of its file, then a line a loan with its 27 logits.
std::string Computed(const ModelArtifact& artifact) {
  std::string text;
  for (const QuantizedNetwork* network : {&*artifact.int8, &*artifact.int4}) {
    text += "int" + std::to_string(network->bits) + " " +
            Sha256Hex(WriteQuantizedNetwork(*network)) + "\n";
    const PackedQuantizedNetwork packed(*network);
    QuantizedPass pass(packed);
    std::uint64_t loan = 100;
    for (const EncodedNeighbourhood& input : FixedLoans(artifact.schema, loan, 8)) {
      text += "loan " + std::to_string(loan++) + Hex(pass.Run(input)) + "\n";
    }
  }
  return text;
}

TEST_CASE("The logits of a fixed network in few bits are the golden ones, on every machine") {
  std::ifstream file(kGolden);
  REQUIRE(file);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  const ModelArtifact artifact = FixedModel();
  for (const std::string& set : InstructionSets()) {
    const UseOnlyInstructionSet only(set);
    INFO(set);
    CHECK(Computed(artifact) == golden);
  }
}

// Run it by name when the format or the rounding is meant to change, and say why in the commit.
TEST_CASE("Write the golden logits", "[.]") { std::ofstream(kGolden) << Computed(FixedModel()); }

}  // namespace
}  // namespace recoup::model
