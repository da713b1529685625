#include "model/peers/loan_ties.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "graph/sampling/walkable_relations.h"

namespace recoup::model {
namespace {

using graph::NodeId;
using graph::NodeKind;

// Entities of which there are few, with many loans each: one step beyond them is anybody.
bool IsHub(NodeKind kind) {
  return kind == NodeKind::kRegion || kind == NodeKind::kIndustry || kind == NodeKind::kProduct ||
         kind == NodeKind::kPortfolio || kind == NodeKind::kCourt;
}

bool HasSorts(NodeKind kind) {
  return kind == NodeKind::kRegion || kind == NodeKind::kIndustry || kind == NodeKind::kProduct;
}

std::string WordKey(const std::string& relation, const std::string& word) {
  return relation + '\x1f' + word;
}

}  // namespace

std::string TieStepName(graph::Relation relation, NodeKind end) {
  std::string name = relation.direction == graph::Direction::kOut ? "out." : "in.";
  name += graph::EdgeKindName(relation.kind);
  name += '.';
  name += graph::NodeKindName(end);
  return name;
}

bool TiesGoOnFrom(graph::Relation relation, NodeKind end) {
  return !IsHub(end) && relation.kind != graph::EdgeKind::kOriginatedBy;
}

// A party two steps away is someone else's: it is heard, and not spoken for.
bool TieSpeaks(bool first_step, NodeKind end) { return first_step || IsHub(end); }

std::map<graph::AttributeId, std::string> GroupRelations(
    const std::vector<graph::AttributeDefinition>& attributes) {
  std::map<graph::AttributeId, std::string> relations;
  for (const graph::AttributeDefinition& definition : attributes) {
    if (definition.role != graph::AttributeRole::kGroup) continue;
    relations.emplace(definition.id, "group." + definition.name);
  }
  return relations;
}

void SortUnique(std::vector<GroupCatalog::Member>* members) {
  std::sort(members->begin(), members->end());
  const auto same = [](const GroupCatalog::Member& a, const GroupCatalog::Member& b) {
    return a.relation == b.relation && a.group == b.group;
  };
  members->erase(std::unique(members->begin(), members->end(), same), members->end());
}

LoanTieReader::LoanTieReader(const std::vector<graph::AttributeDefinition>& attributes)
    : groups_(GroupRelations(attributes)) {}

Result<std::string> LoanTieReader::SortOf(const graph::GraphView& view, NodeId entity) {
  if (!HasSorts(graph::KindOf(entity))) return std::string();
  const auto known = sorts_.find(entity);  // ids never change: one look serves every day
  if (known != sorts_.end()) return known->second;
  RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(entity));
  const std::size_t colon = record.key.external_id.find(':');
  std::string sort =
      colon == std::string::npos ? std::string() : "." + record.key.external_id.substr(0, colon);
  return sorts_.emplace(entity, std::move(sort)).first->second;
}

Result<void> LoanTieReader::Walk(const graph::GraphView& view, NodeId from,
                                 const std::string& prefix, std::vector<LoanTie>* ties) {
  const bool first = prefix.empty();
  for (const graph::WalkableRelation& walkable : graph::RelationsFrom(graph::KindOf(from))) {
    RECOUP_ASSIGN(const graph::CsrBlock found,
                  view.Neighbours({&from, 1}, walkable.relation, kMostTiedEntities));
    for (const NodeId entity : found.targets) {
      const NodeKind kind = graph::KindOf(entity);
      if (kind == NodeKind::kLoan) continue;
      RECOUP_ASSIGN(const std::string sort, SortOf(view, entity));
      std::string name = prefix + TieStepName(walkable.relation, kind) + sort;
      ties->push_back({name, entity, {}, TieSpeaks(first, kind)});
      if (first && TiesGoOnFrom(walkable.relation, kind)) {
        RECOUP_TRY(Walk(view, entity, name + "/", ties));
      }
    }
  }
  return {};
}

Result<std::vector<LoanTie>> LoanTieReader::Read(const graph::GraphView& view, NodeId loan,
                                                 const graph::NodeRecord& record) {
  std::vector<LoanTie> ties;
  RECOUP_TRY(Walk(view, loan, {}, &ties));
  for (const auto& [id, relation] : groups_) {
    const graph::AttributeValue* value = record.Find(id);
    const auto* category = value == nullptr ? nullptr : std::get_if<graph::Category>(value);
    if (category != nullptr) ties.push_back({relation, {}, category->word, true});
  }
  return ties;
}

std::vector<GroupCatalog::Member> GroupCatalog::Intern(const std::vector<LoanTie>& ties) {
  std::vector<Member> members;
  for (const LoanTie& tie : ties) {
    const auto next = static_cast<std::uint32_t>(relations_.size());
    const auto [relation, is_new] = relation_numbers_.try_emplace(tie.relation, next);
    if (is_new) relations_.push_back(tie.relation);
    const auto [group, added] =
        tie.word.empty() && tie.entity != NodeId()
            ? std::pair{&entity_groups_[tie.entity], false}
            : std::pair{&word_groups_[WordKey(tie.relation, tie.word)], false};
    static_cast<void>(added);
    if (*group == 0) *group = ++groups_;  // kept one higher, so that 0 is a new one
    members.push_back({relation->second, *group - 1, tie.speaks});
  }
  SortUnique(&members);
  return members;
}

std::vector<GroupCatalog::Member> GroupCatalog::Find(const std::vector<LoanTie>& ties) const {
  std::vector<Member> members;
  for (const LoanTie& tie : ties) {
    const auto relation = relation_numbers_.find(tie.relation);
    if (relation == relation_numbers_.end()) continue;
    const bool by_entity = tie.word.empty() && tie.entity != NodeId();
    const std::uint32_t group = by_entity ? GroupOf(tie.entity) : GroupOf(tie.relation, tie.word);
    if (group != kNone) members.push_back({relation->second, group, tie.speaks});
  }
  SortUnique(&members);
  return members;
}

std::uint32_t GroupCatalog::GroupOf(NodeId entity) const {
  const auto found = entity_groups_.find(entity);
  return found == entity_groups_.end() ? kNone : found->second - 1;
}

std::uint32_t GroupCatalog::GroupOf(const std::string& relation, const std::string& word) const {
  const auto found = word_groups_.find(WordKey(relation, word));
  return found == word_groups_.end() ? kNone : found->second - 1;
}

GroupCatalog::Parts GroupCatalog::ToParts() const {
  Parts parts{relations_, {}, {}, groups_};
  for (const auto& [entity, group] : entity_groups_) parts.entities.emplace_back(entity, group - 1);
  for (const auto& [word, group] : word_groups_) parts.words.emplace_back(word, group - 1);
  std::sort(parts.entities.begin(), parts.entities.end());
  std::sort(parts.words.begin(), parts.words.end());
  return parts;
}

GroupCatalog GroupCatalog::FromParts(Parts parts) {
  GroupCatalog catalog;
  catalog.relations_ = std::move(parts.relations);
  for (std::uint32_t i = 0; i < catalog.relations_.size(); ++i) {
    catalog.relation_numbers_.emplace(catalog.relations_[i], i);
  }
  catalog.entity_groups_.reserve(parts.entities.size());
  for (const auto& [entity, group] : parts.entities) catalog.entity_groups_[entity] = group + 1;
  for (auto& [word, group] : parts.words) catalog.word_groups_[std::move(word)] = group + 1;
  catalog.groups_ = parts.groups;
  return catalog;
}

}  // namespace recoup::model
