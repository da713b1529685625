#include "model/runtime/layerwise_quantized.h"

#include <algorithm>

#include "model/runtime/kernels/quantized_rows.h"

namespace recoup::model {

void QuantizedLayers::Embed(graph::NodeKind kind, const KindRows& rows, RowRange range,
                            Scratch& scratch, std::uint8_t* out) const {
  const PackedInput& input = network_.Input(kind);
  EmbedRows(input, rows.numeric.data() + range.begin * input.width,
            rows.categories.data() + range.begin * input.categories.size(), range.end - range.begin,
            scratch.rows, out + range.begin * width());
}

void QuantizedLayers::StartFirst(graph::NodeKind kind, const std::uint8_t* zero, std::size_t count,
                                 float* sums) const {
  const PackedLayer& self = network_.FirstSelf(kind);
  StartRows(self.map, self.bias.data(), zero, count, sums);
}

void QuantizedLayers::AddMessages(const PackedMap& map, const LayerMessages<std::uint8_t>& messages,
                                  Scratch& scratch, float* sums) const {
  for (std::size_t p = 0; p < messages.parents; ++p) {
    const std::uint32_t begin = messages.offsets[p];
    const std::size_t count = messages.offsets[p + 1] - begin;
    if (count == 0) continue;
    if (scratch.ones.size() < count) scratch.ones.assign(count, 1.0F);
    AddMessage(map,
               {messages.rows, messages.children + begin,
                messages.weights == nullptr ? scratch.ones.data() : messages.weights + begin, count,
                network_.gain()},
               scratch.rows, sums + p * width());
  }
}

void QuantizedLayers::FinishFirst(graph::NodeKind kind, const float* sums, std::size_t count,
                                  std::uint8_t* first) const {
  FinishRows(network_.FirstSteps(kind), sums, count, width(), first);
}

void QuantizedLayers::StartSecond(const std::uint8_t* first, std::size_t count, float* sums) const {
  const PackedLayer& self = network_.SecondSelf();
  StartRows(self.map, self.bias.data(), first, count, sums);
}

void QuantizedLayers::FinishSecond(const float* sums, std::size_t count,
                                   std::uint8_t* second) const {
  FinishRows(network_.SecondSteps(), sums, count, width(), second);
}

void QuantizedLayers::StartHead(const std::uint8_t* zero, const std::uint8_t* second,
                                std::size_t count, float* sums) const {
  const PackedLayer& head = network_.HeadZero();
  StartRows(head.map, head.bias.data(), zero, count, sums);
  for (std::size_t row = 0; row < count; ++row) {
    AddRow(network_.HeadSecond(), second + row * width(), sums + row * head_width());
  }
}

void QuantizedLayers::Head(const float* sums, std::span<const float> context,
                           std::span<float, kRecoveryCells> logits) const {
  // Once a loan: a worker keeps its memory.
  thread_local AlignedVector<float> hidden;
  thread_local AlignedVector<std::uint8_t> rectified;
  thread_local AlignedVector<float> cells;
  hidden.assign(sums, sums + head_width());
  AddFloats(context.data(), context.size(), network_.HeadContext().data(), head_width(),
            hidden.data());
  rectified.resize(head_width());
  FinishRows(network_.HeadSteps(), hidden.data(), 1, head_width(), rectified.data());
  const PackedLayer& output = network_.Output();
  cells.resize(output.map.out);
  StartRows(output.map, output.bias.data(), rectified.data(), 1, cells.data());
  std::copy_n(cells.begin(), kRecoveryCells, logits.begin());
}

}  // namespace recoup::model
