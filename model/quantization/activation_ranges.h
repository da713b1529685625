// How far a network's numbers reach on real loans: what the steps of its quantized form come from.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "model/features/encoded_neighbourhood.h"
#include "model/runtime/forward_pass.h"
#include "model/runtime/packed_network.h"

namespace recoup::model {

/// Extremes by channel; kinds are by NodeKind number, 0 stays empty. What was never seen is 0.
struct ActivationRanges {
  struct OfKind {
    std::size_t rows = 0;
    std::vector<float> lowest;   // [numeric_width]
    std::vector<float> highest;  // [numeric_width]
    std::vector<float> zero;     // h0 at most: [H]
    std::vector<float> first;    // h1 at most: [H]
    /// Sums over rows of the products of two channels: [H, H]. Divided by the rows, what a map of
    /// the row has its error weighed by.
    std::vector<double> zero_products;
    std::vector<double> first_products;
  };
  std::array<OfKind, 10> kinds;
  std::vector<float> second;  // h2 at most: [H]
  std::vector<float> head;    // z at most: [Z]
  std::size_t loans = 0;
};

/// Runs loans through a network in fp32 and keeps the extremes. The order of loans does not matter.
/// Threads: one at a time. Lifetime: must not outlive the network.
class RangeObserver {
 public:
  explicit RangeObserver(const PackedNetwork& network) : pass_(network) {}

  /// REQUIRES: as ForwardPass::Run.
  void Observe(const EncodedNeighbourhood& input);

  const ActivationRanges& ranges() const { return ranges_; }

 private:
  ForwardPass pass_;
  ActivationRanges ranges_;
};

}  // namespace recoup::model
