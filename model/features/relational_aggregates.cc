#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "graph/sampling/walkable_relations.h"
#include "model/features/by_day.h"
#include "model/features/peer_pool.h"
#include "model/features/tabular.h"

namespace recoup::model {
namespace {

using graph::NodeId;
using graph::NodeKind;

constexpr std::size_t kMostEntities = 64;  // that one relation of a loan leads to
constexpr std::array<const char*, 3> kAggregates = {"residual_mean", "residual_mean_one_year",
                                                    "log_count"};

// A way from a loan to entities of one sort.
struct Path {
  graph::Relation relation;
  NodeKind kind = NodeKind::kParty;
  std::string sort;  // what stands before ':' in ids of regions and industries

  auto operator<=>(const Path&) const = default;
};

std::string PathName(const Path& path) {
  std::string name = path.relation.direction == graph::Direction::kOut ? "out." : "in.";
  name += graph::EdgeKindName(path.relation.kind);
  name += ".";
  name += graph::NodeKindName(path.kind);
  return path.sort.empty() ? name : name + "." + path.sort;
}

struct PathColumns {
  std::uint32_t number = 0;  // in the order of discovery
  bool has_peers = false;    // in any example
};

struct Cell {
  std::uint32_t example = 0;
  std::uint32_t path = 0;
  std::array<float, kAggregates.size()> values{};
};

// The mean of all outcomes known strictly before a day.
class MeanBefore {
 public:
  // `known` ascends by outcome_known_at, as CollectExamples returns it.
  explicit MeanBefore(std::span<const Example> known) {
    double sum = 0.0;
    for (const Example& example : known) {
      days_.push_back(example.outcome_known_at);
      sum += example.recovery_rate;
      sums_.push_back(sum);
    }
  }

  double On(Date day) const {
    const auto count = std::lower_bound(days_.begin(), days_.end(), day) - days_.begin();
    if (count == 0) return 0.0;
    return sums_[static_cast<std::size_t>(count - 1)] / static_cast<double>(count);
  }

 private:
  std::vector<Date> days_;
  std::vector<double> sums_;
};

class Aggregator {
 public:
  explicit Aggregator(MeanBefore mean_before) : mean_before_(std::move(mean_before)) {}

  Result<void> Add(const graph::GraphView& view, NodeId loan, std::uint32_t position) {
    // Asking for the loan itself tells an unknown one from one that stands alone.
    RECOUP_TRY(view.Node(loan));
    const double mean = mean_before_.On(view.as_of());
    for (const graph::WalkableRelation& walkable : graph::RelationsFrom(NodeKind::kLoan)) {
      RECOUP_ASSIGN(const graph::CsrBlock found,
                    view.Neighbours({&loan, 1}, walkable.relation, kMostEntities));
      std::map<Path, std::vector<NodeId>> groups;
      for (const NodeId entity : found.targets) {
        RECOUP_ASSIGN(std::string sort, SortOf(view, entity));
        groups[{walkable.relation, graph::KindOf(entity), std::move(sort)}].push_back(entity);
      }
      for (const auto& [path, entities] : groups) {
        RECOUP_ASSIGN(const auto peers, pool_.Newest(view, entities, {&loan, 1}));
        AddCell(path, SumPeers(peers, view.as_of()), mean, position);
      }
    }
    return {};
  }

  Table Finish(std::size_t examples) const {
    Table table;
    std::vector<std::size_t> column_of(paths_.size(), 0);
    std::vector<bool> kept(paths_.size(), false);
    for (const auto& [path, columns] : paths_) {
      if (!columns.has_peers) continue;
      kept[columns.number] = true;
      column_of[columns.number] = table.columns.size();
      for (const char* name : kAggregates) table.columns.push_back(PathName(path) + "." + name);
    }
    const std::size_t width = table.columns.size();
    table.values.assign(examples * width, std::numeric_limits<float>::quiet_NaN());
    for (const Cell& cell : cells_) {
      if (!kept[cell.path]) continue;
      std::copy(cell.values.begin(), cell.values.end(),
                table.values.begin() +
                    static_cast<std::ptrdiff_t>(cell.example * width + column_of[cell.path]));
    }
    return table;
  }

 private:
  // Ids never change, so that one look at a node serves every day.
  Result<std::string> SortOf(const graph::GraphView& view, NodeId entity) {
    const NodeKind kind = graph::KindOf(entity);
    if (kind != NodeKind::kRegion && kind != NodeKind::kIndustry) return std::string();
    const auto known = sorts_.find(entity);
    if (known != sorts_.end()) return known->second;
    RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(entity));
    const std::size_t colon = record.key.external_id.find(':');
    std::string sort =
        colon == std::string::npos ? std::string() : record.key.external_id.substr(0, colon);
    return sorts_.emplace(entity, std::move(sort)).first->second;
  }

  void AddCell(const Path& path, const PeerSums& sums, double mean, std::uint32_t position) {
    const auto number = static_cast<std::uint32_t>(paths_.size());
    PathColumns& columns = paths_.try_emplace(path, PathColumns{number, false}).first->second;
    columns.has_peers |= sums.count > 0.0;
    const double ever = (sums.rates - sums.count * mean) / (sums.count + kPseudoPeers);
    const double one_year = (sums.decayed_rates - sums.decayed_count * mean) /
                            (sums.decayed_count + kPseudoPeers);
    cells_.push_back({position,
                      columns.number,
                      {static_cast<float>(ever), static_cast<float>(one_year),
                       static_cast<float>(std::log1p(sums.count))}});
  }

  MeanBefore mean_before_;
  PeerPool pool_;
  std::map<Path, PathColumns> paths_;
  std::unordered_map<NodeId, std::string> sorts_;
  std::vector<Cell> cells_;
};

}  // namespace

Result<Table> RelationalAggregateTable(const graph::GraphStore& store,
                                       std::span<const Example> examples) {
  RECOUP_ASSIGN(const std::vector<Example> known,
                CollectExamples(*store.ViewAsOf(Date::Max())));
  Aggregator aggregator{MeanBefore(known)};
  DayViews views(store);
  for (const std::uint32_t position : PositionsByDay(examples)) {
    RECOUP_TRY(aggregator.Add(views.On(examples[position].as_of), examples[position].loan,
                              position));
  }
  return aggregator.Finish(examples.size());
}

}  // namespace recoup::model
