#include "model/artifact/model_artifact.h"

#include <span>
#include <system_error>
#include <utility>

#include "model/artifact/artifact_files.h"
#include "model/artifact/artifact_json.h"
#include "model/artifact/ensemble_file.h"
#include "model/artifact/manifest.h"
#include "model/artifact/network_layout.h"
#include "model/artifact/quantized_file.h"
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
constexpr const char* kInt8File = "network.int8.bin";
constexpr const char* kInt4File = "network.int4.bin";

constexpr std::uint64_t kMaxJsonBytes = 64ULL << 20U;
constexpr std::uint64_t kMaxWeightBytes = 1ULL << 30U;
constexpr std::uint64_t kMaxEnsembleBytes = 1ULL << 30U;

constexpr std::uint64_t kMaxQuantizedBytes = 1ULL << 29U;

// A file of the model, and the formats that must and may name it.
struct PartFile {
  const char* name;
  std::uint64_t max_bytes;
  std::uint64_t required_from = kNetworkFormatVersion;
  std::uint64_t required_to = kModelFormatVersion;
  std::uint64_t allowed_from = kNetworkFormatVersion;
};
constexpr std::uint64_t kNever = UINT64_MAX;
constexpr PartFile kPartFiles[] = {
    {kCalibrationFile, kMaxJsonBytes},
    {kCardFile, kMaxJsonBytes},
    {kFeaturesFile, kMaxJsonBytes},
    {kWeightsFile, kMaxWeightBytes},
    {kEnsembleFile, kMaxEnsembleBytes, kEnsembleFormatVersion, kEnsembleFormatVersion,
     kEnsembleFormatVersion},
    {kInt8File, kMaxQuantizedBytes, kNever, kNever, kQuantizedFormatVersion},
    {kInt4File, kMaxQuantizedBytes, kNever, kNever, kQuantizedFormatVersion}};

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

// A quantized form must be of this network: of its widths at least.
Result<void> CheckQuantizedAlike(const ModelArtifact& artifact) {
  RECOUP_ASSIGN(const NetworkWidths widths, WidthsOf(artifact.weights));
  const auto differs = [&](const std::optional<QuantizedNetwork>& network) {
    return network && (network->hidden != widths.hidden || network->head != widths.head ||
                       network->context != widths.context);
  };
  if (!differs(artifact.int8) && !differs(artifact.int4)) return {};
  return Error{ErrorCode::kDataLoss, "the quantized network has other widths than its original"};
}

Result<void> CheckForm(const std::optional<QuantizedNetwork>& network, int bits,
                       const FeatureSchema& schema) {
  if (!network) return {};
  if (network->bits != bits) {
    return Error{ErrorCode::kDataLoss,
                 "the network in " + std::to_string(bits) +
                     " bits has another number of them: " + std::to_string(network->bits)};
  }
  return CheckQuantizedNetwork(*network, schema);
}

Result<void> CheckArtifact(const ModelArtifact& artifact) {
  RECOUP_TRY(CheckModelVersion(artifact.version));
  RECOUP_TRY(AsInvalidArgument(CheckCalibration(artifact.calibration)));
  RECOUP_TRY(AsInvalidArgument(CheckCard(artifact.card_json)));
  RECOUP_TRY(AsInvalidArgument(CheckNetwork(artifact.weights, artifact.schema)));
  RECOUP_TRY(AsInvalidArgument(CheckForm(artifact.int8, 8, artifact.schema)));
  RECOUP_TRY(AsInvalidArgument(CheckForm(artifact.int4, 4, artifact.schema)));
  return AsInvalidArgument(CheckQuantizedAlike(artifact));
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

// Whether the manifest's format lets it name the file, or leave it out, as it does.
Result<void> CheckNamed(const Manifest& manifest, const PartFile& file) {
  const std::uint64_t format = manifest.format_version;
  const bool named = manifest.sha256.contains(file.name);
  if (named && format < file.allowed_from) {
    return Error{ErrorCode::kDataLoss, std::string("manifest.json of this format must not name ") +
                                           file.name + ": " + std::to_string(format)};
  }
  if (!named && format >= file.required_from && format <= file.required_to) {
    return Error{ErrorCode::kDataLoss, std::string("manifest.json does not name ") + file.name};
  }
  return {};
}

// Returns the files that the manifest names, with their checksums verified.
Result<std::map<std::string, std::string>> ReadParts(const fs::path& directory,
                                                     const Manifest& manifest) {
  std::map<std::string, std::string> parts;
  for (const PartFile& file : kPartFiles) {
    RECOUP_TRY(CheckNamed(manifest, file));
    const auto expected = manifest.sha256.find(file.name);
    if (expected == manifest.sha256.end()) continue;
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

// Reads the network in `bits` if there is one.
Result<void> ReadQuantized(const std::map<std::string, std::string>& parts, const char* name,
                           int bits, const FeatureSchema& schema,
                           std::optional<QuantizedNetwork>* network) {
  const auto bytes = parts.find(name);
  if (bytes == parts.end()) return {};
  auto read = ReadQuantizedNetwork(bytes->second, schema);
  if (!read) return Annotate(read.error(), name);
  if (read->bits != bits) {
    return Error{ErrorCode::kDataLoss, std::string(name) + " holds another number of bits: " +
                                           std::to_string(read->bits)};
  }
  *network = std::move(read).value();
  return {};
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
  RECOUP_TRY(ReadQuantized(parts, kInt8File, 8, artifact.schema, &artifact.int8));
  RECOUP_TRY(ReadQuantized(parts, kInt4File, 4, artifact.schema, &artifact.int4));
  RECOUP_TRY(CheckQuantizedAlike(artifact));
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

namespace {

// The oldest format that holds the model.
std::uint64_t FormatOf(const ModelArtifact& artifact) {
  if (artifact.int8 || artifact.int4) return kQuantizedFormatVersion;
  return artifact.ensemble ? kEnsembleFormatVersion : kNetworkFormatVersion;
}

// All files by name, the manifest included.
Result<std::map<std::string, std::string>> FilesOf(const ModelArtifact& artifact) {
  RECOUP_TRY(CheckArtifact(artifact));
  std::map<std::string, std::string> files;
  files[kWeightsFile] = WriteSafetensors(artifact.weights);
  files[kFeaturesFile] = WriteFeatures({artifact.schema, artifact.sampling});
  files[kCalibrationFile] = WriteCalibration(artifact.calibration);
  files[kCardFile] = artifact.card_json;
  if (artifact.ensemble) {
    RECOUP_ASSIGN(files[kEnsembleFile], EnsembleBytes(*artifact.ensemble, artifact.schema));
  }
  if (artifact.int8) files[kInt8File] = WriteQuantizedNetwork(*artifact.int8);
  if (artifact.int4) files[kInt4File] = WriteQuantizedNetwork(*artifact.int4);
  Manifest manifest{artifact.version, {}, FormatOf(artifact)};
  for (const auto& [name, bytes] : files) manifest.sha256.emplace(name, Sha256Hex(bytes));
  files[kManifestFile] = WriteManifest(manifest);
  return files;
}

}  // namespace

Result<std::string> WriteArtifact(const fs::path& directory, const ModelArtifact& artifact) {
  RECOUP_ASSIGN(const auto files, FilesOf(artifact));
  RECOUP_TRY(WriteNewDirectory(directory, files));
  return Sha256Hex(files.at(kManifestFile));
}

Result<std::string> ReplaceArtifact(const fs::path& directory, const ModelArtifact& artifact) {
  RECOUP_ASSIGN(const auto files, FilesOf(artifact));
  RECOUP_TRY(ReplaceDirectory(directory, files));
  return Sha256Hex(files.at(kManifestFile));
}

}  // namespace recoup::model
