#include "model/gnn/dropout.h"

#include <algorithm>

namespace recoup::model {
namespace {

// Zeros for what is left out, and what remains stretched to keep the mean.
torch::Tensor DropoutMask(const torch::Tensor& like, double rate, const CounterRandom& random) {
  torch::Tensor mask = torch::empty(like.sizes());
  float* values = mask.data_ptr<float>();
  const auto threshold = static_cast<std::uint64_t>(rate * 65536.0);
  const float kept = 65536.0F / static_cast<float>(65536 - threshold);
  const std::int64_t count = mask.numel();
  // Four decisions of 16 bits from each draw.
  for (std::int64_t i = 0; i < count; i += 4) {
    std::uint64_t bits = random.Bits(static_cast<std::uint64_t>(i));
    for (std::int64_t j = i; j < std::min(i + 4, count); ++j, bits >>= 16U) {
      values[j] = (bits & 0xffffU) < threshold ? 0.0F : kept;
    }
  }
  return mask;
}

}  // namespace

torch::Tensor Drop(const torch::Tensor& rows, const std::optional<NodeDropout>& dropout,
                   std::uint64_t place) {
  if (!dropout || dropout->rate <= 0.0) return rows;
  const CounterRandom random(dropout->random.Bits(place), 0);
  return rows * DropoutMask(rows, dropout->rate, random);
}

}  // namespace recoup::model
