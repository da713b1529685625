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

// How far an outcome lies above the mean of all outcomes known strictly before its own day. Each
// peer is measured against its own time: against the mean of the day of valuation, a change of the
// general level would look like a property of whoever has older peers.
class Surprise {
 public:
  // `known` ascends by outcome_known_at, as CollectExamples returns it.
  explicit Surprise(std::span<const Example> known) {
    if (known.empty()) return;
    first_day_ = known.front().outcome_known_at;
    means_.reserve(
        static_cast<std::size_t>(DaysBetween(first_day_, known.back().outcome_known_at) + 1));
    double sum = 0.0;
    std::size_t count = 0;
    for (const Example& example : known) {
      const double mean = count == 0 ? example.recovery_rate : sum / static_cast<double>(count);
      // Days up to this outcome's, itself included, knew what was known before it.
      while (DayNumber(example.outcome_known_at) >= means_.size()) means_.push_back(mean);
      sum += example.recovery_rate;
      ++count;
    }
  }

  // An outcome that was corrected later, or whose loan is no example, may lie outside the days.
  float Of(const graph::ResolvedPeer& peer) const {
    if (means_.empty()) return 0.0F;
    const std::size_t day = peer.known_at < first_day_ ? 0 : DayNumber(peer.known_at);
    return peer.recovery_rate - static_cast<float>(means_[std::min(day, means_.size() - 1)]);
  }

 private:
  std::size_t DayNumber(Date day) const {
    return static_cast<std::size_t>(DaysBetween(first_day_, day));
  }

  Date first_day_;
  std::vector<double> means_;  // by day from first_day_
};

class Aggregator {
 public:
  explicit Aggregator(Surprise surprise) : surprise_(std::move(surprise)) {}

  Result<void> Add(const graph::GraphView& view, NodeId loan, std::uint32_t position) {
    // Asking for the loan itself tells an unknown one from one that stands alone.
    RECOUP_TRY(view.Node(loan));
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
        residuals_.assign(peers.begin(), peers.end());
        for (graph::ResolvedPeer& peer : residuals_) peer.recovery_rate = surprise_.Of(peer);
        AddCell(path, SumPeers(residuals_, view.as_of()), position);
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

  void AddCell(const Path& path, const PeerSums& sums, std::uint32_t position) {
    const auto number = static_cast<std::uint32_t>(paths_.size());
    PathColumns& columns = paths_.try_emplace(path, PathColumns{number, false}).first->second;
    columns.has_peers |= sums.count > 0.0;
    const double ever = sums.rates / (sums.count + kPseudoPeers);
    const double one_year = sums.decayed_rates / (sums.decayed_count + kPseudoPeers);
    cells_.push_back({position,
                      columns.number,
                      {static_cast<float>(ever), static_cast<float>(one_year),
                       static_cast<float>(std::log1p(sums.count))}});
  }

  Surprise surprise_;
  PeerPool pool_;
  std::vector<graph::ResolvedPeer> residuals_;  // of the path at hand; kept for its memory
  std::map<Path, PathColumns> paths_;
  std::unordered_map<NodeId, std::string> sorts_;
  std::vector<Cell> cells_;
};

}  // namespace

Result<Table> RelationalAggregateTable(const graph::GraphStore& store,
                                       std::span<const Example> examples) {
  RECOUP_ASSIGN(const CollectedExamples known, CollectExamples(store));
  Aggregator aggregator{Surprise(known.examples)};
  DayViews views(store);
  for (const std::uint32_t position : PositionsByDay(examples)) {
    RECOUP_TRY(
        aggregator.Add(views.On(examples[position].as_of), examples[position].loan, position));
  }
  return aggregator.Finish(examples.size());
}

}  // namespace recoup::model
