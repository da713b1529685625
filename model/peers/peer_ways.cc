#include "model/peers/peer_ways.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace recoup::model {
namespace {

using graph::NodeId;
using graph::NodeKind;
using Member = GroupCatalog::Member;

// What follows the name of the kind in a relation's last step: nothing, or `.` and the sort.
std::string SortIn(const std::string& relation) {
  const std::size_t step = relation.rfind('/') == std::string::npos ? 0 : relation.rfind('/') + 1;
  std::size_t sort = relation.find('.', step);  // after the direction, the edge, the kind
  for (int part = 0; part < 2 && sort != std::string::npos; ++part) {
    sort = relation.find('.', sort + 1);
  }
  return sort == std::string::npos ? std::string() : relation.substr(sort);
}

}  // namespace

PeerWays::PeerWays(const LoanBook& book, std::span<const std::uint32_t> relations)
    : catalog_(book.catalog), sorts_(book.catalog.groups()) {
  const std::vector<std::string>& names = catalog_.relations();
  std::map<std::string, std::uint32_t> wanted;
  for (const std::uint32_t number : relations) {
    if (number < names.size()) wanted.emplace(names[number], number);
  }
  for (const Member& member : book.members) {
    if (sorts_[member.group].empty()) sorts_[member.group] = SortIn(names[member.relation]);
  }
  steps_ = StepsFrom(NodeKind::kLoan, {}, wanted);
  for (const auto& [attribute, relation] : GroupRelations(book.attributes)) {
    const auto found = wanted.find(relation);
    if (found != wanted.end()) words_.push_back({attribute, relation, found->second});
  }
}

std::vector<PeerWays::Step> PeerWays::StepsFrom(
    NodeKind kind, const std::string& prefix,
    const std::map<std::string, std::uint32_t>& wanted) const {
  std::vector<Step> steps;
  for (const graph::WalkableRelation& walkable : graph::RelationsFrom(kind)) {
    Step step{walkable.relation, {}, {}};
    bool leads_somewhere = false;
    for (const NodeKind end : graph::kAllNodeKinds) {
      if (end == NodeKind::kLoan) continue;
      const auto number = static_cast<std::size_t>(end);
      const std::string name = prefix + TieStepName(walkable.relation, end);
      for (auto way = wanted.lower_bound(name); way != wanted.end(); ++way) {
        if (!way->first.starts_with(name)) break;
        const std::string after = way->first.substr(name.size());
        const bool ends_here =
            after.empty() || (after[0] == '.' && after.find('/') == std::string::npos);
        if (ends_here) step.heard[number].emplace(after, way->second);
      }
      if (prefix.empty() && TiesGoOnFrom(walkable.relation, end)) {
        step.further[number] = StepsFrom(end, name + "/", wanted);
      }
      leads_somewhere =
          leads_somewhere || !step.heard[number].empty() || !step.further[number].empty();
    }
    if (leads_somewhere) steps.push_back(std::move(step));
  }
  return steps;
}

Result<void> PeerWays::Walk(const graph::GraphView& view, NodeId from, std::span<const Step> steps,
                            bool first, std::vector<Member>* members) const {
  for (const Step& step : steps) {
    RECOUP_ASSIGN(const graph::CsrBlock found,
                  view.Neighbours({&from, 1}, step.relation, kMostTiedEntities));
    for (const NodeId entity : found.targets) {
      const std::size_t kind = entity.kind_number();
      if (kind >= kKinds) continue;
      if (const BySort& heard = step.heard[kind]; !heard.empty()) {
        const std::uint32_t group = catalog_.GroupOf(entity);
        const auto way = group == GroupCatalog::kNone ? heard.end() : heard.find(sorts_[group]);
        if (way != heard.end()) {
          members->push_back({way->second, group, TieSpeaks(first, graph::KindOf(entity))});
        }
      }
      if (!step.further[kind].empty()) {
        RECOUP_TRY(Walk(view, entity, step.further[kind], false, members));
      }
    }
  }
  return {};
}

Result<std::vector<Member>> PeerWays::MembersOf(const graph::GraphView& view, NodeId loan,
                                                const graph::NodeRecord& record) const {
  std::vector<Member> members;
  RECOUP_TRY(Walk(view, loan, steps_, true, &members));
  for (const WordWay& way : words_) {
    const graph::AttributeValue* value = record.Find(way.attribute);
    const auto* category = value == nullptr ? nullptr : std::get_if<graph::Category>(value);
    if (category == nullptr) continue;
    const std::uint32_t group = catalog_.GroupOf(way.relation, category->word);
    if (group != GroupCatalog::kNone) members.push_back({way.number, group, true});
  }
  SortUnique(&members);
  return members;
}

}  // namespace recoup::model
