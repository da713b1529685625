// Networks in few bits that every check accepts, drawn from a counter: the same on every machine.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/artifact/network_layout.h"
#include "model/artifact/quantized_network.h"
#include "model/valuation/recovery_forecast.h"
#include "tests/arm64/drawn_numbers.h"

namespace recoup::model::testing {

/// Draws one network. Rows of the inputs [-1, 1] stay within their bytes, most of the time.
class RandomQuantized {
 public:
  RandomQuantized(const FeatureSchema& schema, NetworkWidths widths, std::uint8_t bits,
                  std::uint64_t seed)
      : draw_(seed) {
    network_.bits = bits;
    network_.hidden = static_cast<std::uint32_t>(widths.hidden);
    network_.head = static_cast<std::uint32_t>(widths.head);
    network_.context = static_cast<std::uint32_t>(widths.context);
    for (const KindFeatures& features : schema.kinds()) DrawKind(features);
    for (const RelationKey& key : AllRelations()) {
      if (draw_.Below(3) == 0) continue;
      network_.first.push_back({key, OfMessages()});
      if (key.parent == graph::NodeKind::kLoan) network_.second.push_back({key, OfMessages()});
    }
    DrawHead();
  }

  QuantizedNetwork Take() && { return std::move(network_); }

 private:
  using Values = std::vector<std::int8_t>;

  // What a row of h0 or h1 is multiplied with before it is rounded: it reaches about 4.
  std::vector<float> Steps(std::size_t count) {
    return draw_.Around(count, network_.bits == 4 ? 4.0F : 64.0F);
  }

  std::vector<float> BiasOf(std::size_t count) { return draw_.Floats(count, 1.0F); }

  QuantizedLinear Map(std::uint8_t bits, std::size_t in, std::size_t out, float scale) {
    QuantizedLinear map;
    map.bits = bits;
    map.in = static_cast<std::uint32_t>(in);
    map.out = static_cast<std::uint32_t>(out);
    map.group = 4 * (1 + draw_.Below(bits == 4 ? 4 : 40));
    map.values = draw_.Weights<Values>(in * out, bits == 4 ? 7 : 127);
    map.scales = draw_.Around(map.groups() * out, scale);
    for (float& number : map.scales) {
      if (bits == 8) break;
      number = std::bit_cast<float>(std::bit_cast<std::uint32_t>(number) & 0xFFFF'0000U);
    }
    return map;
  }
  QuantizedLinear OfRows() {
    return Map(network_.bits, network_.hidden, network_.hidden,
               network_.bits == 4 ? 0x1p-6F : 0x1p-14F);
  }
  QuantizedLinear OfMessages() {
    return Map(network_.bits, network_.hidden, network_.hidden,
               network_.bits == 4 ? 0x1p-10F : 0x1p-14F);
  }

  void DrawKind(const KindFeatures& features) {
    const auto k = static_cast<std::size_t>(features.kind);
    const std::size_t hidden = network_.hidden;
    QuantizedInput& input = network_.inputs[k];
    const std::size_t width = features.numeric_width();
    input.inverse_steps = draw_.Around(width, 128.0F);
    input.zeros = draw_.Bytes(width);
    input.numeric = Map(8, width, hidden, 0x1p-13F);
    input.bias = BiasOf(hidden);
    for (const CategoryFeature& category : features.categories) {
      QuantizedTable table;
      table.words = static_cast<std::uint32_t>(category.size());
      table.values = draw_.Weights<Values>(category.size() * hidden, 127);
      table.scales = draw_.Around(hidden, 0x1p-7F);
      input.categories.push_back(std::move(table));
    }
    network_.zero_inverse_steps[k] = Steps(hidden);
    network_.first_self[k] = OfRows();
    network_.first_bias[k] = BiasOf(hidden);
    network_.first_inverse_steps[k] = Steps(hidden);
  }

  void DrawHead() {
    const std::size_t hidden = network_.hidden;
    const std::size_t head = network_.head;
    network_.second_self = OfRows();
    network_.second_bias = BiasOf(hidden);
    network_.second_inverse_steps = draw_.Around(hidden, 64.0F);
    network_.head_zero = Map(8, hidden, head, network_.bits == 4 ? 0x1p-10F : 0x1p-14F);
    network_.head_second = Map(8, hidden, head, 0x1p-14F);
    network_.head_context = draw_.Floats(std::size_t{network_.context} * head, 1.0F);
    network_.head_bias = BiasOf(head);
    network_.head_inverse_steps = draw_.Around(head, 64.0F);
    network_.output = Map(8, head, kRecoveryCells, 0x1p-13F);
    network_.output_bias = BiasOf(kRecoveryCells);
  }

  DrawnNumbers draw_;
  QuantizedNetwork network_;
};

}  // namespace recoup::model::testing
