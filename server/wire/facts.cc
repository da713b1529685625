#include "server/wire/facts.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/wire/vocabulary.h"

namespace recoup::server::wire {
namespace {

template <typename Attributes>
Result<std::vector<graph::NamedAttribute>> AttributesFromProto(const Attributes& protos) {
  std::vector<graph::NamedAttribute> attributes;
  attributes.reserve(static_cast<std::size_t>(protos.size()));
  for (const v1::Attribute& proto : protos) {
    RECOUP_ASSIGN(graph::NamedAttribute attribute, FromProto(proto));
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

// Left out, an operation is an upsert.
Result<graph::FactOperation> OperationFromProto(v1::FactOperation proto) {
  switch (proto) {
    case v1::FACT_OPERATION_UNSPECIFIED:
    case v1::FACT_OPERATION_UPSERT:
      return graph::FactOperation::kUpsert;
    case v1::FACT_OPERATION_REMOVE:
      return graph::FactOperation::kRemove;
    default:
      break;
  }
  return Error{ErrorCode::kInvalidArgument, "unknown operation: " + std::to_string(proto)};
}

Result<graph::Fact> NodeFactFromProto(const v1::NodeFact& proto, graph::FactDates dates) {
  graph::NodeFact fact;
  fact.dates = dates;
  RECOUP_ASSIGN(fact.node, FromProto(proto.node()));
  RECOUP_ASSIGN(fact.operation, OperationFromProto(proto.operation()));
  RECOUP_ASSIGN(fact.attributes, AttributesFromProto(proto.attributes()));
  return graph::Fact(std::move(fact));
}

Result<graph::Fact> EdgeFactFromProto(const v1::EdgeFact& proto, graph::FactDates dates) {
  graph::EdgeFact fact;
  fact.dates = dates;
  RECOUP_ASSIGN(fact.kind, FromProto(proto.kind()));
  RECOUP_ASSIGN(fact.from, FromProto(proto.from()));
  RECOUP_ASSIGN(fact.to, FromProto(proto.to()));
  RECOUP_ASSIGN(fact.operation, OperationFromProto(proto.operation()));
  RECOUP_ASSIGN(fact.attributes, AttributesFromProto(proto.attributes()));
  return graph::Fact(std::move(fact));
}

Result<graph::Fact> OutcomeFactFromProto(const v1::OutcomeFact& proto, graph::FactDates dates) {
  graph::OutcomeFact fact;
  fact.dates = dates;
  fact.loan = {graph::NodeKind::kLoan, proto.loan_id()};
  fact.recovery_rate = proto.recovery_rate();
  RECOUP_ASSIGN(fact.valuation_date,
                RequiredDate(proto.has_valuation_date(), proto.valuation_date(), "valuation_date"));
  return graph::Fact(std::move(fact));
}

Result<graph::AttributeDefinition> DeclarationFromProto(const v1::AttributeDeclaration& proto) {
  graph::AttributeDefinition definition;
  definition.name = proto.name();
  if (proto.owner_case() == v1::AttributeDeclaration::kEdgeKind) {
    RECOUP_ASSIGN(definition.owner, FromProto(proto.edge_kind()));
  } else {
    RECOUP_ASSIGN(definition.owner, FromProto(proto.node_kind()));
  }
  const bool typed = v1::AttributeType_IsValid(proto.type()) && proto.type() != 0;
  const bool with_role = v1::AttributeRole_IsValid(proto.role()) && proto.role() != 0;
  if (!typed || !with_role) {
    return Error{ErrorCode::kInvalidArgument, "type and role must be set: " + proto.name()};
  }
  definition.type = static_cast<graph::AttributeType>(proto.type());
  definition.role = static_cast<graph::AttributeRole>(proto.role());
  return definition;
}

void DeclarationToProto(const graph::AttributeDefinition& definition,
                        v1::AttributeDeclaration* proto) {
  if (const auto* edge = std::get_if<graph::EdgeKind>(&definition.owner)) {
    proto->set_edge_kind(ToProto(*edge));
  } else {
    proto->set_node_kind(ToProto(std::get<graph::NodeKind>(definition.owner)));
  }
  proto->set_name(definition.name);
  proto->set_type(static_cast<v1::AttributeType>(definition.type));
  proto->set_role(static_cast<v1::AttributeRole>(definition.role));
}

void DetailsToProto(const graph::NodeFact& fact, v1::Fact* proto) {
  v1::NodeFact* node = proto->mutable_node();
  ToProto(fact.node, node->mutable_node());
  node->set_operation(static_cast<v1::FactOperation>(fact.operation));
  for (const auto& attribute : fact.attributes) ToProto(attribute, node->add_attributes());
}

void DetailsToProto(const graph::EdgeFact& fact, v1::Fact* proto) {
  v1::EdgeFact* edge = proto->mutable_edge();
  edge->set_kind(ToProto(fact.kind));
  ToProto(fact.from, edge->mutable_from());
  ToProto(fact.to, edge->mutable_to());
  edge->set_operation(static_cast<v1::FactOperation>(fact.operation));
  for (const auto& attribute : fact.attributes) ToProto(attribute, edge->add_attributes());
}

void DetailsToProto(const graph::OutcomeFact& fact, v1::Fact* proto) {
  v1::OutcomeFact* outcome = proto->mutable_outcome();
  outcome->set_loan_id(fact.loan.external_id);
  outcome->set_recovery_rate(fact.recovery_rate);
  ToProto(fact.valuation_date, outcome->mutable_valuation_date());
}

}  // namespace

void ToProto(const graph::Fact& fact, v1::Fact* proto) {
  std::visit(
      [proto](const auto& details) {
        DetailsToProto(details, proto);
        ToProto(details.dates.effective_at, proto->mutable_effective_at());
        ToProto(details.dates.known_at, proto->mutable_known_at());
      },
      fact);
}

void ToProto(const graph::FactBatch& batch, v1::ApplyFactsRequest* proto) {
  proto->set_source(batch.source);
  proto->set_source_offset(batch.source_offset);
  for (const auto& one : batch.declarations) DeclarationToProto(one, proto->add_declarations());
  for (const graph::Fact& fact : batch.facts) ToProto(fact, proto->add_facts());
}

void ToProto(const graph::ApplyReceipt& receipt, v1::ApplyFactsResponse* proto) {
  proto->set_epoch(receipt.epoch);
  proto->set_facts_applied(receipt.facts_applied);
}

Result<graph::Fact> FromProto(const v1::Fact& proto) {
  graph::FactDates dates;
  RECOUP_ASSIGN(dates.effective_at,
                RequiredDate(proto.has_effective_at(), proto.effective_at(), "effective_at"));
  RECOUP_ASSIGN(dates.known_at, RequiredDate(proto.has_known_at(), proto.known_at(), "known_at"));
  switch (proto.fact_case()) {
    case v1::Fact::kNode:
      return NodeFactFromProto(proto.node(), dates);
    case v1::Fact::kEdge:
      return EdgeFactFromProto(proto.edge(), dates);
    case v1::Fact::kOutcome:
      return OutcomeFactFromProto(proto.outcome(), dates);
    case v1::Fact::FACT_NOT_SET:
      break;
  }
  return Error{ErrorCode::kInvalidArgument, "the fact is neither node, edge nor outcome"};
}

Result<graph::FactBatch> FromProto(const v1::ApplyFactsRequest& proto) {
  graph::FactBatch batch{.source = proto.source(),
                         .source_offset = proto.source_offset(),
                         .declarations = {},
                         .facts = {}};
  for (int i = 0; i < proto.declarations_size(); ++i) {
    auto definition = DeclarationFromProto(proto.declarations(i));
    if (!definition) return Annotate(definition.error(), "declaration " + std::to_string(i));
    batch.declarations.push_back(std::move(definition).value());
  }
  batch.facts.reserve(static_cast<std::size_t>(proto.facts_size()));
  for (int i = 0; i < proto.facts_size(); ++i) {
    auto fact = FromProto(proto.facts(i));
    if (!fact) return Annotate(fact.error(), "fact " + std::to_string(i));
    batch.facts.push_back(std::move(fact).value());
  }
  return batch;
}

graph::ApplyReceipt FromProto(const v1::ApplyFactsResponse& proto) {
  return {.epoch = proto.epoch(), .facts_applied = proto.facts_applied()};
}

}  // namespace recoup::server::wire
