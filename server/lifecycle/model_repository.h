// The models that a server or a command can use: finds them, checks them, loads the active one.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph/types/result.h"
#include "model/artifact/model_artifact.h"
#include "model/predictor/predictor.h"
#include "server/lifecycle/model_loader.h"

namespace recoup::server {

struct ModelRepositoryOptions {
  /// Empty: the highest version that can be used.
  std::string active_version;
  /// One of kBackends.
  std::string backend = "auto";
};

/// The model that answers. Lifetime: whoever holds it may finish with it after a swap.
struct ActiveModel {
  model::ModelArtifact artifact;
  std::shared_ptr<const model::Predictor> predictor;
  std::string feature_schema_hash;
};

/// What is known of one model directory.
struct ModelEntry {
  std::string version;  // the directory's name if the model cannot be read
  std::string artifact_checksum;
  std::string feature_schema_hash;
  bool active = false;
  std::string fault;  // why it cannot be used; empty if it can
  std::string card_json;

  bool operator==(const ModelEntry&) const = default;
};

/// A directory whose sub-directories are models (model/artifact/model_artifact.h). Reads all of
/// them once, on opening; hidden directories and plain files are not models.
/// Threads: share freely; nothing changes after opening.
class ModelRepository {
 public:
  /// A missing or empty directory is a repository without models. A damaged model is listed with
  /// its fault and does not stop the others.
  /// Errors: kFailedPrecondition (not a directory; the backend is not installed), kNotFound (no
  /// such active version), what is wrong with the active version if it was named.
  static Result<std::unique_ptr<ModelRepository>> Open(
      const std::filesystem::path& directory, const ModelRepositoryOptions& options = {},
      const ModelLoader& loader = DefaultModelLoader());

  /// Errors: kFailedPrecondition (there is no model that can be used; says what to do).
  Result<std::shared_ptr<const ActiveModel>> Active() const;

  /// Returns every model, ascending by version, damaged ones with their fault.
  const std::vector<ModelEntry>& List() const { return entries_; }

  /// Returns the model of this version; empty: the active one.
  /// Errors: kNotFound, kFailedPrecondition (empty, and no model is active).
  Result<ModelEntry> Card(std::string_view version) const;

 private:
  explicit ModelRepository(std::filesystem::path directory) : directory_(std::move(directory)) {}

  Result<void> Read(const ModelRepositoryOptions& options, const ModelLoader& loader);
  Result<void> Activate(const std::string& version, const std::string& backend,
                        const ModelLoader& loader);

  std::filesystem::path directory_;
  std::vector<ModelEntry> entries_;
  std::vector<std::filesystem::path> paths_;  // of entries_
  std::shared_ptr<const ActiveModel> active_;
};

}  // namespace recoup::server
