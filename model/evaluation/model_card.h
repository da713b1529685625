// What a model says of itself: what it learnt from, how good it was, and what it is not good for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/types/date.h"
#include "model/artifact/model_artifact.h"
#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/member_shares.h"
#include "model/evaluation/prepared_data.h"
#include "model/evaluation/train_model.h"
#include "model/predictor/network_plugin.h"
#include "model/quantization/quantize_artifact.h"

namespace recoup::model {

struct CardFigures {
  RowFigures validation;
  RowFigures test;
  TrainedNetwork learning;           // its weights are not looked at
  std::vector<MemberShare> members;  // on test; empty without an ensemble
  std::string no_ensemble_because{};
  int tree_depth = 0;       // as it was chosen
  RoundingChange rounding;  // of the network in 8 bits, on test
};

/// Returns card.json: data window, split, training, figures, attributes used, limitations and
/// versions. Holds no time of day, so that equal models have equal cards.
std::string ModelCard(const ModelArtifact& artifact, const PreparedData& data,
                      const TrainModelOptions& options, const CardFigures& figures);

/// Returns the day before which every outcome in training and validation was known; nothing if the
/// card does not say.
std::optional<Date> LabelsBeforeOfCard(std::string_view card_json);

}  // namespace recoup::model
