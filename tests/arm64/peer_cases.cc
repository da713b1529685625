#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "model/runtime/kernels/exp_rows.h"
#include "model/runtime/kernels/peer_penalties.h"
#include "tests/arm64/drawn_numbers.h"
#include "tests/arm64/kernel_cases.h"

namespace recoup::model::testing {
namespace {

void PrintExponentials(const ByteLines& lines) {
  for (const std::size_t count : {1, 2, 3, 7, 8, 9, 67}) {
    DrawnNumbers draw(count);
    std::vector<double> x(count);
    for (double& value : x) value = static_cast<double>(draw.Float(1024.0F));
    std::vector<double> y(count);
    ExpRows(x.data(), count, y.data());
    lines.Print("exp" + std::to_string(count), std::span<const double>(y));
    const std::vector<float> exponents = draw.Floats(count, 64.0F);
    ExpOfNegated(exponents.data(), count, y.data());
    lines.Print("exp_negated" + std::to_string(count), std::span<const double>(y));
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<double> edges = {0.0, -0.0, 1.0, -708.5, 709.7, 710.0, kInfinity, -kInfinity};
  std::vector<double> y(edges.size());
  ExpRows(edges.data(), edges.size(), y.data());
  lines.Print("exp_edges", std::span<const double>(y));
}

void PrintPenalties(const ByteLines& lines) {
  constexpr std::size_t kPeers = 9;
  for (const std::size_t numeric : {0, 1, 4, 27}) {
    for (const std::size_t categories : {0, 3, 8}) {
      DrawnNumbers draw(numeric * 16 + categories);
      const std::vector<float> distance = draw.Around(numeric * kPenaltyHeads, 0.5F);
      const std::vector<float> mismatch = draw.Around(categories * kPenaltyHeads, 1.0F);
      const PenaltyMap map(distance, mismatch, kPenaltyHeads, 0);
      const std::vector<float> numbers = draw.Floats((kPeers + 1) * numeric, 1.0F);
      std::vector<std::int32_t> words((kPeers + 1) * categories);
      for (std::int32_t& word : words) word = static_cast<std::int32_t>(draw.Below(3));
      std::vector<LoanNumbers> loans;
      for (std::size_t i = 0; i <= kPeers; ++i) {
        loans.push_back({numbers.data() + i * numeric, words.data() + i * categories});
      }
      std::vector<float> penalties = draw.Around(kPeers * kPenaltyHeads, 1.0F);
      AddPenalties(map, loans[kPeers], std::span(loans).first(kPeers), penalties.data());
      lines.Print("penalties" + std::to_string(numeric) + "x" + std::to_string(categories),
                  std::span<const float>(penalties));
    }
  }
}

}  // namespace

void PrintPeers(const ByteLines& lines) {
  PrintExponentials(lines);
  PrintPenalties(lines);
}

}  // namespace recoup::model::testing
