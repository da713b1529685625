#include "server/engine/value_portfolio.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/features/in_blocks.h"
#include "model/features/portfolio_graph.h"
#include "model/runtime/layerwise_network.h"

namespace recoup::server {
namespace {

using graph::NodeId;
using graph::NodeKind;

// Loans valued between two deliveries; large enough to keep every worker busy.
constexpr std::size_t kChunk = 512;
// Loans that a worker values before it takes the next.
constexpr std::size_t kBlock = 8;

Error StoppedEarly() { return {ErrorCode::kCancelled, "stopped before every loan was valued"}; }

template <typename T>
auto At(const std::vector<T>& values, std::size_t position) {
  return values.begin() + static_cast<std::ptrdiff_t>(position);
}

// A loan that may be valued together with others.
struct OpenLoan {
  NodeId id;
  Money claim;
};

// Returns nothing for a loan that has to be valued alone: one that is resolved, and one of which
// ValueOneLoan will say what is wrong with it.
std::optional<OpenLoan> FindOpen(const graph::GraphView& view, const std::string& loan_id) {
  const Result<NodeId> id = view.Find({NodeKind::kLoan, loan_id});
  if (!id.has_value()) return std::nullopt;
  const Result<std::optional<graph::Outcome>> outcome = view.OutcomeOf(*id);
  if (!outcome.has_value() || outcome->has_value()) return std::nullopt;
  const Result<graph::NodeRecord> record = view.Node(*id);
  if (!record.has_value()) return std::nullopt;
  const Result<Money> claim = ClaimOf(*record);
  if (!claim.has_value()) return std::nullopt;
  return OpenLoan{*id, *claim};
}

// The loans of one portion that are valued together, and what the network made of them.
class Together {
 public:
  // Errors: kCancelled (stopped). A portion of too few loans, and one that the graph or the network
  // finds fault with, holds nobody, so that each loan gets its own answer.
  static Result<Together> Prepare(const ValuationContext& context,
                                  const model::PortfolioNetwork& network,
                                  std::span<const std::string> ids,
                                  const PortfolioOptions& options) {
    const model::Workers workers{options.threads, options.stop};
    Together together;
    if (!together.Find(*context.view, ids, workers).has_value()) return StoppedEarly();
    if (together.ids_.size() < options.fewest_together) return Together();
    const Result<void> done = together.Run(context, network, workers);
    if (done.has_value()) return together;
    if (workers.Stopped()) return StoppedEarly();
    return Together();
  }

  bool Holds(std::size_t loan) const { return loan < seeds_.size() && seeds_[loan] != kAlone; }

  // REQUIRES: Holds(loan).
  Result<LoanAnswer> Value(const ValuationContext& context, const std::string& loan_id,
                           std::size_t loan) const {
    const std::uint32_t seed = seeds_[loan];
    model::EncodedNeighbourhood own;
    CopyRow(seed, &own.Of(NodeKind::kLoan));
    if (context.peers != nullptr) {
      RECOUP_TRY(context.peers->Attach(*context.view, ids_[seed], &own));
    }
    RECOUP_ASSIGN(const model::RecoveryForecast of_network, states_->Forecast(seed, own.context));
    RECOUP_ASSIGN(const model::RecoveryForecast forecast,
                  context.predictor->Refine(own, of_network));
    RECOUP_ASSIGN(model::LoanValuation valuation,
                  model::ValueLoan(forecast, claims_[seed], context.terms));
    return LoanAnswer{loan_id, forecast, std::move(valuation), context.provenance};
  }

 private:
  static constexpr std::uint32_t kAlone = 0xffff'ffff;

  // A loan that is named twice is one seed.
  Result<void> Find(const graph::GraphView& view, std::span<const std::string> ids,
                    const model::Workers& workers) {
    std::vector<std::optional<OpenLoan>> open(ids.size());
    RECOUP_TRY(model::InBlocks(ids.size(), kChunk, workers, [&] {
      return [&](std::size_t begin, std::size_t end) -> Result<void> {
        for (std::size_t i = begin; i < end; ++i) open[i] = FindOpen(view, ids[i]);
        return {};
      };
    }));
    std::unordered_map<NodeId, std::uint32_t> seeds;
    seeds_.assign(ids.size(), kAlone);
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (!open[i]) continue;
      const auto [seed, is_new] =
          seeds.emplace(open[i]->id, static_cast<std::uint32_t>(ids_.size()));
      seeds_[i] = seed->second;
      if (!is_new) continue;
      ids_.push_back(open[i]->id);
      claims_.push_back(open[i]->claim);
    }
    return {};
  }

  // Of the graph only the loans' own rows are kept.
  Result<void> Run(const ValuationContext& context, const model::PortfolioNetwork& network,
                   const model::Workers& workers) {
    RECOUP_ASSIGN(
        model::PortfolioGraph graph,
        model::CollectPortfolio(*context.view, *context.encoder, context.sampling, ids_, workers));
    RECOUP_ASSIGN(states_, network.Run(graph, workers));
    const model::KindFeatures& features = context.encoder->schema().Of(NodeKind::kLoan);
    numeric_width_ = features.numeric_width();
    category_width_ = features.categories.size();
    const model::KindRows& rows = graph.Of(NodeKind::kLoan);
    numeric_.assign(rows.numeric.begin(), At(rows.numeric, ids_.size() * numeric_width_));
    categories_.assign(rows.categories.begin(), At(rows.categories, ids_.size() * category_width_));
    return {};
  }

  void CopyRow(std::uint32_t seed, model::KindRows* row) const {
    row->rows = 1;
    row->inner_rows = 1;
    row->numeric.assign(At(numeric_, seed * numeric_width_),
                        At(numeric_, (seed + std::size_t{1}) * numeric_width_));
    row->categories.assign(At(categories_, seed * category_width_),
                           At(categories_, (seed + std::size_t{1}) * category_width_));
  }

  std::vector<std::uint32_t> seeds_;  // by loan of the portion; kAlone: loan by loan
  std::vector<NodeId> ids_;           // by seed, and so are the rest
  std::vector<Money> claims_;
  std::size_t numeric_width_ = 0;
  std::size_t category_width_ = 0;
  std::vector<float> numeric_;
  std::vector<std::int32_t> categories_;
  std::unique_ptr<model::PortfolioStates> states_;
};

// Whatever goes wrong in company is asked again alone, so that it fails as it always does.
Result<LoanAnswer> ValueOne(const ValuationContext& context, const Together& together,
                            const std::string& loan_id, std::size_t loan) {
  if (together.Holds(loan)) {
    Result<LoanAnswer> answer = together.Value(context, loan_id, loan);
    if (answer.has_value()) return answer;
  }
  return ValueOneLoan(context, loan_id);
}

// A part of a portfolio.
struct Portion {
  std::span<const std::string> ids;
  const Together* together = nullptr;
  std::uint64_t total = 0;  // loans in the whole portfolio
};

Result<void> DeliverChunk(const ValuationContext& context, const Portion& portion,
                          std::size_t begin,
                          const std::function<Result<void>(const PortfolioItem&)>& visit,
                          const PortfolioOptions& options) {
  const std::size_t count = std::min(kChunk, portion.ids.size() - begin);
  std::vector<PortfolioItem> items(count, PortfolioItem{{}, StoppedEarly(), portion.total});
  const auto value = [&](std::size_t from, std::size_t to) -> Result<void> {
    for (std::size_t i = from; i < to; ++i) {
      items[i].loan_id = portion.ids[begin + i];
      items[i].answer = ValueOne(context, *portion.together, items[i].loan_id, begin + i);
    }
    return {};
  };
  const model::Workers workers{options.threads, options.stop};
  if (!model::InBlocks(count, kBlock, workers, [&] { return value; }).has_value()) {
    return StoppedEarly();  // nothing else makes it fail
  }
  for (const PortfolioItem& item : items) RECOUP_TRY(visit(item));
  return {};
}

}  // namespace

Result<void> ValuePortfolio(const ValuationContext& context, const model::ModelArtifact& artifact,
                            std::span<const std::string> loan_ids,
                            const std::function<Result<void>(const PortfolioItem&)>& visit,
                            const PortfolioOptions& options) {
  std::unique_ptr<model::PortfolioNetwork> network;
  if (loan_ids.size() >= options.fewest_together) {
    RECOUP_ASSIGN(network, model::MakePortfolioNetwork(artifact, context.predictor->backend()));
  }
  for (std::size_t begin = 0; begin < loan_ids.size(); begin += options.most_together) {
    const auto ids =
        loan_ids.subspan(begin, std::min(options.most_together, loan_ids.size() - begin));
    Together together;
    if (network != nullptr) {
      RECOUP_ASSIGN(together, Together::Prepare(context, *network, ids, options));
    }
    const Portion portion{ids, &together, loan_ids.size()};
    for (std::size_t at = 0; at < ids.size(); at += kChunk) {
      RECOUP_TRY(DeliverChunk(context, portion, at, visit, options));
    }
  }
  return {};
}

}  // namespace recoup::server
