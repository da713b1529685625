// What the name of a row says: which part of which model was taken away or exchanged.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace recoup::model {

/// A row that shows what a part of a model is worth.
struct Ablation {
  std::string base;  // the row with the part: `network`
  std::string part;  // `edges`
  bool shuffled = false;

  bool operator==(const Ablation&) const = default;
};

/// Reads `X without Y`, `X with shuffled Y`, and `X shuffled` (of edges); nothing for other names.
std::optional<Ablation> AblationOf(std::string_view row);

/// Returns the name of the row that lacks the part altogether: `network without edges`.
std::string NameWithout(const Ablation& ablation);

}  // namespace recoup::model
