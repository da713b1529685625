// What a network in few bits costs, measured on loans that it has not seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/evaluation/prepared_data.h"
#include "model/learning/observer.h"

namespace recoup::model {

struct QuantizeOptions {
  int bits = 8;  // or 4
  SplitOptions split;
  /// Steps of rows come from so many loans of the training and validation parts, evenly spaced.
  std::size_t calibration_loans = 5000;
  int threads = 2;
};

/// What one form of the model forecasts on the test part.
struct FormFigures {
  double r_squared = 0.0;
  double crps = 0.0;
  double coverage = 0.0;
  std::size_t network_bytes = 0;  // on disk
  double network_us = 0.0;        // median of one forward pass with its checks
};

/// Both forms on the same loans; changes are those of the recovery that is predicted.
struct QuantizationReport {
  int bits = 8;
  std::size_t calibration_loans = 0;
  std::size_t test_loans = 0;
  double mean_change = 0.0;
  double max_change = 0.0;
  double rank_correlation = 0.0;     // Spearman's, between both forms
  double network_mean_change = 0.0;  // of the network's own mean, before the ensemble
  FormFigures fp32;
  FormFigures quantized;
};

/// The most that a form may lose before it is refused.
struct QuantizationBounds {
  double mean_change = 0.0;
  double r_squared_loss = 0.0;
  double coverage_change = 0.0;
};
constexpr QuantizationBounds BoundsOf(int bits) {
  return bits == 8 ? QuantizationBounds{0.002, 0.002, 0.005} : QuantizationBounds{0.01, 0.01, 0.01};
}

/// Returns a sentence for each bound that the report breaks; none if it keeps them all.
std::vector<std::string> BrokenBounds(const QuantizationReport& report);

/// Adds the network in `options.bits` to the artifact, and measures both forms on the test part.
/// Errors: those of PrepareData, kCancelled, kDataLoss.
Result<QuantizationReport> QuantizeAndMeasure(const graph::GraphStore& store,
                                              const QuantizeOptions& options,
                                              const Observer& observer, ModelArtifact* artifact);

/// The report as a text for people and as JSON, with the same figures.
std::string RenderText(const QuantizationReport& report);
std::string RenderJson(const QuantizationReport& report);

/// Returns the card with the report in it, under `quantization` and its bits.
std::string CardWith(const std::string& card_json, const QuantizationReport& report);

}  // namespace recoup::model
