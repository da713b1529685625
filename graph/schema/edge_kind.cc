#include "graph/schema/edge_kind.h"

#include <algorithm>
#include <string>
#include <vector>

namespace recoup::graph {
namespace {

using enum NodeKind;

struct EdgeRule {
  EdgeKind kind;
  std::string_view name;
  std::vector<NodeKind> sources;
  std::vector<NodeKind> targets;
};

// In the order of EdgeKind, from 1.
const std::array<EdgeRule, 14>& Rules() {
  static const std::array<EdgeRule, 14> rules = {{
      {EdgeKind::kBorrows, "borrows", {kParty}, {kLoan}},
      {EdgeKind::kCoBorrows, "co_borrows", {kParty}, {kLoan}},
      {EdgeKind::kGuarantees, "guarantees", {kParty}, {kLoan, kParty}},
      {EdgeKind::kSecures, "secures", {kCollateral}, {kLoan}},
      {EdgeKind::kOwns, "owns", {kParty}, {kParty, kCollateral}},
      {EdgeKind::kControls, "controls", {kParty}, {kParty}},
      {EdgeKind::kRelatedTo, "related_to", {kParty}, {kParty}},
      {EdgeKind::kInvolvedIn, "involved_in", {kLoan, kParty, kCollateral}, {kProceeding}},
      {EdgeKind::kHeardAt, "heard_at", {kLoan, kProceeding}, {kCourt}},
      {EdgeKind::kLocatedIn,
       "located_in",
       {kLoan, kParty, kCollateral, kCourt, kRegion},
       {kRegion}},
      {EdgeKind::kInIndustry, "in_industry", {kLoan, kParty, kIndustry}, {kIndustry}},
      {EdgeKind::kOriginatedBy, "originated_by", {kLoan}, {kParty}},
      {EdgeKind::kPartOf, "part_of", {kLoan}, {kProduct, kPortfolio}},
      {EdgeKind::kPays, "pays", {kParty}, {kLoan, kParty}},
  }};
  return rules;
}

// Returns the rule of `kind`, or nothing for a number outside the enumeration.
const EdgeRule* FindRule(EdgeKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number >= 1 && number <= Rules().size() ? &Rules()[number - 1] : nullptr;
}

bool Contains(std::span<const NodeKind> kinds, NodeKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::string JoinNames(std::span<const NodeKind> kinds) {
  std::string joined;
  for (const NodeKind kind : kinds) {
    if (!joined.empty()) joined += " or ";
    joined += NodeKindName(kind);
  }
  return joined;
}

}  // namespace

std::string_view EdgeKindName(EdgeKind kind) {
  const EdgeRule* rule = FindRule(kind);
  return rule == nullptr ? "unknown" : rule->name;
}

Result<EdgeKind> ParseEdgeKind(std::string_view name) {
  std::string known;
  for (const EdgeRule& rule : Rules()) {
    if (rule.name == name) return rule.kind;
    if (!known.empty()) known += ", ";
    known += rule.name;
  }
  return Error{ErrorCode::kInvalidArgument,
               "unknown edge kind; known are " + known + ": " + std::string(name.substr(0, 64))};
}

std::span<const NodeKind> AllowedSources(EdgeKind kind) {
  const EdgeRule* rule = FindRule(kind);
  return rule == nullptr ? std::span<const NodeKind>() : rule->sources;
}

std::span<const NodeKind> AllowedTargets(EdgeKind kind) {
  const EdgeRule* rule = FindRule(kind);
  return rule == nullptr ? std::span<const NodeKind>() : rule->targets;
}

Result<void> CheckEndpoints(EdgeKind kind, NodeKind from, NodeKind to) {
  const EdgeRule* rule = FindRule(kind);
  if (rule == nullptr) {
    return Error{ErrorCode::kInvalidArgument,
                 "unknown edge kind: " + std::to_string(static_cast<int>(kind))};
  }
  if (Contains(rule->sources, from) && Contains(rule->targets, to)) return {};
  return Error{ErrorCode::kInvalidArgument,
               "this edge joins other node kinds; " + std::string(rule->name) + " goes from " +
                   JoinNames(rule->sources) + " to " + JoinNames(rule->targets) + ": " +
                   std::string(NodeKindName(from)) + " to " + std::string(NodeKindName(to))};
}

}  // namespace recoup::graph
