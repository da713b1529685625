#include "server/engine/engine.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "graph/sampling/neighbourhood.h"
#include "model/features/encoder.h"
#include "server/engine/ledger_writer.h"
#include "server/engine/named_node.h"
#include "server/engine/value_loan.h"
#include "server/engine/value_portfolio.h"

namespace recoup::server {
namespace {

// In the store's directory, where RocksDB leaves files of other names alone.
constexpr const char* kPeerSnapshot = "peers.cache";

// Whoever serves writes little; imports open the store by themselves.
constexpr std::uint64_t kWriteBufferBytes = std::uint64_t{4} << 20;

// What one GetNeighbourhood may answer, so that no call can fill the memory.
constexpr std::size_t kMaxAnswerNodes = 20'000;

ModelSummary Summarise(const ModelEntry& entry) {
  return {entry.version, entry.artifact_checksum, entry.feature_schema_hash, entry.active,
          entry.fault};
}

}  // namespace

// The view and the model of one request, pinned, and the context that points at them.
struct Engine::Serving {
  std::unique_ptr<const graph::GraphView> view;
  std::shared_ptr<const ActiveModel> model;
  std::shared_ptr<const model::Encoder> encoder;
  std::shared_ptr<const model::PeerBook> peers;
  ValuationContext context;
};

Engine::Engine(std::unique_ptr<graph::GraphStore> durable, std::unique_ptr<ModelRepository> models,
               const EngineOptions& options)
    : durable_(std::move(durable)),
      models_(std::move(models)),
      threads_(options.threads > 0
                   ? options.threads
                   : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
      warn_(options.warn),
      peers_(*durable_, {options.store / kPeerSnapshot, options.warn}) {
  if (options.serve_from_memory) {
    twin_ = std::make_unique<MemoryTwin>(*durable_, apply_mutex_, options.warn);
    if (!options.answer_while_copying) twin_->Wait();
  }
}

Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::Open(const EngineOptions& options) {
  RECOUP_ASSIGN(std::unique_ptr<graph::GraphStore> durable,
                graph::OpenRocksGraphStore(
                    options.store, {.must_exist = true, .write_buffer_bytes = kWriteBufferBytes}));
  RECOUP_ASSIGN(std::unique_ptr<ModelRepository> models,
                ModelRepository::Open(options.models, {.active_version = options.active_version,
                                                       .backend = options.backend}));
  return std::unique_ptr<Engine>(new Engine(std::move(durable), std::move(models), options));
}

Result<std::unique_ptr<const graph::GraphView>> Engine::ViewAsOf(std::optional<Date> as_of) const {
  const graph::GraphStore& reading = store();
  if (as_of.has_value()) return reading.ViewAsOf(*as_of);
  RECOUP_ASSIGN(const graph::StoreStatistics statistics, reading.Statistics());
  return reading.ViewAsOf(statistics.latest_known_at);
}

std::shared_ptr<const model::Encoder> Engine::EncoderFor(
    const std::shared_ptr<const ActiveModel>& model, const graph::GraphView& view) const {
  const std::lock_guard lock(encoder_mutex_);
  if (cached_encoder_.encoder == nullptr || cached_encoder_.model != model ||
      cached_encoder_.epoch != view.epoch()) {
    cached_encoder_ = {
        view.epoch(), model,
        std::make_shared<const model::Encoder>(model->artifact.schema, view.Attributes())};
  }
  return cached_encoder_.encoder;
}

Result<Engine::Serving> Engine::Prepare(const ValueRequest& request) const {
  RECOUP_TRY(model::CheckTerms(request.terms));
  Serving serving;
  RECOUP_ASSIGN(serving.model, models_->Active());
  {
    const std::shared_lock pinning(pin_mutex_);
    RECOUP_ASSIGN(serving.view, ViewAsOf(request.as_of));
    RECOUP_ASSIGN(serving.peers, peers_.For(serving.model, store()));
  }
  const model::ModelArtifact& artifact = serving.model->artifact;
  serving.encoder = EncoderFor(serving.model, *serving.view);
  serving.context = {
      .view = serving.view.get(),
      .encoder = serving.encoder.get(),
      .predictor = serving.model->predictor.get(),
      .peers = serving.peers.get(),
      .sampling = artifact.sampling,
      .terms = request.terms,
      .provenance = {artifact.version, artifact.checksum, serving.model->feature_schema_hash,
                     serving.view->epoch(), serving.view->as_of(),
                     std::string(serving.model->predictor->backend())},
  };
  return serving;
}

Result<void> Engine::MakeReady() const {
  RECOUP_TRY(Prepare({}));
  return {};
}

Result<LoanAnswer> Engine::ValueLoan(std::string_view loan_id, const ValueRequest& request) const {
  RECOUP_ASSIGN(const Serving serving, Prepare(request));
  return ValueOneLoan(serving.context, std::string(loan_id));
}

Result<void> Engine::ValueLoans(std::span<const std::string> loan_ids, const ValueRequest& request,
                                const std::function<Result<void>(const PortfolioItem&)>& visit,
                                const std::atomic<bool>* stop) const {
  RECOUP_ASSIGN(const Serving serving, Prepare(request));
  std::vector<std::string> all;
  if (loan_ids.empty()) {
    RECOUP_ASSIGN(all, NonPerformingLoans(*serving.view));
    loan_ids = all;
  }
  return ValuePortfolio(serving.context, serving.model->artifact, loan_ids, visit,
                        {.threads = threads_, .stop = stop});
}

bool Engine::MayTouchPeers(const graph::FactBatch& batch) const {
  const auto model = models_->Active();
  if (!model.has_value() || !(*model)->artifact.ensemble) return false;  // nobody asks them
  return peers_.MayBeTouchedBy(batch);
}

Result<graph::ApplyReceipt> Engine::Write(const graph::FactBatch& batch) {
  std::unique_lock exclusively(pin_mutex_, std::defer_lock);
  const bool touches = MayTouchPeers(batch);
  if (touches) exclusively.lock();
  RECOUP_ASSIGN(const graph::ApplyReceipt receipt, durable_->Apply(batch));
  if (twin_ != nullptr) RECOUP_TRY(twin_->Follow(batch, receipt));
  if (touches) peers_.Forget();
  return receipt;
}

Result<std::optional<graph::ApplyReceipt>> Engine::GoOnWithLedger(const graph::FactBatch& batch) {
  const auto model = models_->Active();
  if (!ResolvesLoans(batch) || !model.has_value() || !(*model)->artifact.ensemble) {
    return {std::nullopt};
  }
  RECOUP_ASSIGN(const auto peers, peers_.For(*model, store()));
  RECOUP_ASSIGN(const auto view, ViewAsOf(std::nullopt));
  RECOUP_ASSIGN(const graph::FactBatch entries,
                LedgerFor(batch, store(), **model, *EncoderFor(*model, *view), *peers));
  if (entries.facts.empty()) return {std::nullopt};
  RECOUP_ASSIGN(const graph::ApplyReceipt receipt, Write(entries));
  return std::optional(receipt);
}

Result<graph::ApplyReceipt> Engine::ApplyFacts(const graph::FactBatch& batch) {
  const std::lock_guard lock(apply_mutex_);
  RECOUP_ASSIGN(graph::ApplyReceipt receipt, Write(batch));
  // The caller's facts are safe even if this fails.
  const auto ledger = GoOnWithLedger(batch);
  if (!ledger.has_value()) {
    if (warn_) {
      warn_("the residual ledger did not go on with this batch; recoup train makes up for it: " +
            ledger.error().message);
    }
  } else if (ledger->has_value()) {
    receipt.epoch = (*ledger)->epoch;
  }
  return receipt;
}

Result<NamedNode> Engine::GetNode(const graph::NodeKey& key, std::optional<Date> as_of) const {
  RECOUP_ASSIGN(const auto view, ViewAsOf(as_of));
  RECOUP_ASSIGN(const graph::NodeId id, view->Find(key));
  RECOUP_ASSIGN(const graph::NodeRecord record, view->Node(id));
  return ToNamedNode(record, view->Attributes());
}

Result<NeighbourhoodAnswer> Engine::GetNeighbourhood(
    std::string_view loan_id, std::optional<Date> as_of,
    std::optional<graph::SamplingOptions> options) const {
  RECOUP_ASSIGN(const auto view, ViewAsOf(as_of));
  RECOUP_ASSIGN(const graph::NodeId loan,
                view->Find({graph::NodeKind::kLoan, std::string(loan_id)}));
  if (!options.has_value()) {
    const auto model = models_->Active();
    options = model.has_value() ? (*model)->artifact.sampling : graph::SamplingOptions{};
  }
  RECOUP_ASSIGN(graph::Neighbourhood neighbourhood,
                graph::SampleNeighbourhood(*view, loan, *options, kMaxAnswerNodes));
  NeighbourhoodAnswer answer;
  const std::vector<graph::AttributeDefinition> attributes = view->Attributes();
  for (const graph::NodeId id : neighbourhood.nodes) {
    RECOUP_ASSIGN(const graph::NodeRecord record, view->Node(id));
    answer.nodes.push_back(ToNamedNode(record, attributes));
  }
  answer.edges = std::move(neighbourhood.edges);
  answer.epoch = view->epoch();
  return answer;
}

Result<graph::StoreStatistics> Engine::Statistics() const { return store().Statistics(); }

Result<std::vector<ModelSummary>> Engine::ListModels() const {
  std::vector<ModelSummary> summaries;
  for (const ModelEntry& entry : models_->List()) summaries.push_back(Summarise(entry));
  return summaries;
}

Result<ModelCardAnswer> Engine::GetModelCard(std::string_view version) const {
  RECOUP_ASSIGN(ModelEntry entry, models_->Card(version));
  return ModelCardAnswer{Summarise(entry), std::move(entry.card_json)};
}

}  // namespace recoup::server
