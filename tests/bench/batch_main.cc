// Times how the open loans of a store are forecast by the network alone: loan by loan, by the local
// networks and by LibTorch on one thread, and layer by layer over all of them, on one thread and on
// two. Usage: batch STORE MODEL [DAY]
// Prints one JSON object a network; medians of interleaved runs. Rates: of the forward pass alone,
// and (`whole_`) with sampling and encoding. Then one for whole valuations as the engine makes
// them, with peers, ensemble and price, of portfolios of several sizes: seconds alone over seconds
// together; it fails if an answer differs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "graph/sampling/neighbourhood.h"
#include "graph/store/graph_store.h"
#include "model/artifact/model_artifact.h"
#include "model/features/encoder.h"
#include "model/features/portfolio_graph.h"
#include "model/predictor/network_plugin.h"
#include "model/runtime/ensemble_predictor.h"
#include "model/runtime/kernels/instruction_sets.h"
#include "model/runtime/layerwise_network.h"
#include "model/runtime/peer_book.h"
#include "model/runtime/portable_predictor.h"
#include "model/runtime/quantized_predictor.h"
#include "server/engine/value_portfolio.h"

namespace {

using namespace recoup;         // NOLINT(google-build-using-namespace): a program's root
using namespace recoup::model;  // NOLINT(google-build-using-namespace): a program's root
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 5;
// Loan by loan a part is enough, and LibTorch would take minutes.
constexpr std::size_t kAlone = 2000;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Everything that is forecast.
struct Portfolio {
  std::unique_ptr<graph::GraphStore> store;
  std::unique_ptr<const graph::GraphView> view;
  ModelArtifact artifact;
  std::optional<Encoder> encoder;
  std::vector<graph::NodeId> loans;
  std::vector<float> context;  // zeros: what they are costs nothing
};

Result<Portfolio> Open(const char* directory, const char* model, const char* day) {
  Portfolio portfolio;
  RECOUP_ASSIGN(const auto durable, graph::OpenRocksGraphStore(directory, {.must_exist = true}));
  RECOUP_ASSIGN(portfolio.store, graph::CopyToMemory(*durable));
  RECOUP_ASSIGN(const graph::StoreStatistics statistics, portfolio.store->Statistics());
  Date as_of = statistics.latest_known_at;
  if (day != nullptr) {
    RECOUP_ASSIGN(as_of, Date::Parse(day));
  }
  portfolio.view = portfolio.store->ViewAsOf(as_of);
  RECOUP_ASSIGN(portfolio.artifact, ReadArtifact(model));
  portfolio.encoder.emplace(portfolio.artifact.schema, portfolio.view->Attributes());
  RECOUP_ASSIGN(const std::vector<graph::NodeId> all,
                portfolio.view->Nodes(graph::NodeKind::kLoan));
  for (const graph::NodeId loan : all) {
    RECOUP_ASSIGN(const std::optional<graph::Outcome> outcome, portfolio.view->OutcomeOf(loan));
    if (!outcome) portfolio.loans.push_back(loan);
  }
  RECOUP_ASSIGN(const NetworkWidths widths, WidthsOf(portfolio.artifact.weights));
  portfolio.context.resize(static_cast<std::size_t>(widths.context));
  return portfolio;
}

Result<EncodedNeighbourhood> EncodeAlone(const Portfolio& portfolio, graph::NodeId loan) {
  RECOUP_ASSIGN(const graph::Neighbourhood around,
                graph::SampleNeighbourhood(*portfolio.view, loan, portfolio.artifact.sampling));
  RECOUP_ASSIGN(EncodedNeighbourhood encoded, portfolio.encoder->Encode(*portfolio.view, around));
  encoded.context = portfolio.context;
  return encoded;
}

// Seconds of one run over `loans`.
struct Times {
  std::vector<double> collect;  // or sample and encode
  std::vector<double> forward;

  double Collect() const { return Median(collect); }
  double Forward() const { return Median(forward); }
  double Whole() const { return Collect() + Forward(); }
};

Result<void> RunAlone(const Portfolio& portfolio, const Predictor& predictor,
                      std::span<const graph::NodeId> loans, Times* times) {
  double collect = 0.0;
  double forward = 0.0;
  for (const graph::NodeId loan : loans) {
    const Clock::time_point start = Clock::now();
    RECOUP_ASSIGN(const EncodedNeighbourhood encoded, EncodeAlone(portfolio, loan));
    collect += SecondsSince(start);
    const Clock::time_point encoded_at = Clock::now();
    RECOUP_TRY(predictor.Predict({&encoded, 1}));
    forward += SecondsSince(encoded_at);
  }
  times->collect.push_back(collect);
  times->forward.push_back(forward);
  return {};
}

// Returns how many distinct nodes there were.
Result<std::size_t> RunLayers(const Portfolio& portfolio, const PortfolioNetwork& network,
                              int threads, Times* times) {
  const Workers workers{.threads = threads};
  const Clock::time_point start = Clock::now();
  RECOUP_ASSIGN(const PortfolioGraph graph,
                CollectPortfolio(*portfolio.view, *portfolio.encoder, portfolio.artifact.sampling,
                                 portfolio.loans, workers));
  times->collect.push_back(SecondsSince(start));
  const Clock::time_point collected_at = Clock::now();
  RECOUP_ASSIGN(const auto states, network.Run(graph, workers));
  RECOUP_TRY(InBlocks(portfolio.loans.size(), 512, workers, [&] {
    return [&](std::size_t begin, std::size_t end) -> Result<void> {
      for (std::size_t i = begin; i < end; ++i) {
        RECOUP_TRY(states->Forecast(i, portfolio.context));
      }
      return {};
    };
  }));
  times->forward.push_back(SecondsSince(collected_at));
  std::size_t nodes = 0;
  for (const KindRows& rows : graph.kinds) nodes += rows.rows;
  return nodes;
}

struct Contender {
  std::string name;
  std::unique_ptr<Predictor> predictor;
  std::unique_ptr<PortfolioNetwork> network;  // null for LibTorch
  Times alone;
  Times one;
  Times two;
  std::size_t nodes = 0;
};

Result<std::vector<Contender>> Contenders(const ModelArtifact& artifact) {
  std::vector<Contender> contenders;
  const auto add = [&](std::unique_ptr<Predictor> predictor) -> Result<void> {
    Contender& contender = contenders.emplace_back();
    contender.name = predictor->backend();
    contender.predictor = std::move(predictor);
    RECOUP_ASSIGN(contender.network, MakePortfolioNetwork(artifact, contender.name));
    return {};
  };
  RECOUP_ASSIGN(auto fp32, MakePortablePredictor(artifact));
  RECOUP_TRY(add(std::move(fp32)));
  for (const int bits : {8, 4}) {
    auto made = MakeQuantizedPredictor(artifact, bits);
    if (made.has_value()) RECOUP_TRY(add(std::move(made).value()));
  }
  const auto plugin = LoadNetworkPlugin();
  if (plugin.has_value()) {
    RECOUP_ASSIGN(auto torch, (*plugin)->MakePredictor(artifact));
    RECOUP_TRY(add(std::move(torch)));
  }
  return contenders;
}

void Print(const Contender& contender, std::size_t loans, std::size_t alone) {
  const auto count = static_cast<double>(loans);
  const auto few = static_cast<double>(alone);
  std::printf(
      "{\"network\": \"%s\", \"loans\": %zu, \"alone_loans_per_second\": %.0f, "
      "\"alone_whole_loans_per_second\": %.0f",
      contender.name.c_str(), loans, few / contender.alone.Forward(),
      few / contender.alone.Whole());
  if (contender.network != nullptr) {
    std::printf(
        ", \"nodes\": %zu, \"nodes_per_second\": %.0f, \"loans_per_second\": %.0f, "
        "\"whole_loans_per_second\": %.0f, \"loans_per_second_2\": %.0f, "
        "\"whole_loans_per_second_2\": %.0f",
        contender.nodes, static_cast<double>(contender.nodes) / contender.one.Forward(),
        count / contender.one.Forward(), count / contender.one.Whole(),
        count / contender.two.Forward(), count / contender.two.Whole());
  }
  std::printf("}\n");
}

// Values the first `count` loans; returns the seconds.
Result<double> ValueSome(const server::ValuationContext& context, const ModelArtifact& artifact,
                         std::span<const std::string> ids, const server::PortfolioOptions& options,
                         std::vector<server::LoanAnswer>* answers) {
  answers->clear();
  const Clock::time_point start = Clock::now();
  RECOUP_TRY(server::ValuePortfolio(
      context, artifact, ids,
      [&](const server::PortfolioItem& item) -> Result<void> {
        if (item.answer.has_value()) answers->push_back(*item.answer);
        return {};
      },
      options));
  return SecondsSince(start);
}

Result<void> CompareEngine(const server::ValuationContext& context, const ModelArtifact& artifact,
                           std::span<const std::string> ids) {
  std::vector<server::LoanAnswer> alone_answers;
  std::vector<server::LoanAnswer> together_answers;
  std::vector<double> alone;
  std::vector<double> together;
  std::vector<double> two_threads;
  for (int round = 0; round < kRounds; ++round) {
    RECOUP_ASSIGN(
        const double first,
        ValueSome(context, artifact, ids,
                  {.fewest_together = std::numeric_limits<std::size_t>::max()}, &alone_answers));
    RECOUP_ASSIGN(const double second,
                  ValueSome(context, artifact, ids, {.fewest_together = 1}, &together_answers));
    const bool same = alone_answers == together_answers;
    RECOUP_ASSIGN(
        const double third,
        ValueSome(context, artifact, ids, {.threads = 2, .fewest_together = 1}, &together_answers));
    alone.push_back(first);
    together.push_back(second);
    two_threads.push_back(third);
    if (!same || alone_answers != together_answers) {
      return Error{ErrorCode::kInternal, "loans valued together have other answers than alone"};
    }
  }
  std::printf(
      ", \"%zu\": {\"loans_per_second\": %.0f, \"times_alone\": %.3f, \"times_1_thread\": %.3f}",
      ids.size(), static_cast<double>(ids.size()) / Median(together),
      Median(alone) / Median(together), Median(together) / Median(two_threads));
  return {};
}

Result<void> RunEngine(const Portfolio& portfolio, const Contender& contender, bool with_peers) {
  const ModelArtifact& artifact = portfolio.artifact;
  std::unique_ptr<Predictor> network;
  RECOUP_ASSIGN(network, contender.name == "local-int8" ? MakeQuantizedPredictor(artifact, 8)
                                                        : MakePortablePredictor(artifact));
  std::shared_ptr<const PeerBook> peers;
  if (with_peers) {
    RECOUP_ASSIGN(peers, PeerBook::Read(*portfolio.store, *artifact.ensemble, artifact.schema));
    RECOUP_ASSIGN(network, MakeEnsemblePredictor(artifact, std::move(network)));
  }
  const server::ValuationContext context{portfolio.view.get(),
                                         &*portfolio.encoder,
                                         network.get(),
                                         peers.get(),
                                         artifact.sampling,
                                         {},
                                         {}};
  std::vector<std::string> ids;
  for (const graph::NodeId loan : portfolio.loans) {
    RECOUP_ASSIGN(const graph::NodeRecord record, portfolio.view->Node(loan));
    ids.push_back(record.key.external_id);
  }
  std::printf("{\"engine\": \"%s\"", contender.name.c_str());
  for (const std::size_t count : {1, 2, 4, 8, 16, 64, 256, 1024, 8192}) {
    if (count > ids.size()) break;
    RECOUP_TRY(CompareEngine(context, artifact, std::span(ids).first(count)));
  }
  std::printf("}\n");
  return {};
}

Result<void> Run(const char* store, const char* model, const char* day) {
  RECOUP_ASSIGN(const Portfolio portfolio, Open(store, model, day));
  RECOUP_ASSIGN(std::vector<Contender> contenders, Contenders(portfolio.artifact));
  const auto few = std::span(portfolio.loans).first(std::min(kAlone, portfolio.loans.size()));
  std::cerr << portfolio.loans.size() << " open loans as of " << portfolio.view->as_of().ToString()
            << ", on " << InstructionSetInUse() << "\n";
  for (int round = 0; round < kRounds; ++round) {
    for (Contender& contender : contenders) {
      RECOUP_TRY(RunAlone(portfolio, *contender.predictor, few, &contender.alone));
      if (contender.network == nullptr) continue;
      RECOUP_ASSIGN(contender.nodes, RunLayers(portfolio, *contender.network, 1, &contender.one));
      RECOUP_TRY(RunLayers(portfolio, *contender.network, 2, &contender.two));
    }
  }
  for (const Contender& contender : contenders) {
    Print(contender, portfolio.loans.size(), few.size());
  }
  for (const Contender& contender : contenders) {
    if (contender.name != "local-fp32" && contender.name != "local-int8") continue;
    RECOUP_TRY(RunEngine(portfolio, contender, portfolio.artifact.ensemble.has_value()));
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::cerr << "usage: batch STORE MODEL [DAY]\n";
    return 2;
  }
  const Result<void> done = Run(argv[1], argv[2], argc == 4 ? argv[3] : nullptr);
  if (!done.has_value()) std::cerr << "batch: " << done.error().message << "\n";
  return done.has_value() ? 0 : 1;
}
