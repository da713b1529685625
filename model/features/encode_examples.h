// Encodes many examples at once, each as of its own day: the inputs of training and back-tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/features/encoded_neighbourhood.h"
#include "model/features/encoder.h"

namespace recoup::model {

/// Called with the number of examples encoded so far and of all; never by two threads at once.
using EncodeProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Samples and encodes every example as of its day.
/// Shape: one neighbourhood an example, in order; independent of `threads`.
/// If `surroundings` is not empty, example i keeps its own row but is given the surroundings that
/// the loan of examples[surroundings[i]] has on example i's day (none if that loan is not known by
/// then): shuffled edges, for ablations.
/// Errors: kInvalidArgument (surroundings has another length, or points outside), kNotFound (a loan
/// is not known on its day), kDataLoss.
Result<std::vector<EncodedNeighbourhood>> EncodeExamples(
    const graph::GraphStore& store, const Encoder& encoder, const graph::SamplingOptions& sampling,
    std::span<const Example> examples, int threads, const EncodeProgress& progress = {},
    std::span<const std::uint32_t> surroundings = {});

}  // namespace recoup::model
