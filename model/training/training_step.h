// What every trainer does in a step: draw in a fixed order, and add up the slices' gradients.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/gnn/counter_random.h"
#include "model/gnn/torch_headers.h"

namespace recoup::model {

inline constexpr double kLargestGradientNorm = 1.0;
inline constexpr std::uint64_t kMaxSlices = 1024;  // the largest number of threads

/// Streams of random numbers, one for each purpose.
enum class Stream : std::uint64_t { kShuffle = 1, kEdges = 2, kNodes = 3, kPeers = 4 };

CounterRandom RandomFor(std::uint64_t seed, Stream stream, std::uint64_t step);

/// Returns 0 .. count - 1.
std::vector<std::uint32_t> InOrder(std::size_t count);

/// Returns 0 .. count - 1, shuffled (Fisher and Yates).
std::vector<std::uint32_t> Shuffled(std::size_t count, const CounterRandom& random);

/// A slice's share of a batch's mean loss, with the derivatives by every parameter.
struct Gradients {
  double loss = 0.0;
  std::vector<torch::Tensor> by_parameter;  // undefined where the slice does not touch it
};

/// Asks for derivatives as values: backward() would add to the parameters from several threads.
Gradients GradientsOf(const torch::Tensor& loss, const std::vector<torch::Tensor>& parameters);

/// Sets the parameters' gradients to the parts' sums, clipped to kLargestGradientNorm. Returns the
/// sum of the losses.
double SetGradients(const std::vector<Gradients>& parts,
                    const std::vector<torch::Tensor>& parameters);

}  // namespace recoup::model
