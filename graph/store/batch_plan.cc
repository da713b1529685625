#include "graph/store/batch_plan.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

namespace recoup::graph {
namespace {

struct KeyView {
  NodeKind kind;
  std::string_view external_id;
  bool operator==(const KeyView&) const = default;
};

struct KeyHash {
  std::size_t operator()(const KeyView& key) const {
    return std::hash<std::string_view>()(key.external_id) * 31 + static_cast<std::size_t>(key.kind);
  }
};

struct PlannedNode {
  DirectoryEntry entry;
  bool created = false;
  bool changed = false;
};

class Planner {
 public:
  Planner(const NodeDirectory& directory, AttributeCatalog* catalog, const PlanBase& base)
      : directory_(directory), catalog_(catalog) {
    plan_.epoch = base.epoch + 1;
    plan_.first_sequence = base.sequence + 1;
    plan_.last_sequence = base.sequence;
    for (const NodeKind kind : kAllNodeKinds) {
      counts_[static_cast<std::size_t>(kind)] = directory.Count(kind);
    }
  }

  Result<void> Declare(const FactBatch& batch) {
    for (const AttributeDefinition& declared : batch.declarations) {
      RECOUP_TRY(catalog_->Declare(declared, plan_.epoch));
    }
    return {};
  }

  Result<void> operator()(const NodeFact& fact) {
    RECOUP_ASSIGN(PlannedNode* const node, Named(fact.node));
    NodeEntry entry;
    entry.node = node->entry.id;
    entry.operation = OperationOf(fact.operation);
    entry.order = Order(fact.dates);
    entry.effective_at = fact.dates.effective_at;
    RECOUP_TRY(Resolve(fact.node.kind, fact.attributes, &entry.attributes));
    plan_.nodes.push_back(std::move(entry));
    Lower(node, fact.dates.known_at);
    return {};
  }

  Result<void> operator()(const EdgeFact& fact) {
    EdgeEntry entry;
    entry.kind = fact.kind;
    RECOUP_ASSIGN(entry.from, Mentioned(fact.from, fact.dates));
    RECOUP_ASSIGN(entry.to, Mentioned(fact.to, fact.dates));
    entry.operation = OperationOf(fact.operation);
    entry.order = Order(fact.dates);
    entry.effective_at = fact.dates.effective_at;
    RECOUP_TRY(Resolve(fact.kind, fact.attributes, &entry.attributes));
    plan_.edges.push_back(std::move(entry));
    return {};
  }

  Result<void> operator()(const OutcomeFact& fact) {
    OutcomeEntry entry;
    RECOUP_ASSIGN(entry.loan, Mentioned(fact.loan, fact.dates));
    entry.order = Order(fact.dates);
    entry.effective_at = fact.dates.effective_at;
    entry.recovery_rate = fact.recovery_rate;
    entry.valuation_date = fact.valuation_date;
    plan_.outcomes.push_back(entry);
    return {};
  }

  void BeginFact() { ++plan_.last_sequence; }

  BatchPlan Finish() && {
    for (const auto& [key, node] : named_) {
      if (!node.changed) continue;
      plan_.directory.push_back(
          {NodeKey{key.kind, std::string(key.external_id)}, node.entry, node.created});
    }
    std::sort(
        plan_.directory.begin(), plan_.directory.end(),
        [](const DirectoryChange& a, const DirectoryChange& b) { return a.entry.id < b.entry.id; });
    return std::move(plan_);
  }

 private:
  static EntryOperation OperationOf(FactOperation operation) {
    return operation == FactOperation::kRemove ? EntryOperation::kRemove : EntryOperation::kUpsert;
  }

  EntryOrder Order(const FactDates& dates) {
    plan_.latest_known_at = std::max(plan_.latest_known_at, dates.known_at);
    return {dates.known_at, plan_.last_sequence};
  }

  Result<PlannedNode*> Named(const NodeKey& key) {
    const KeyView view{key.kind, key.external_id};
    const auto found = named_.find(view);
    if (found != named_.end()) return &found->second;
    RECOUP_ASSIGN(const std::optional<DirectoryEntry> known, directory_.Lookup(key));
    PlannedNode node;
    if (known.has_value()) {
      node.entry = *known;
    } else {
      node.created = true;
      node.entry.id = NodeId(static_cast<std::uint8_t>(key.kind),
                             counts_[static_cast<std::size_t>(key.kind)]++);
      node.entry.first_known_at = Date::Max();
    }
    return &named_.emplace(view, node).first->second;
  }

  static bool Lower(PlannedNode* node, Date known_at) {
    if (known_at >= node->entry.first_known_at) return false;
    node->entry.first_known_at = known_at;
    node->changed = true;
    return true;
  }

  // A mention is stored only where it lowers first_known_at: the others would tell nothing.
  Result<NodeId> Mentioned(const NodeKey& key, const FactDates& dates) {
    RECOUP_ASSIGN(PlannedNode* const node, Named(key));
    if (Lower(node, dates.known_at)) {
      NodeEntry mention;
      mention.node = node->entry.id;
      mention.operation = EntryOperation::kMention;
      mention.order = Order(dates);
      mention.effective_at = dates.effective_at;
      plan_.nodes.push_back(std::move(mention));
    }
    return node->entry.id;
  }

  Result<void> Resolve(const AttributeOwner& owner, const std::vector<NamedAttribute>& named,
                       std::vector<StoredAttribute>* stored) {
    stored->reserve(named.size());
    for (const NamedAttribute& attribute : named) {
      RECOUP_ASSIGN(const AttributeId id,
                    catalog_->Resolve(owner, attribute.name, TypeOf(attribute.value), plan_.epoch));
      stored->push_back({id, attribute.value});
    }
    std::sort(stored->begin(), stored->end(),
              [](const StoredAttribute& a, const StoredAttribute& b) { return a.id < b.id; });
    return {};
  }

  const NodeDirectory& directory_;
  AttributeCatalog* const catalog_;
  BatchPlan plan_;
  std::array<std::uint64_t, 16> counts_{};
  std::unordered_map<KeyView, PlannedNode, KeyHash> named_;
};

}  // namespace

Result<BatchPlan> PlanBatch(const FactBatch& batch, const PlanBase& base,
                            const NodeDirectory& directory, AttributeCatalog* catalog) {
  Planner planner(directory, catalog, base);
  RECOUP_TRY(planner.Declare(batch));
  for (std::size_t i = 0; i < batch.facts.size(); ++i) {
    planner.BeginFact();
    const Result<void> planned = std::visit(planner, batch.facts[i]);
    if (!planned) return Annotate(planned.error(), "fact " + std::to_string(i));
  }
  return std::move(planner).Finish();
}

}  // namespace recoup::graph
