// A model on disk: a directory that holds everything needed to reproduce its forecasts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "graph/sampling/neighbourhood.h"
#include "graph/types/result.h"
#include "model/artifact/ensemble.h"
#include "model/artifact/quantized_network.h"
#include "model/artifact/tensor.h"
#include "model/features/feature_schema.h"

namespace recoup::model {

/// Conformal widening of the central interval (docs/valuation.md, V-4).
struct Calibration {
  double coverage = 0.8;  // nominal
  /// Added to both ends of the interval between the (1 - coverage) / 2 quantiles; may be negative.
  double margin = 0.0;      // unit: recovery rate
  std::uint64_t loans = 0;  // how many outcomes it rests on

  bool operator==(const Calibration&) const = default;
};

/// A trained model. Files: `weights.safetensors`, `features.json` (schema and sampling),
/// `calibration.json`, `card.json`, if there is an ensemble `ensemble.bin`, of the network's
/// quantized forms `network.int8.bin` and `network.int4.bin`, and `manifest.json` with the format
/// version and the SHA-256 of each of the others (docs/formats/model.md).
struct ModelArtifact {
  std::string version;  // a name for people, such as `2026-11-20-1`
  TensorMap weights;
  FeatureSchema schema;
  graph::SamplingOptions sampling;
  Calibration calibration;
  std::string card_json;  // data window, split, metrics, limitations
  /// Forecasts from what resolved peers say; without it the network forecasts alone.
  std::optional<Ensemble> ensemble;
  /// The network in 8 and in 4 bits; what they cost in quality stands in the card.
  std::optional<QuantizedNetwork> int8;
  std::optional<QuantizedNetwork> int4;
  /// SHA-256 over manifest.json in lower-case hex; set by ReadArtifact and WriteArtifact.
  std::string checksum;

  bool operator==(const ModelArtifact&) const = default;
};

/// Reads and checks a model directory.
/// Errors: kNotFound (no such directory or file), kDataLoss (damaged, truncated, or a checksum or
/// shape disagrees; names the file), kFailedPrecondition (written by a newer format),
/// kInvalidArgument (not a Recoup model).
Result<ModelArtifact> ReadArtifact(const std::filesystem::path& directory);

/// Writes the model into a new directory, all or nothing (a sibling directory is renamed).
/// Errors: kAlreadyExists (the directory exists), kInvalidArgument (the network or the ensemble
/// is not whole), kUnavailable (the disk failed).
Result<std::string> WriteArtifact(const std::filesystem::path& directory,
                                  const ModelArtifact& artifact);

/// Writes the model in place of the one in `directory`, which changes at once from the old one to
/// the new one. Who reads it at that moment may find it damaged, and reads again.
/// Errors: kNotFound (there is no such directory), otherwise those of WriteArtifact.
Result<std::string> ReplaceArtifact(const std::filesystem::path& directory,
                                    const ModelArtifact& artifact);

}  // namespace recoup::model
