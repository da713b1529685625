// What the graph and model services answer from and to our own types.
#pragma once

#include <optional>

#include "graph/types/result.h"
#include "recoup/v1/graph_service.pb.h"
#include "recoup/v1/model_service.pb.h"
#include "server/engine/valuation_source.h"

namespace recoup::server::wire {

void ToProto(const NamedNode& node, v1::Node* proto);
void ToProto(const NeighbourhoodAnswer& answer, v1::GetNeighbourhoodResponse* proto);
void ToProto(const graph::StoreStatistics& statistics, v1::GetStatisticsResponse* proto);
void ToProto(const ModelSummary& model, v1::Model* proto);

/// Errors: kInvalidArgument (what an answer must not be without is unset or malformed).
Result<NamedNode> FromProto(const v1::Node& proto);
Result<NeighbourhoodAnswer> FromProto(const v1::GetNeighbourhoodResponse& proto);
Result<graph::StoreStatistics> FromProto(const v1::GetStatisticsResponse& proto);
ModelSummary FromProto(const v1::Model& proto);

/// Returns the limits asked for; nothing if both are 0. One alone leaves the other at its default.
/// Errors: kInvalidArgument (a limit above 1000).
Result<std::optional<graph::SamplingOptions>> LimitsFromProto(
    const v1::GetNeighbourhoodRequest& proto);

}  // namespace recoup::server::wire
