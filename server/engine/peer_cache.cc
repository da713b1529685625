#include "server/engine/peer_cache.h"

#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "graph/store/byte_codec.h"
#include "model/runtime/peer_snapshot.h"

namespace recoup::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNote = "peers";
constexpr std::size_t kSealBytes = 8;
// More than this is not worth writing: reading it would take as long as reading the facts.
constexpr std::uintmax_t kMaxSnapshotBytes = std::uintmax_t{1} << 30;

/// What the store's note says of the snapshot.
struct Voucher {
  std::uint64_t epoch = 0;
  std::string_view seal;
};

std::string WriteVoucher(const Voucher& voucher) {
  std::string text;
  graph::ByteWriter writer(&text);
  writer.Varint(voucher.epoch);
  writer.Raw(voucher.seal);
  return text;
}

std::optional<Voucher> ReadVoucher(std::string_view text) {
  graph::ByteReader reader(text);
  const Voucher voucher{reader.Varint(), reader.Raw(kSealBytes)};
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return voucher;
}

std::optional<std::string> ReadFile(const fs::path& path) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(path, failed);
  if (failed || size > kMaxSnapshotBytes) return std::nullopt;
  std::string bytes(size, '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in.read(bytes.data(), static_cast<std::streamsize>(size))) return std::nullopt;
  return bytes;
}

// Not made durable: after a crash the seal tells what is left of it.
bool WriteFile(const fs::path& path, const std::string& bytes) {
  const fs::path half = path.string() + ".tmp";
  std::error_code failed;
  {
    std::ofstream out(half, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) {
      fs::remove(half, failed);
      return false;
    }
  }
  fs::rename(half, path, failed);
  return !failed;
}

// A model on a store without its ledger answers, and worse than its card says. That some loans have
// no entry is usual: of the earliest nothing could be expected.
std::optional<std::string> Unheard(const ActiveModel& model, const model::PeerBook& peers) {
  const model::Ensemble& ensemble = *model.artifact.ensemble;
  const std::size_t learnt = peers.loans().KnownBefore(ensemble.labels_before);
  const bool hears_residuals = !ensemble.residual_ridge.weights().empty();
  if (!hears_residuals || learnt == 0 || peers.not_in_ledger() < learnt) return std::nullopt;
  return "the store's ledger has nothing of its " + std::to_string(learnt) +
         " loans resolved before " + ensemble.labels_before.ToString() + ", so model " +
         model.artifact.version + " hears no residuals of them; run recoup train on this store";
}

}  // namespace

PeerCache::PeerCache(graph::GraphStore& durable, Options options)
    : durable_(durable), options_(std::move(options)) {}

PeerCache::~PeerCache() {
  const std::lock_guard lock(mutex_);
  if (book_ == nullptr || !seal_) return;
  const auto statistics = durable_.Statistics();
  if (!statistics.has_value() || statistics->epoch == vouched_epoch_) return;
  // Whoever starts next reads the loans again if this fails.
  static_cast<void>(Vouch(statistics->epoch).has_value());
}

Result<std::shared_ptr<const model::PeerBook>> PeerCache::For(
    const std::shared_ptr<const ActiveModel>& model, const graph::GraphStore& store) const {
  if (!model->artifact.ensemble) return Book();
  const std::lock_guard lock(mutex_);
  if (book_ == nullptr || model_ != model) {
    RECOUP_ASSIGN(Book book, Read(*model, store));
    const std::optional<std::string> unheard = Unheard(*model, *book);
    if (unheard && options_.warn) options_.warn(*unheard);
    book_ = std::move(book);
    model_ = model;
  }
  return book_;
}

Result<PeerCache::Book> PeerCache::Read(const ActiveModel& model,
                                        const graph::GraphStore& store) const {
  RECOUP_ASSIGN(const graph::StoreStatistics statistics, durable_.Statistics());
  if (!options_.file.empty()) {
    if (Book book = ReadSnapshot(model, statistics.epoch)) return book;
  }
  RECOUP_ASSIGN(model::LoanBook loans, model::ReadLoanBook(store));
  std::vector<graph::AttributeDefinition> attributes = loans.attributes;
  const model::Ensemble& ensemble = *model.artifact.ensemble;
  model::PeerBookParts parts =
      model::MakePeerBookParts(std::move(loans), ensemble, model.artifact.schema);
  if (!options_.file.empty()) {
    const Result<void> written =
        WriteSnapshot(model::WritePeerSnapshot(parts, model.artifact.checksum), statistics.epoch);
    if (!written && options_.warn) {
      options_.warn("the next start will be slower: " + written.error().message);
    }
  }
  return std::make_shared<const model::PeerBook>(std::move(parts), std::move(attributes), ensemble,
                                                 model.artifact.schema);
}

PeerCache::Book PeerCache::ReadSnapshot(const ActiveModel& model, std::uint64_t epoch) const {
  const auto note = durable_.Note(kNote);
  if (!note.has_value() || !note->has_value()) return nullptr;
  const std::optional<Voucher> voucher = ReadVoucher(**note);
  if (!voucher || voucher->epoch != epoch) return nullptr;
  const std::optional<std::string> sealed = ReadFile(options_.file);
  if (!sealed || !sealed->starts_with(voucher->seal)) return nullptr;
  auto parts = model::ReadPeerSnapshot(*sealed, model.artifact.checksum, *model.artifact.ensemble,
                                       model.artifact.schema);
  if (!parts.has_value()) return nullptr;
  seal_ = std::string(voucher->seal);
  vouched_epoch_ = epoch;
  return std::make_shared<const model::PeerBook>(std::move(parts).value(),
                                                 durable_.ViewAsOf(Date::Max())->Attributes(),
                                                 *model.artifact.ensemble, model.artifact.schema);
}

// The file first: a note that vouches for an older file finds another seal in it.
Result<void> PeerCache::WriteSnapshot(const std::string& sealed, std::uint64_t epoch) const {
  seal_.reset();
  if (sealed.size() > kMaxSnapshotBytes) return {};
  if (!WriteFile(options_.file, sealed)) {
    return Error{ErrorCode::kUnavailable, "cannot write " + options_.file.string()};
  }
  seal_ = sealed.substr(0, kSealBytes);
  return Vouch(epoch);
}

Result<void> PeerCache::Vouch(std::uint64_t epoch) const {
  RECOUP_TRY(durable_.SetNote(kNote, WriteVoucher({epoch, *seal_})));
  vouched_epoch_ = epoch;
  return {};
}

bool PeerCache::MayBeTouchedBy(const graph::FactBatch& facts) const {
  const std::lock_guard lock(mutex_);
  return book_ == nullptr || book_->IsTouchedBy(facts);
}

void PeerCache::Forget() {
  const std::lock_guard lock(mutex_);
  book_.reset();
  model_.reset();
}

}  // namespace recoup::server
