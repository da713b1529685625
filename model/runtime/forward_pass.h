// The forward pass of model/artifact/network_layout.h for one loan.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "model/features/encoded_neighbourhood.h"
#include "model/runtime/packed_network.h"
#include "model/valuation/recovery_forecast.h"

namespace recoup::model {

/// Runs loans through one network, one after the other, in memory that it keeps between them.
/// Threads: one at a time. Lifetime: must not outlive the network.
class ForwardPass {
 public:
  explicit ForwardPass(const PackedNetwork& network) : network_(network) {}

  /// Returns the logits; they stay valid until the next call.
  /// REQUIRES: CheckInput accepts `input` with the network's context, and it holds one loan.
  std::span<const float, kRecoveryCells> Run(const EncodedNeighbourhood& input);

  /// What the last call computed on its way; valid until the next. Rows are those of its input.
  /// Shape: h0[rows * H], h1[inner_rows * H] of a kind; h2[H]; z[Z].
  std::span<const float> ZeroRows(graph::NodeKind kind) const;
  std::span<const float> FirstRows(graph::NodeKind kind) const;
  std::span<const float> second() const { return second_; }
  std::span<const float> head() const { return head_; }

 private:
  static constexpr std::size_t kKinds = 10;

  void LayOut(const EncodedNeighbourhood& input);
  void EmbedRows(const EncodedNeighbourhood& input);
  void FirstLayer(const EncodedNeighbourhood& input);
  void SecondLayer(const EncodedNeighbourhood& input);
  void Head(std::span<const float> context);
  float* ZeroRow(graph::NodeKind kind, std::size_t row);
  float* FirstRow(graph::NodeKind kind, std::size_t row);
  template <typename ChildRow, typename ParentRow>
  void PassMessages(const RelationRows& edges, const Linear& linear, const ChildRow& child_row,
                    const ParentRow& parent_row);

  const PackedNetwork& network_;
  std::array<std::size_t, kKinds> zero_begin_{};   // first row of each kind in zero_
  std::array<std::size_t, kKinds> first_begin_{};  // and in first_
  std::vector<float> zero_;                        // h0, all rows
  std::vector<float> first_;                       // h1, inner rows
  std::vector<float> second_;                      // h2 of the loan
  std::vector<float> message_;                     // mean over one parent's children
  std::vector<float> joined_;                      // [h0; h2; context] of the loan
  std::vector<float> head_;
  std::array<float, kRecoveryCells> logits_{};
};

}  // namespace recoup::model
