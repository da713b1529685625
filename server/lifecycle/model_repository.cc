#include "server/lifecycle/model_repository.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "server/lifecycle/version_order.h"

namespace recoup::server {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  ModelEntry entry;
  fs::path path;
};

/// Returns the directories that should be models; `directory` itself if it is one.
Result<std::vector<fs::path>> FindModels(const fs::path& directory) {
  std::error_code failed;
  const fs::file_status status = fs::status(directory, failed);
  if (status.type() == fs::file_type::not_found) return std::vector<fs::path>{};
  if (!fs::is_directory(status)) {
    return Error{ErrorCode::kFailedPrecondition,
                 "the models directory is not a directory: " + directory.string()};
  }
  if (fs::exists(directory / "manifest.json", failed)) return std::vector<fs::path>{directory};
  std::vector<fs::path> found;
  fs::directory_iterator entries(directory, failed);
  for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
    const bool hidden = entries->path().filename().string().starts_with('.');
    std::error_code ignored;
    if (!hidden && entries->is_directory(ignored)) found.push_back(entries->path());
  }
  if (failed) {
    return Error{ErrorCode::kUnavailable, "cannot read the models directory: " +
                                              directory.string() + ": " + failed.message()};
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string DirectoryName(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.empty() ? path.parent_path().filename().string() : name;
}

Candidate Inspect(const fs::path& path, const ModelLoader& loader) {
  Candidate candidate;
  candidate.path = path;
  candidate.entry.version = DirectoryName(path);
  const auto artifact = loader.read(path);
  if (!artifact) {
    candidate.entry.fault = artifact.error().message;
    return candidate;
  }
  candidate.entry.version = artifact->version;
  candidate.entry.artifact_checksum = artifact->checksum;
  candidate.entry.feature_schema_hash = artifact->schema.Hash();
  candidate.entry.card_json = artifact->card_json;
  return candidate;
}

/// Leaves each version to the first directory that has it whole, and says so in the others.
void MarkDuplicates(std::vector<Candidate>& candidates) {
  const Candidate* first = nullptr;  // the last usable one
  for (Candidate& candidate : candidates) {
    ModelEntry& entry = candidate.entry;
    if (!entry.fault.empty()) continue;
    if (first != nullptr && entry.version == first->entry.version) {
      entry.fault = "another directory holds this version: " + first->path.string();
    } else {
      first = &candidate;
    }
  }
}

}  // namespace

Result<std::unique_ptr<ModelRepository>> ModelRepository::Open(
    const fs::path& directory, const ModelRepositoryOptions& options, const ModelLoader& loader) {
  std::unique_ptr<ModelRepository> repository(new ModelRepository(directory));
  RECOUP_TRY(repository->Read(options, loader));
  return repository;
}

Result<void> ModelRepository::Read(const ModelRepositoryOptions& options,
                                   const ModelLoader& loader) {
  RECOUP_ASSIGN(const std::vector<fs::path> found, FindModels(directory_));
  std::vector<Candidate> candidates;
  for (const fs::path& path : found) candidates.push_back(Inspect(path, loader));
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return VersionBefore(a.entry.version, b.entry.version);
  });
  MarkDuplicates(candidates);
  for (Candidate& candidate : candidates) {
    entries_.push_back(std::move(candidate.entry));
    paths_.push_back(std::move(candidate.path));
  }
  return Activate(options.active_version, options.backend, loader);
}

Result<void> ModelRepository::Activate(const std::string& version, const std::string& backend,
                                       const ModelLoader& loader) {
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const bool wanted =
        version.empty() ? entries_[i].fault.empty() : entries_[i].version == version;
    const bool better = !chosen || entries_[i].fault.empty();
    if (wanted && better) chosen = i;
  }
  if (!chosen) {
    if (version.empty()) return {};
    return Error{ErrorCode::kNotFound, "no such model in " + directory_.string() + ": " + version};
  }
  ModelEntry& entry = entries_[*chosen];
  auto artifact = loader.read(paths_[*chosen]);
  if (!artifact) return Annotate(artifact.error(), "model " + entry.version);
  auto predictor = loader.make_predictor(*artifact, backend);
  if (!predictor) return Annotate(predictor.error(), "model " + entry.version);
  std::string hash = artifact->schema.Hash();
  active_ = std::make_shared<const ActiveModel>(
      ActiveModel{std::move(artifact).value(), std::move(predictor).value(), std::move(hash)});
  entry.active = true;
  return {};
}

Result<std::shared_ptr<const ActiveModel>> ModelRepository::Active() const {
  if (active_) return active_;
  if (entries_.empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 "no model in " + directory_.string() + ": train one with recoup train"};
  }
  const ModelEntry& newest = entries_.back();
  return Error{ErrorCode::kFailedPrecondition, "no usable model in " + directory_.string() + ": " +
                                                   newest.version + ": " + newest.fault};
}

Result<ModelEntry> ModelRepository::Card(std::string_view version) const {
  if (version.empty()) RECOUP_TRY(Active());
  std::optional<ModelEntry> found;
  for (const ModelEntry& entry : entries_) {
    const bool wanted = version.empty() ? entry.active : entry.version == version;
    if (wanted && (!found || entry.fault.empty())) found = entry;
  }
  if (found) return *found;
  return Error{ErrorCode::kNotFound,
               "no such model in " + directory_.string() + ": " + std::string(version)};
}

}  // namespace recoup::server
