#include "model/runtime/packed_quantized_network.h"

#include <algorithm>
#include <span>

namespace recoup::model {
namespace {

using graph::NodeKind;

std::size_t InQuads(std::size_t width) { return (width + 3) / 4 * 4; }

AlignedVector<float> Padded(std::span<const float> values, std::size_t width) {
  AlignedVector<float> padded(width, 0.0F);
  std::copy(values.begin(), values.end(), padded.begin());
  return padded;
}

// Shape: `in` and `out` are the map's widths with their padding.
PackedMap Pack(const QuantizedLinear& map, std::size_t in, std::size_t out) {
  PackedMap packed{in, out, map.group, {}, {}};
  packed.weights.assign(in * out, 0);
  for (std::size_t o = 0; o < map.out; ++o) {
    for (std::size_t i = 0; i < map.in; ++i) {
      packed.weights[(i / 4 * out + o) * 4 + i % 4] = map.values[o * map.in + i];
    }
  }
  const std::size_t groups = (in + map.group - 1) / map.group;
  packed.scales.assign(groups * out, 0.0F);
  for (std::size_t g = 0; g < map.groups(); ++g) {
    std::copy_n(map.scales.data() + g * map.out, map.out, packed.scales.data() + g * out);
  }
  return packed;
}

PackedSteps PackSteps(std::span<const float> inverse, std::size_t width, std::uint32_t levels) {
  return {Padded(inverse, width), static_cast<float>(levels)};
}

AlignedVector<float> Unpack(const QuantizedTable& table, std::size_t width, std::size_t padded) {
  AlignedVector<float> rows(table.words * padded, 0.0F);
  for (std::size_t word = 0; word < table.words; ++word) {
    for (std::size_t c = 0; c < width; ++c) {
      rows[word * padded + c] =
          static_cast<float>(table.values[word * width + c]) * table.scales[c];
    }
  }
  return rows;
}

}  // namespace

PackedQuantizedNetwork::PackedQuantizedNetwork(const QuantizedNetwork& network)
    : bits_(network.bits),
      row_width_(PaddedWidth(network.hidden)),
      head_width_(PaddedWidth(network.head)),
      context_width_(network.context),
      gain_(255.0F / static_cast<float>(network.levels())) {
  for (const NodeKind kind : graph::kAllNodeKinds) PackKind(network, kind);
  second_self_ = {Pack(network.second_self, row_width_, row_width_),
                  Padded(network.second_bias, row_width_)};
  second_steps_ = PackSteps(network.second_inverse_steps, row_width_, 255);
  PackHead(network);
  const std::vector<QuantizedRelation>* const layers[] = {&network.first, &network.second};
  for (std::size_t layer = 0; layer < 2; ++layer) {
    for (const QuantizedRelation& relation : *layers[layer]) {
      slots_[layer].Set(relation.key, relations_.size());
      relations_.push_back(Pack(relation.map, row_width_, row_width_));
    }
  }
}

void PackedQuantizedNetwork::PackKind(const QuantizedNetwork& network, NodeKind kind) {
  const std::size_t k = Index(kind);
  const QuantizedInput& from = network.inputs[k];
  PackedInput& input = inputs_[k];
  input.width = from.numeric.in;
  const std::size_t padded = PaddedWidth(input.width);
  input.inverse_steps = Padded(from.inverse_steps, padded);
  input.zeros.assign(padded, 0.0F);
  std::copy(from.zeros.begin(), from.zeros.end(), input.zeros.begin());
  input.numeric = Pack(from.numeric, InQuads(input.width), row_width_);
  input.bias = Padded(from.bias, row_width_);
  for (const QuantizedTable& table : from.categories) {
    input.categories.push_back(Unpack(table, network.hidden, row_width_));
  }
  input.steps = PackSteps(network.zero_inverse_steps[k], row_width_, network.levels());
  first_self_[k] = {Pack(network.first_self[k], row_width_, row_width_),
                    Padded(network.first_bias[k], row_width_)};
  first_steps_[k] = PackSteps(network.first_inverse_steps[k], row_width_, network.levels());
}

void PackedQuantizedNetwork::PackHead(const QuantizedNetwork& network) {
  head_zero_ = {Pack(network.head_zero, row_width_, head_width_),
                Padded(network.head_bias, head_width_)};
  head_second_ = Pack(network.head_second, row_width_, head_width_);
  head_context_.assign(context_width_ * head_width_, 0.0F);
  for (std::size_t x = 0; x < context_width_; ++x) {
    std::copy_n(network.head_context.data() + x * network.head, network.head,
                head_context_.data() + x * head_width_);
  }
  head_steps_ = PackSteps(network.head_inverse_steps, head_width_, 255);
  const std::size_t cells = PaddedWidth(network.output.out);
  output_ = {Pack(network.output, head_width_, cells), Padded(network.output_bias, cells)};
}

}  // namespace recoup::model
