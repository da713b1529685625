// What the resolved loans of a store say of one loan as of one day.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/peers/nearest_loans.h"
#include "model/peers/peer_slots.h"

namespace recoup::model {

/// Everything of an ensemble's input that needs other loans.
/// Lifetime: keeps alive the rows that its slots point to.
struct PeerAnswer {
  std::vector<float> outcome;   // 5 a relation (peer_index.h)
  std::vector<float> residual;  // 2 a relation
  std::array<float, kNearestColumns> nearest{};
  bool has_history = true;
  /// Of the relations that the credibility network listens to; peers are rows of `rows`.
  PeerSlots slots;
  std::shared_ptr<const LoanRows> rows;
  /// Added to both ends of the interval, by band of the forecast mean.
  std::array<double, 3> margins{};
};

}  // namespace recoup::model
