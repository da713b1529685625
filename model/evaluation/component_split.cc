#include "model/evaluation/component_split.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "graph/schema/edge_kind.h"
#include "graph/schema/node_kind.h"
#include "model/evaluation/counter_random.h"
#include "model/evaluation/union_find.h"
#include "model/features/by_day.h"

namespace recoup::model {
namespace {

using graph::EdgeKind;
using graph::NodeId;
using graph::NodeKind;

constexpr std::array kJoiningKinds = {
    EdgeKind::kBorrows, EdgeKind::kCoBorrows, EdgeKind::kGuarantees, EdgeKind::kSecures,
    EdgeKind::kOwns,    EdgeKind::kControls,  EdgeKind::kRelatedTo};
constexpr std::array kJoinedNodes = {NodeKind::kLoan, NodeKind::kParty, NodeKind::kCollateral};
constexpr std::size_t kNoLimit = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kSeedsPerCall = 4096;

/// Nodes ordered by `kind:external_id`, so that a set's smallest member has the smallest name.
struct NamedNodes {
  std::vector<std::string> names;
  std::unordered_map<NodeId, std::size_t> positions;
};

/// Collects nodes with their names, each once.
class NodeNames {
 public:
  bool Contains(NodeId id) const { return known_.contains(id); }

  Result<void> Add(const graph::GraphView& view, NodeId id) {
    if (Contains(id)) return {};
    RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(id));
    known_.insert(id);
    named_.emplace_back(std::string(NodeKindName(graph::KindOf(id))) + ":" + record.key.external_id,
                        id);
    return {};
  }

  NamedNodes InOrder() && {
    std::sort(named_.begin(), named_.end());
    NamedNodes nodes;
    for (auto& [name, id] : named_) {
      nodes.positions.emplace(id, nodes.names.size());
      nodes.names.push_back(std::move(name));
    }
    return nodes;
  }

 private:
  std::unordered_set<NodeId> known_;
  std::vector<std::pair<std::string, NodeId>> named_;
};

Result<void> AddShown(const graph::GraphView& view, NodeNames* names) {
  for (const NodeKind kind : kJoinedNodes) {
    RECOUP_ASSIGN(const std::vector<NodeId> ids, view.Nodes(kind));
    for (const NodeId id : ids) RECOUP_TRY(names->Add(view, id));
  }
  return {};
}

using Link = std::pair<NodeId, NodeId>;

/// Adds the loans that were removed, with what they were joined to on their valuation date.
Result<std::vector<Link>> AddRemoved(const graph::GraphStore& store,
                                     std::span<const Example> examples, NodeNames* names) {
  std::vector<Link> links;
  DayViews views(store);
  for (const Example& example : examples) {
    if (names->Contains(example.loan)) continue;
    const graph::GraphView& view = views.On(example.as_of);
    RECOUP_TRY(names->Add(view, example.loan));
    for (const EdgeKind kind : kJoiningKinds) {
      RECOUP_ASSIGN(const graph::CsrBlock found,
                    view.Neighbours({&example.loan, 1}, {kind, graph::Direction::kIn}, kNoLimit));
      for (const NodeId neighbour : found.targets) {
        RECOUP_TRY(names->Add(view, neighbour));
        links.emplace_back(example.loan, neighbour);
      }
    }
  }
  return links;
}

Result<void> JoinAlong(const graph::GraphView& view, EdgeKind kind, const NamedNodes& nodes,
                       UnionFind& sets) {
  for (const NodeKind source : graph::AllowedSources(kind)) {
    RECOUP_ASSIGN(const std::vector<NodeId> ids, view.Nodes(source));
    for (std::size_t begin = 0; begin < ids.size(); begin += kSeedsPerCall) {
      const auto seeds = std::span(ids).subspan(begin, std::min(kSeedsPerCall, ids.size() - begin));
      RECOUP_ASSIGN(const graph::CsrBlock block,
                    view.Neighbours(seeds, {kind, graph::Direction::kOut}, kNoLimit));
      for (std::size_t i = 0; i < seeds.size(); ++i) {
        const auto from = nodes.positions.find(seeds[i]);
        for (std::size_t e = block.offsets[i]; e < block.offsets[i + 1]; ++e) {
          const auto to = nodes.positions.find(block.targets[e]);
          if (from == nodes.positions.end() || to == nodes.positions.end()) continue;
          sets.Join(from->second, to->second);
        }
      }
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::uint64_t>> ComponentsOf(const graph::GraphStore& store,
                                                std::span<const Example> examples) {
  const auto latest = store.ViewAsOf(Date::Max());
  NodeNames names;
  RECOUP_TRY(AddShown(*latest, &names));
  RECOUP_ASSIGN(const std::vector<Link> links, AddRemoved(store, examples, &names));
  const NamedNodes nodes = std::move(names).InOrder();
  UnionFind sets(nodes.names.size());
  for (const EdgeKind kind : kJoiningKinds) RECOUP_TRY(JoinAlong(*latest, kind, nodes, sets));
  for (const auto& [loan, other] : links) {
    sets.Join(nodes.positions.at(loan), nodes.positions.at(other));
  }
  std::vector<std::uint64_t> components;
  components.reserve(examples.size());
  for (const Example& example : examples) {
    components.push_back(HashText(nodes.names[sets.Find(nodes.positions.at(example.loan))]));
  }
  return components;
}

Result<ExampleSplit> SplitByComponent(const graph::GraphStore& store,
                                      std::span<const Example> examples,
                                      const ComponentSplitOptions& options) {
  const double held_out = options.test_share + options.validation_share;
  if (options.test_share <= 0.0 || options.validation_share <= 0.0 || held_out >= 1.0) {
    return Error{ErrorCode::kInvalidArgument,
                 "shares of test and validation must be positive and leave some training: " +
                     std::to_string(options.test_share) + ", " +
                     std::to_string(options.validation_share)};
  }
  RECOUP_ASSIGN(const std::vector<std::uint64_t> components, ComponentsOf(store, examples));
  ExampleSplit split;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const double draw = UnitInterval(CounterRandom(options.seed, 0, components[i]));
    if (draw < options.test_share) {
      split.test.push_back(i);
    } else if (draw < held_out) {
      split.validation.push_back(i);
    } else {
      split.training.push_back(i);
    }
  }
  if (split.training.empty() || split.validation.empty() || split.test.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "too few unconnected groups of loans to split them; loans: " +
                     std::to_string(examples.size())};
  }
  split.description =
      "by connected component of debtors, guarantors and collateral (not out of time), seed " +
      std::to_string(options.seed);
  return split;
}

}  // namespace recoup::model
