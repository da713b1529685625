#include "model/artifact/model_artifact.h"

#include <span>
#include <system_error>
#include <utility>

#include "model/artifact/artifact_files.h"
#include "model/artifact/artifact_json.h"
#include "model/artifact/ensemble_file.h"
#include "model/artifact/manifest.h"
#include "model/artifact/network_layout.h"
#include "model/artifact/safetensors.h"
#include "model/artifact/sha256.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifestFile = "manifest.json";
constexpr const char* kWeightsFile = "weights.safetensors";
constexpr const char* kFeaturesFile = "features.json";
constexpr const char* kCalibrationFile = "calibration.json";
constexpr const char* kCardFile = "card.json";
constexpr const char* kEnsembleFile = "ensemble.bin";

constexpr std::uint64_t kMaxJsonBytes = 64ULL << 20U;
constexpr std::uint64_t kMaxWeightBytes = 1ULL << 30U;
constexpr std::uint64_t kMaxEnsembleBytes = 1ULL << 30U;

struct PartFile {
  const char* name;
  std::uint64_t max_bytes;
};
constexpr PartFile kPartFiles[] = {{kCalibrationFile, kMaxJsonBytes},
                                   {kCardFile, kMaxJsonBytes},
                                   {kFeaturesFile, kMaxJsonBytes},
                                   {kWeightsFile, kMaxWeightBytes},
                                   {kEnsembleFile, kMaxEnsembleBytes}};

// The ensemble comes last: only newer formats have it.
std::span<const PartFile> PartsOf(std::uint64_t format_version) {
  const std::span<const PartFile> parts = kPartFiles;
  return format_version < kEnsembleFormatVersion ? parts.first(parts.size() - 1) : parts;
}

// The caller made it, nothing is damaged: the same findings under another code.
Result<void> AsInvalidArgument(Result<void> result) {
  if (result) return {};
  return Error{ErrorCode::kInvalidArgument, result.error().message};
}

// Reading it back makes sure that nothing is written that a reader would refuse.
Result<std::string> EnsembleBytes(const Ensemble& ensemble, const FeatureSchema& schema) {
  std::string bytes = WriteEnsemble(ensemble);
  if (bytes.size() > kMaxEnsembleBytes) {
    return Error{ErrorCode::kInvalidArgument,
                 "ensemble is too large: " + std::to_string(bytes.size()) + " bytes"};
  }
  const auto read = ReadEnsemble(bytes, schema);
  if (!read) return Error{ErrorCode::kInvalidArgument, read.error().message};
  return bytes;
}

Result<void> CheckArtifact(const ModelArtifact& artifact) {
  RECOUP_TRY(CheckModelVersion(artifact.version));
  RECOUP_TRY(AsInvalidArgument(CheckCalibration(artifact.calibration)));
  RECOUP_TRY(AsInvalidArgument(CheckCard(artifact.card_json)));
  return AsInvalidArgument(CheckNetwork(artifact.weights, artifact.schema));
}

// A directory without a manifest is foreign, unless another of our files shows that one was lost.
Result<std::string> ReadManifestText(const fs::path& directory) {
  std::error_code code;
  if (!fs::is_directory(directory, code)) {
    return Error{ErrorCode::kNotFound, "no such model directory: " + directory.string()};
  }
  auto text = ReadWholeFile(directory / kManifestFile, kMaxJsonBytes);
  if (text || text.error().code != ErrorCode::kNotFound) return text;
  for (const PartFile& file : kPartFiles) {
    if (fs::exists(directory / file.name, code)) return text;
  }
  return Error{ErrorCode::kInvalidArgument,
               "not a Recoup model: no manifest.json in " + directory.string()};
}

// Returns the files that the manifest names, with their checksums verified.
Result<std::map<std::string, std::string>> ReadParts(const fs::path& directory,
                                                     const Manifest& manifest) {
  if (manifest.format_version < kEnsembleFormatVersion && manifest.sha256.contains(kEnsembleFile)) {
    return Error{ErrorCode::kDataLoss, std::string("manifest.json of this format must not name ") +
                                           kEnsembleFile + ": " +
                                           std::to_string(manifest.format_version)};
  }
  std::map<std::string, std::string> parts;
  for (const PartFile& file : PartsOf(manifest.format_version)) {
    const auto expected = manifest.sha256.find(file.name);
    if (expected == manifest.sha256.end()) {
      return Error{ErrorCode::kDataLoss, std::string("manifest.json does not name ") + file.name};
    }
    RECOUP_ASSIGN(std::string bytes, ReadWholeFile(directory / file.name, file.max_bytes));
    if (Sha256Hex(bytes) != expected->second) {
      return Error{ErrorCode::kDataLoss,
                   std::string("file is damaged, its SHA-256 differs from the manifest's: ") +
                       (directory / file.name).string()};
    }
    parts.emplace(file.name, std::move(bytes));
  }
  return parts;
}

Result<ModelArtifact> Assemble(std::map<std::string, std::string> parts) {
  ModelArtifact artifact;
  RECOUP_ASSIGN(ModelInputs inputs, ReadFeatures(parts[kFeaturesFile]));
  artifact.schema = std::move(inputs.schema);
  artifact.sampling = inputs.sampling;
  RECOUP_ASSIGN(artifact.calibration, ReadCalibration(parts[kCalibrationFile]));
  RECOUP_TRY(CheckCard(parts[kCardFile]));
  artifact.card_json = std::move(parts[kCardFile]);
  RECOUP_ASSIGN(artifact.weights, ReadSafetensors(parts[kWeightsFile]));
  RECOUP_TRY(CheckNetwork(artifact.weights, artifact.schema));
  if (const auto bytes = parts.find(kEnsembleFile); bytes != parts.end()) {
    RECOUP_ASSIGN(artifact.ensemble, ReadEnsemble(bytes->second, artifact.schema));
  }
  return artifact;
}

Result<ModelArtifact> ReadAll(const fs::path& directory) {
  RECOUP_ASSIGN(const std::string text, ReadManifestText(directory));
  RECOUP_ASSIGN(const Manifest manifest, ReadManifest(text));
  RECOUP_ASSIGN(auto parts, ReadParts(directory, manifest));
  RECOUP_ASSIGN(ModelArtifact artifact, Assemble(std::move(parts)));
  artifact.version = manifest.version;
  artifact.checksum = Sha256Hex(text);
  return artifact;
}

}  // namespace

Result<ModelArtifact> ReadArtifact(const fs::path& directory) {
  auto artifact = ReadAll(directory);
  if (!artifact) return Annotate(artifact.error(), "model " + directory.string());
  return artifact;
}

Result<std::string> WriteArtifact(const fs::path& directory, const ModelArtifact& artifact) {
  RECOUP_TRY(CheckArtifact(artifact));
  std::map<std::string, std::string> files;
  files[kWeightsFile] = WriteSafetensors(artifact.weights);
  files[kFeaturesFile] = WriteFeatures({artifact.schema, artifact.sampling});
  files[kCalibrationFile] = WriteCalibration(artifact.calibration);
  files[kCardFile] = artifact.card_json;
  Manifest manifest{artifact.version, {}};
  if (artifact.ensemble) {
    manifest.format_version = kEnsembleFormatVersion;
    RECOUP_ASSIGN(files[kEnsembleFile], EnsembleBytes(*artifact.ensemble, artifact.schema));
  }
  for (const auto& [name, bytes] : files) manifest.sha256.emplace(name, Sha256Hex(bytes));
  files[kManifestFile] = WriteManifest(manifest);
  const std::string checksum = Sha256Hex(files[kManifestFile]);
  RECOUP_TRY(WriteNewDirectory(directory, files));
  return checksum;
}

}  // namespace recoup::model
