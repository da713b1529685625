#include "server/wire/graph_answers.h"

#include <cstdint>
#include <string>
#include <utility>

#include "server/wire/vocabulary.h"

namespace recoup::server::wire {
namespace {

// As in a model's file (docs/formats/model.md): a larger one could fill the memory.
constexpr std::uint32_t kMaxHopLimit = 1000;

Result<void> CheckLimit(std::uint32_t limit, const char* name) {
  if (limit <= kMaxHopLimit) return {};
  return Error{ErrorCode::kInvalidArgument,
               std::string(name) + " must be at most 1000: " + std::to_string(limit)};
}

}  // namespace

void ToProto(const NamedNode& node, v1::Node* proto) {
  ToProto(node.key, proto->mutable_key());
  ToProto(node.first_known_at, proto->mutable_first_known_at());
  for (const auto& attribute : node.attributes) ToProto(attribute, proto->add_attributes());
}

Result<NamedNode> FromProto(const v1::Node& proto) {
  NamedNode node;
  RECOUP_ASSIGN(node.key, FromProto(proto.key()));
  RECOUP_ASSIGN(node.first_known_at,
                RequiredDate(proto.has_first_known_at(), proto.first_known_at(), "first_known_at"));
  for (const v1::Attribute& one : proto.attributes()) {
    RECOUP_ASSIGN(graph::NamedAttribute attribute, FromProto(one));
    node.attributes.push_back(std::move(attribute));
  }
  return node;
}

void ToProto(const NeighbourhoodAnswer& answer, v1::GetNeighbourhoodResponse* proto) {
  for (const NamedNode& node : answer.nodes) ToProto(node, proto->add_nodes());
  for (const graph::NeighbourhoodEdge& edge : answer.edges) {
    v1::NeighbourhoodEdge* one = proto->add_edges();
    one->set_kind(ToProto(edge.relation.kind));
    one->set_reversed(edge.relation.direction == graph::Direction::kIn);
    one->set_parent(edge.parent);
    one->set_child(edge.child);
    one->set_weight(edge.weight);
  }
  proto->set_epoch(answer.epoch);
}

Result<NeighbourhoodAnswer> FromProto(const v1::GetNeighbourhoodResponse& proto) {
  NeighbourhoodAnswer answer;
  answer.epoch = proto.epoch();
  for (const v1::Node& one : proto.nodes()) {
    RECOUP_ASSIGN(NamedNode node, FromProto(one));
    answer.nodes.push_back(std::move(node));
  }
  for (const v1::NeighbourhoodEdge& one : proto.edges()) {
    if (one.parent() >= answer.nodes.size() || one.child() >= answer.nodes.size()) {
      return Error{ErrorCode::kInvalidArgument,
                   "an edge points past the nodes: " + std::to_string(answer.nodes.size())};
    }
    graph::NeighbourhoodEdge edge;
    RECOUP_ASSIGN(edge.relation.kind, FromProto(one.kind()));
    edge.relation.direction = one.reversed() ? graph::Direction::kIn : graph::Direction::kOut;
    edge.parent = one.parent();
    edge.child = one.child();
    edge.weight = static_cast<float>(one.weight());
    answer.edges.push_back(edge);
  }
  return answer;
}

void ToProto(const graph::StoreStatistics& statistics, v1::GetStatisticsResponse* proto) {
  proto->set_epoch(statistics.epoch);
  proto->set_facts(statistics.facts);
  proto->set_outcomes(statistics.outcomes);
  for (const auto& [kind, count] : statistics.nodes) {
    v1::NodeCount* one = proto->add_nodes();
    one->set_kind(ToProto(kind));
    one->set_count(count);
  }
  for (const auto& [kind, count] : statistics.edges) {
    v1::EdgeCount* one = proto->add_edges();
    one->set_kind(ToProto(kind));
    one->set_count(count);
  }
  if (statistics.latest_known_at != Date::Min()) {
    ToProto(statistics.latest_known_at, proto->mutable_latest_known_at());
  }
}

Result<graph::StoreStatistics> FromProto(const v1::GetStatisticsResponse& proto) {
  graph::StoreStatistics statistics;
  statistics.epoch = proto.epoch();
  statistics.facts = proto.facts();
  statistics.outcomes = proto.outcomes();
  for (const v1::NodeCount& one : proto.nodes()) {
    RECOUP_ASSIGN(const graph::NodeKind kind, FromProto(one.kind()));
    statistics.nodes[kind] = one.count();
  }
  for (const v1::EdgeCount& one : proto.edges()) {
    RECOUP_ASSIGN(const graph::EdgeKind kind, FromProto(one.kind()));
    statistics.edges[kind] = one.count();
  }
  RECOUP_ASSIGN(
      const std::optional<Date> latest,
      OptionalDate(proto.has_latest_known_at(), proto.latest_known_at(), "latest_known_at"));
  statistics.latest_known_at = latest.value_or(Date::Min());
  return statistics;
}

void ToProto(const ModelSummary& model, v1::Model* proto) {
  proto->set_version(model.version);
  proto->set_artifact_checksum(model.artifact_checksum);
  proto->set_feature_schema_hash(model.feature_schema_hash);
  proto->set_active(model.active);
  proto->set_fault(model.fault);
}

ModelSummary FromProto(const v1::Model& proto) {
  return {.version = proto.version(),
          .artifact_checksum = proto.artifact_checksum(),
          .feature_schema_hash = proto.feature_schema_hash(),
          .active = proto.active(),
          .fault = proto.fault()};
}

Result<std::optional<graph::SamplingOptions>> LimitsFromProto(
    const v1::GetNeighbourhoodRequest& proto) {
  RECOUP_TRY(CheckLimit(proto.first_hop_limit(), "first_hop_limit"));
  RECOUP_TRY(CheckLimit(proto.second_hop_limit(), "second_hop_limit"));
  if (proto.first_hop_limit() == 0 && proto.second_hop_limit() == 0) {
    return std::optional<graph::SamplingOptions>();
  }
  graph::SamplingOptions options;
  if (proto.first_hop_limit() != 0) options.first_hop_limit = proto.first_hop_limit();
  if (proto.second_hop_limit() != 0) options.second_hop_limit = proto.second_hop_limit();
  return std::optional(options);
}

}  // namespace recoup::server::wire
