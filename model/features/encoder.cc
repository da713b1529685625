#include "model/features/encoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "model/features/kind_plan.h"
#include "model/features/peer_pool.h"
#include "model/features/relation_order.h"

namespace recoup::model {
namespace {

using graph::NodeId;
using graph::NodeKind;

std::size_t Number(NodeId id) { return id.kind_number(); }

// Remembers where a node was met first: hubs are reached many times, and are read once.
class FirstPositions {
 public:
  explicit FirstPositions(std::size_t nodes)
      : slots_(std::bit_ceil(2 * nodes + 1)), shift_(64 - std::bit_width(slots_.size() - 1)) {}

  // Returns the position of the first call with this id.
  std::uint32_t FirstOf(NodeId id, std::uint32_t position) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<NodeId>()(id) >> shift_;  // only the top bits know the kind
    while (slots_[slot].used && slots_[slot].id != id) slot = (slot + 1) & mask;
    if (!slots_[slot].used) slots_[slot] = {id, position, true};
    return slots_[slot].position;
  }

 private:
  struct Slot {
    NodeId id;
    std::uint32_t position = 0;
    bool used = false;
  };
  std::vector<Slot> slots_;
  int shift_;
};

// Writes the rows of single nodes: of a loan that is not in `hidden`, and of entities, whose peers
// leave out those in `hidden`.
class RowWriter {
 public:
  RowWriter(const graph::GraphView& view, std::span<const KindPlan, 10> plans, double prior,
            std::span<const NodeId> hidden)
      : view_(view), plans_(plans), prior_(prior), hidden_(hidden) {}

  Result<void> Write(NodeId id, PeerPool& pool, float* numeric, std::int32_t* categories) const {
    const KindPlan& plan = plans_[Number(id)];
    RECOUP_ASSIGN(const graph::NodeRecord record, view_.Node(id));
    plan.Write(record.attributes, view_.as_of(), numeric, categories);
    float* outcome = numeric + plan.outcome_column();
    return graph::KindOf(id) == NodeKind::kLoan ? WriteLoanOutcome(id, outcome)
                                                : WriteEntityOutcomes(id, pool, outcome);
  }

 private:
  // A loan that is being valued shows nothing, wherever in the neighbourhood it turns up.
  Result<void> WriteLoanOutcome(NodeId loan, float* columns) const {
    if (std::find(hidden_.begin(), hidden_.end(), loan) != hidden_.end()) return {};
    RECOUP_ASSIGN(const std::optional<graph::Outcome> outcome, view_.OutcomeOf(loan));
    if (!outcome.has_value() || outcome->known_at >= view_.as_of()) return {};
    columns[0] = 1.0F;
    columns[1] = static_cast<float>(outcome->recovery_rate - 0.5);
    columns[2] =
        static_cast<float>(DaysFrom(outcome->known_at, view_.as_of()) / kDaysPerYear / 10.0);
    return {};
  }

  Result<void> WriteEntityOutcomes(NodeId entity, PeerPool& pool, float* columns) const {
    RECOUP_ASSIGN(const auto peers, pool.Newest(view_, {&entity, 1}, hidden_));
    const PeerSums sums = SumPeers(peers, view_.as_of());
    const double pseudo = kPseudoPeers * prior_;
    columns[0] = static_cast<float>(std::log1p(sums.count) / 8.0);
    columns[1] = static_cast<float>((sums.rates + pseudo) / (sums.count + kPseudoPeers) - 0.5);
    columns[2] = static_cast<float>(
        (sums.decayed_rates + pseudo) / (sums.decayed_count + kPseudoPeers) - 0.5);
    columns[3] = static_cast<float>(sums.years_since_newest / 10.0);
    return {};
  }

  const graph::GraphView& view_;
  std::span<const KindPlan, 10> plans_;
  double prior_;
  std::span<const NodeId> hidden_;
};

// Writes one neighbourhood; lives for one call of Encode.
class Writer {
 public:
  Writer(const graph::GraphView& view, std::span<const KindPlan, 10> plans, double prior,
         std::span<const NodeId> hidden)
      : rows_(view, plans, prior, hidden), plans_(plans) {}

  // `nodes` are the neighbourhood's, with the valued loan at 0.
  Result<EncodedNeighbourhood> Write(std::span<const NodeId> nodes,
                                     const graph::Neighbourhood& neighbourhood) {
    NumberRows(nodes, neighbourhood.hop_ends[1]);
    FirstPositions first(nodes.size());
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      const std::uint32_t same = first.FirstOf(nodes[i], i);
      if (same != i) {
        CopyRow(nodes[i], row_of_[same], row_of_[i]);
      } else {
        RECOUP_TRY(rows_.Write(nodes[i], pool_, NumericRow(nodes[i], row_of_[i]),
                               CategoryRow(nodes[i], row_of_[i])));
      }
    }
    WriteRelations(nodes, neighbourhood);
    return std::move(out_);
  }

 private:
  // Hands out rows per kind in the order of the nodes, which puts the inner ones first.
  void NumberRows(std::span<const NodeId> nodes, std::uint32_t inner_end) {
    row_of_.resize(nodes.size());
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      KindRows& rows = out_.kinds[Number(nodes[i])];
      row_of_[i] = rows.rows++;
      if (i < inner_end) ++rows.inner_rows;
    }
    for (const NodeKind kind : graph::kAllNodeKinds) {
      KindRows& rows = out_.Of(kind);
      const KindPlan& plan = plans_[static_cast<std::size_t>(kind)];
      rows.numeric.resize(rows.rows * plan.numeric_width());
      rows.categories.resize(rows.rows * plan.category_width());
    }
  }

  float* NumericRow(NodeId id, std::uint32_t row) {
    return out_.kinds[Number(id)].numeric.data() + row * plans_[Number(id)].numeric_width();
  }
  std::int32_t* CategoryRow(NodeId id, std::uint32_t row) {
    return out_.kinds[Number(id)].categories.data() + row * plans_[Number(id)].category_width();
  }

  void CopyRow(NodeId id, std::uint32_t from, std::uint32_t to) {
    const KindPlan& plan = plans_[Number(id)];
    std::copy_n(NumericRow(id, from), plan.numeric_width(), NumericRow(id, to));
    std::copy_n(CategoryRow(id, from), plan.category_width(), CategoryRow(id, to));
  }

  void WriteRelations(std::span<const NodeId> nodes, const graph::Neighbourhood& neighbourhood) {
    const std::vector<graph::NeighbourhoodEdge>& edges = neighbourhood.edges;
    std::vector<std::uint64_t> order(edges.size());  // RelationOrder above, position below
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const std::uint8_t hop = edges[i].parent == 0 ? 1 : 2;
      order[i] =
          std::uint64_t{RelationOrder(hop, edges[i].relation, graph::KindOf(nodes[edges[i].parent]),
                                      graph::KindOf(nodes[edges[i].child]))}
              << 32 |
          i;
    }
    std::sort(order.begin(), order.end());
    for (std::size_t begin = 0; begin < order.size();) {
      std::size_t end = begin + 1;
      while (end < order.size() && order[end] >> 32 == order[begin] >> 32) ++end;
      WriteRelation(nodes, edges, std::span(order).subspan(begin, end - begin));
      begin = end;
    }
  }

  // Edges come ordered by parent and rows ascend with positions, so the parents ascend.
  void WriteRelation(std::span<const NodeId> nodes,
                     const std::vector<graph::NeighbourhoodEdge>& edges,
                     std::span<const std::uint64_t> positions) {
    const graph::NeighbourhoodEdge& any = edges[positions.front() & 0xffff'ffffU];
    RelationRows& rows = out_.relations.emplace_back();
    rows.relation = any.relation;
    rows.parent_kind = graph::KindOf(nodes[any.parent]);
    rows.child_kind = graph::KindOf(nodes[any.child]);
    rows.hop = any.parent == 0 ? 1 : 2;
    rows.parents.reserve(positions.size());
    rows.children.reserve(positions.size());
    rows.weights.reserve(positions.size());
    for (const std::uint64_t position : positions) {
      const graph::NeighbourhoodEdge& edge = edges[position & 0xffff'ffffU];
      rows.parents.push_back(row_of_[edge.parent]);
      rows.children.push_back(row_of_[edge.child]);
      rows.weights.push_back(edge.weight);
    }
  }

  RowWriter rows_;
  std::span<const KindPlan, 10> plans_;
  PeerPool pool_;
  std::vector<std::uint32_t> row_of_;  // by position in the neighbourhood
  EncodedNeighbourhood out_;
};

}  // namespace

struct Encoder::Plan {
  std::array<KindPlan, 10> kinds;  // by NodeKind number; 0 stays empty
};

Encoder::Encoder(FeatureSchema schema, std::span<const graph::AttributeDefinition> attributes)
    : schema_(std::move(schema)) {
  auto plan = std::make_unique<Plan>();
  for (const KindFeatures& features : schema_.kinds()) {
    plan->kinds[static_cast<std::size_t>(features.kind)] = KindPlan(features, attributes);
  }
  plan_ = std::move(plan);
}

Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;

const FeatureSchema& Encoder::schema() const { return schema_; }

Result<EncodedNeighbourhood> Encoder::Encode(const graph::GraphView& view,
                                             const graph::Neighbourhood& neighbourhood,
                                             std::optional<graph::NodeId> own_loan) const {
  const NodeId sampled_around = neighbourhood.nodes.front();
  const std::array<NodeId, 2> hidden = {own_loan.value_or(sampled_around), sampled_around};
  const std::size_t distinct = hidden[0] == hidden[1] ? 1 : 2;
  Writer writer(view, plan_->kinds, schema_.prior_recovery_rate(),
                std::span(hidden).first(distinct));
  if (distinct == 1) return writer.Write(neighbourhood.nodes, neighbourhood);
  std::vector<NodeId> nodes = neighbourhood.nodes;
  nodes.front() = hidden[0];
  return writer.Write(nodes, neighbourhood);
}

// The pool asks for as many peers as Encode does, so that both cut the same lists alike.
Result<void> Encoder::EncodeNode(const graph::GraphView& view, graph::NodeId node, PeerPool& pool,
                                 NodeRow row) const {
  const std::array<NodeId, 1> nobody{};
  const RowWriter writer(view, plan_->kinds, schema_.prior_recovery_rate(), nobody);
  return writer.Write(node, pool, row.numeric, row.categories);
}

}  // namespace recoup::model
