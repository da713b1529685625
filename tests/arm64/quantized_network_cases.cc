// The whole integer network, from a loan's surroundings to its logits.
#include <string>
#include <vector>

#include "model/runtime/quantized_pass.h"
#include "tests/arm64/drawn_numbers.h"
#include "tests/arm64/kernel_cases.h"

namespace recoup::model::testing {
namespace {

using graph::Direction;
using graph::EdgeKind;
using graph::NodeKind;

constexpr std::uint32_t kHidden = 24;  // not whole vectors, so that rows are padded
constexpr std::uint32_t kHead = 20;
constexpr std::uint32_t kContext = 3;
constexpr std::uint32_t kNumbers = 7;
constexpr std::uint32_t kWords = 4;

constexpr RelationKey kBorrower{
    {EdgeKind::kBorrows, Direction::kIn}, NodeKind::kLoan, NodeKind::kParty};
constexpr RelationKey kOtherLoan{
    {EdgeKind::kBorrows, Direction::kOut}, NodeKind::kParty, NodeKind::kLoan};

QuantizedLinear DrawLinear(std::uint32_t in, std::uint32_t out, std::uint8_t bits,
                           DrawnNumbers& draw) {
  QuantizedLinear map;
  map.in = in;
  map.out = out;
  map.group = bits == 4 ? 8 : 64;
  // Fine enough for rows to stay within a byte.
  map.values = draw.Weights<std::vector<std::int8_t>>(std::size_t{in} * out, bits == 4 ? 7 : 127);
  map.scales = draw.Around(map.groups() * out, bits == 4 ? 0x1p-3F : 0x1p-8F);
  return map;
}

void DrawKind(QuantizedNetwork& network, NodeKind kind, DrawnNumbers& draw) {
  const auto k = static_cast<std::size_t>(kind);
  QuantizedInput& input = network.inputs[k];
  input.inverse_steps = draw.Around(kNumbers, 32.0F);
  input.zeros = draw.Bytes(kNumbers);
  input.numeric = DrawLinear(kNumbers, kHidden, network.bits, draw);
  input.bias = draw.Floats(kHidden, 64.0F);
  input.categories = {{kWords, draw.Weights<std::vector<std::int8_t>>(kWords * kHidden, 127),
                       draw.Around(kHidden, 0.5F)}};
  network.zero_inverse_steps[k] = draw.Around(kHidden, 1.0F);
  network.first_self[k] = DrawLinear(kHidden, kHidden, network.bits, draw);
  network.first_bias[k] = draw.Floats(kHidden, 64.0F);
  network.first_inverse_steps[k] = draw.Around(kHidden, 1.0F);
}

QuantizedNetwork DrawNetwork(std::uint8_t bits, DrawnNumbers& draw) {
  QuantizedNetwork network;
  network.bits = bits;
  network.hidden = kHidden;
  network.head = kHead;
  network.context = kContext;
  for (const NodeKind kind : {NodeKind::kLoan, NodeKind::kParty}) DrawKind(network, kind, draw);
  network.first = {{kOtherLoan, DrawLinear(kHidden, kHidden, bits, draw)},
                   {kBorrower, DrawLinear(kHidden, kHidden, bits, draw)}};
  network.second = {{kBorrower, DrawLinear(kHidden, kHidden, bits, draw)}};
  network.second_self = DrawLinear(kHidden, kHidden, bits, draw);
  network.second_bias = draw.Floats(kHidden, 64.0F);
  network.second_inverse_steps = draw.Around(kHidden, 1.0F);
  network.head_zero = DrawLinear(kHidden, kHead, bits, draw);
  network.head_second = DrawLinear(kHidden, kHead, bits, draw);
  network.head_context = draw.Floats(std::size_t{kContext} * kHead, 8.0F);
  network.head_bias = draw.Floats(kHead, 64.0F);
  network.head_inverse_steps = draw.Around(kHead, 1.0F);
  network.output = DrawLinear(kHead, kRecoveryCells, bits, draw);
  network.output_bias = draw.Floats(kRecoveryCells, 1.0F);
  return network;
}

void DrawRows(EncodedNeighbourhood& input, NodeKind kind, KindRows rows, DrawnNumbers& draw) {
  rows.numeric = draw.Floats(std::size_t{rows.rows} * kNumbers, 8.0F);
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    rows.categories.push_back(static_cast<std::int32_t>(draw.Below(kWords)));
  }
  input.Of(kind) = std::move(rows);
}

// One loan, its borrowers and up to three other loans of each.
EncodedNeighbourhood DrawSurroundings(std::uint32_t borrowers, DrawnNumbers& draw) {
  EncodedNeighbourhood input;
  RelationRows first{kBorrower.relation, kBorrower.parent, kBorrower.child, 1, {}, {}, {}};
  RelationRows second{kOtherLoan.relation, kOtherLoan.parent, kOtherLoan.child, 2, {}, {}, {}};
  std::uint32_t loans = 1;
  for (std::uint32_t borrower = 0; borrower < borrowers; ++borrower) {
    first.parents.push_back(0);
    first.children.push_back(borrower);
    for (std::uint32_t other = draw.Below(4); other > 0; --other) {
      second.parents.push_back(borrower);
      second.children.push_back(loans++);
    }
  }
  first.weights = draw.Around(first.parents.size(), 0.5F);
  second.weights.assign(second.parents.size(), 1.0F);
  DrawRows(input, NodeKind::kLoan, {loans, 1, {}, {}}, draw);
  DrawRows(input, NodeKind::kParty, {borrowers, borrowers, {}, {}}, draw);
  input.relations = {first, second};
  input.context = draw.Floats(kContext, 2.0F);
  return input;
}

}  // namespace

void PrintQuantizedNetwork(const ByteLines& lines) {
  for (const std::uint8_t bits : {std::uint8_t{8}, std::uint8_t{4}}) {
    DrawnNumbers draw(bits);
    const PackedQuantizedNetwork network(DrawNetwork(bits, draw));
    QuantizedPass pass(network);
    for (std::uint32_t borrowers = 0; borrowers < 20; ++borrowers) {
      lines.Print(
          "network/bits=" + std::to_string(bits) + "/borrowers=" + std::to_string(borrowers),
          pass.Run(DrawSurroundings(borrowers, draw)));
    }
  }
}

}  // namespace recoup::model::testing
