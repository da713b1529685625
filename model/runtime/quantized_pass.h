// The integer forward pass of model/artifact/quantized_network.h for one loan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "model/features/encoded_neighbourhood.h"
#include "model/runtime/packed_quantized_network.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Runs loans through a network, one after the other, in memory that it keeps between them.
/// Threads: one at a time. Lifetime: the network must outlive every call of Run.
class QuantizedPass {
 public:
  explicit QuantizedPass(const PackedQuantizedNetwork& network) : network_(&network) {}

  /// Goes on with another network, in the same memory.
  void Use(const PackedQuantizedNetwork& network) { network_ = &network; }

  /// Returns the logits; they stay valid until the next call.
  /// REQUIRES: CheckInput accepts `input` with the network's context, it holds one loan, and no
  /// node has more than kMostChildren of one relation.
  std::span<const float, kRecoveryCells> Run(const EncodedNeighbourhood& input);

 private:
  static constexpr std::size_t kKinds = QuantizedNetwork::kKinds;

  void LayOut(const EncodedNeighbourhood& input);
  void FirstLayer(const EncodedNeighbourhood& input);
  void SecondLayer(const EncodedNeighbourhood& input);
  void Head(std::span<const float> context);
  std::uint8_t* ZeroRows(graph::NodeKind kind) {
    return zero_.data() + zero_begin_[static_cast<std::size_t>(kind)] * network_->row_width();
  }
  std::size_t FirstBegin(graph::NodeKind kind) const {
    return first_begin_[static_cast<std::size_t>(kind)] * network_->row_width();
  }

  const PackedQuantizedNetwork* network_;
  std::array<std::size_t, kKinds> zero_begin_{};   // first row of each kind in zero_
  std::array<std::size_t, kKinds> first_begin_{};  // and in first_
  AlignedVector<std::uint8_t> zero_;               // h0, all rows
  AlignedVector<float> first_sums_;                // of inner rows, before the rectifier
  AlignedVector<std::uint8_t> first_;              // h1, inner rows
  AlignedVector<float> sums_;                      // of one row
  AlignedVector<std::uint8_t> second_;             // h2 of the loan
  AlignedVector<std::uint8_t> head_;
  RowScratch scratch_;
  AlignedVector<float> logits_;
};

}  // namespace recoup::model
