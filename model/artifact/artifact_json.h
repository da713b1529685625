// The small JSON files of a model directory.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"

namespace recoup::model {

/// Schema and sampling: what a loan must be turned into before the network sees it.
struct ModelInputs {
  FeatureSchema schema;
  graph::SamplingOptions sampling;

  bool operator==(const ModelInputs&) const = default;
};

/// The bytes of features.json and calibration.json; equal values give equal bytes.
std::string WriteFeatures(const ModelInputs& inputs);
std::string WriteCalibration(const Calibration& calibration);

/// Errors of all: kDataLoss (names the file and what is wrong with it).
Result<ModelInputs> ReadFeatures(std::string_view text);
Result<Calibration> ReadCalibration(std::string_view text);
/// Checks that the card is a JSON object; what stands in it is for people.
Result<void> CheckCard(std::string_view text);
/// Checks 0 < coverage < 1 and |margin| <= 1.
Result<void> CheckCalibration(const Calibration& calibration);

}  // namespace recoup::model
