#include "model/runtime/layerwise_float.h"

#include <algorithm>
#include <vector>

#include "model/runtime/kernels/float_rows.h"

namespace recoup::model {
namespace {

FloatMap MapOf(const Linear& linear) { return {linear.in, linear.out, linear.weight.data()}; }

// The part of a map that reads inputs [from, from + in).
FloatMap PartOf(const Linear& linear, std::size_t from, std::size_t in) {
  return {in, linear.out, linear.weight.data() + from * linear.out};
}

void StartRows(const Linear& linear, std::size_t count, float* sums) {
  for (std::size_t row = 0; row < count; ++row) StartWithBias(linear, sums + row * linear.out);
}

void FinishRows(float* sums, std::size_t cells, float* rows) {
  RectifyFloats(sums, cells);
  std::copy(sums, sums + cells, rows);
}

}  // namespace

void FloatLayers::Embed(graph::NodeKind kind, const KindRows& rows, RowRange range,
                        Scratch& /*scratch*/, float* out) const {
  const KindInput& input = network_.Input(kind);
  const std::size_t count = range.end - range.begin;
  const std::size_t categories = input.categories.size();
  float* first = out + range.begin * width();
  StartRows(input.numeric, count, first);
  AddFloatRows(MapOf(input.numeric), rows.numeric.data() + range.begin * input.numeric.in, count,
               first);
  for (std::size_t row = 0; row < count; ++row) {
    const std::int32_t* words = rows.categories.data() + (range.begin + row) * categories;
    for (std::size_t c = 0; c < categories; ++c) {
      const auto word = static_cast<std::size_t>(words[c]);
      AddScaled(first + row * width(), input.categories[c].data() + word * width(), 1.0F, width());
    }
  }
  RectifyFloats(first, count * width());
}

void FloatLayers::StartFirst(graph::NodeKind kind, const float* zero, std::size_t count,
                             float* sums) const {
  StartRows(network_.FirstSelf(kind), count, sums);
  AddFloatRows(MapOf(network_.FirstSelf(kind)), zero, count, sums);
}

// Parents without children would get a message of zeros, which may still turn -0 into 0; so they
// are left out, and the others are moved together and back, which costs little beside the map.
void FloatLayers::AddMessages(const Linear& map, const LayerMessages<float>& messages,
                              Scratch& scratch, float* sums) const {
  scratch.means.resize(std::max(scratch.means.size(), messages.parents * width()));
  scratch.sums.resize(std::max(scratch.sums.size(), messages.parents * width()));
  std::size_t filled = 0;
  const auto has_children = [&](std::size_t p) {
    return messages.offsets[p] != messages.offsets[p + 1];
  };
  for (std::size_t p = 0; p < messages.parents; ++p) {
    if (!has_children(p)) continue;
    const std::uint32_t begin = messages.offsets[p];
    MeanOfChildren({messages.rows, messages.children + begin,
                    messages.weights == nullptr ? nullptr : messages.weights + begin,
                    messages.offsets[p + 1] - begin},
                   width(), scratch.means.data() + filled * width());
    std::copy_n(sums + p * width(), width(), scratch.sums.data() + filled * width());
    ++filled;
  }
  AddFloatRows(MapOf(map), scratch.means.data(), filled, scratch.sums.data());
  for (std::size_t p = messages.parents; p-- > 0;) {
    if (!has_children(p)) continue;
    --filled;
    std::copy_n(scratch.sums.data() + filled * width(), width(), sums + p * width());
  }
}

void FloatLayers::FinishFirst(graph::NodeKind /*kind*/, float* sums, std::size_t count,
                              float* first) const {
  FinishRows(sums, count * width(), first);
}

void FloatLayers::StartSecond(const float* first, std::size_t count, float* sums) const {
  StartRows(network_.SecondSelf(), count, sums);
  AddFloatRows(MapOf(network_.SecondSelf()), first, count, sums);
}

void FloatLayers::FinishSecond(float* sums, std::size_t count, float* second) const {
  FinishRows(sums, count * width(), second);
}

void FloatLayers::StartHead(const float* zero, const float* second, std::size_t count,
                            float* sums) const {
  const Linear& head = network_.HeadHidden();
  StartRows(head, count, sums);
  AddFloatRows(PartOf(head, 0, width()), zero, count, sums);
  AddFloatRows(PartOf(head, width(), width()), second, count, sums);
}

void FloatLayers::Head(const float* sums, std::span<const float> context,
                       std::span<float, kRecoveryCells> logits) const {
  const Linear& head = network_.HeadHidden();
  const Linear& output = network_.HeadOutput();
  std::vector<float> hidden(sums, sums + head.out);
  AddFloatRows(PartOf(head, 2 * width(), context.size()), context.data(), 1, hidden.data());
  RectifyFloats(hidden.data(), hidden.size());
  StartWithBias(output, logits.data());
  AddFloatRows(MapOf(output), hidden.data(), 1, logits.data());
}

}  // namespace recoup::model
