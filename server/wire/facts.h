// Batches of facts on the wire (graph_service.proto) from and to our own.
#pragma once

#include "graph/schema/fact.h"
#include "graph/store/graph_store.h"
#include "graph/types/result.h"
#include "recoup/v1/graph_service.pb.h"

namespace recoup::server::wire {

void ToProto(const graph::Fact& fact, v1::Fact* proto);
void ToProto(const graph::FactBatch& batch, v1::ApplyFactsRequest* proto);
void ToProto(const graph::ApplyReceipt& receipt, v1::ApplyFactsResponse* proto);

/// Errors: kInvalidArgument (names the fact's or declaration's position and what is wrong).
Result<graph::FactBatch> FromProto(const v1::ApplyFactsRequest& proto);
Result<graph::Fact> FromProto(const v1::Fact& proto);
graph::ApplyReceipt FromProto(const v1::ApplyFactsResponse& proto);

}  // namespace recoup::server::wire
