#include "model/evaluation/row_names.h"

namespace recoup::model {
namespace {

constexpr std::string_view kEdges = "edges";

/// Cuts `row` around `words`, which begin and end with a space; nothing need stand before them.
std::optional<Ablation> CutAt(std::string_view row, std::string_view words, bool shuffled) {
  const std::string padded = " " + std::string(row);
  const std::size_t at = padded.find(words);
  if (at == std::string::npos || at + words.size() == padded.size()) return std::nullopt;
  return Ablation{at == 0 ? "" : padded.substr(1, at - 1), padded.substr(at + words.size()),
                  shuffled};
}

}  // namespace

std::optional<Ablation> AblationOf(std::string_view row) {
  if (auto cut = CutAt(row, " with shuffled ", true)) return cut;
  if (auto cut = CutAt(row, " without ", false)) return cut;
  if (row == "shuffled") return Ablation{"", std::string(kEdges), true};
  constexpr std::string_view kShuffled = " shuffled";
  if (!row.ends_with(kShuffled)) return std::nullopt;
  return Ablation{std::string(row.substr(0, row.size() - kShuffled.size())), std::string(kEdges),
                  true};
}

std::string NameWithout(const Ablation& ablation) {
  if (ablation.base.empty()) return "without " + ablation.part;
  return ablation.base + " without " + ablation.part;
}

}  // namespace recoup::model
