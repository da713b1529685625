#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "model/runtime/kernels/aligned_vector.h"
#include "model/runtime/kernels/nearest_blocks.h"
#include "tests/arm64/drawn_numbers.h"
#include "tests/arm64/kernel_cases.h"

namespace recoup::model::testing {

void PrintNearest(const ByteLines& lines) {
  constexpr float kAny = std::numeric_limits<float>::infinity();
  for (const std::size_t width : {1, 3, 4, 9, 48}) {
    DrawnNumbers draw(width);
    const auto query = draw.Floats(width, 2.0F);
    const auto low = draw.Floats<AlignedVector<float>>(width * kBlockRows, 2.0F);
    AlignedVector<float> high = low;
    for (float& value : high) value += draw.Float(1.0F) + 1.0F;
    alignas(kCacheLine) std::array<float, kBlockRows> distances;
    BlockDistances(query, {low.data()}, kAny, distances.data());
    lines.Print("block" + std::to_string(width), std::span<const float>(distances));
    BoxDistances(query, {low.data(), high.data()}, kAny, distances.data());
    lines.Print("boxes" + std::to_string(width), std::span<const float>(distances));
  }
}

}  // namespace recoup::model::testing
