#include "model/valuation/apportion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace recoup::model {
namespace {

// Amount times weight needs 126 bits; in integers the split is exact and the same everywhere.
__extension__ typedef unsigned __int128 Wide;

struct Remainder {
  std::uint64_t size;
  std::size_t part;
};

}  // namespace

std::vector<Money> Apportion(Money total, std::span<const std::uint64_t> weights) {
  RECOUP_CHECK(total.minor_units() >= 0 && !weights.empty());
  const std::uint64_t sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<std::int64_t> parts(weights.size(), 0);
  std::int64_t left_over = total.minor_units();
  if (sum == 0) {
    parts.back() = left_over;
    left_over = 0;
  }
  std::vector<Remainder> remainders;
  for (std::size_t i = 0; sum > 0 && i < weights.size(); ++i) {
    const Wide product = static_cast<Wide>(total.minor_units()) * weights[i];
    parts[i] = static_cast<std::int64_t>(product / sum);
    left_over -= parts[i];
    remainders.push_back({static_cast<std::uint64_t>(product % sum), i});
  }
  std::ranges::stable_sort(remainders, std::ranges::greater(), &Remainder::size);
  // Fewer units are left over than there are parts with a remainder.
  for (std::size_t i = 0; left_over > 0; ++i, --left_over) ++parts[remainders[i].part];

  std::vector<Money> amounts;
  amounts.reserve(parts.size());
  for (const std::int64_t part : parts) amounts.emplace_back(part, total.currency());
  return amounts;
}

}  // namespace recoup::model
