#include "model/artifact/ensemble_file.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "model/artifact/ensemble_check.h"
#include "model/artifact/safetensors.h"
#include "model/artifact/section_bytes.h"

namespace recoup::model {
namespace {

constexpr std::string_view kMagic = "RCPENSM1";
constexpr std::size_t kScoreBytes = 4 + 4 + 4;

Error Damaged(const std::string& what) {
  return {ErrorCode::kDataLoss, "ensemble.bin is damaged: " + what};
}

void Write(const std::vector<std::string>& texts, std::string* bytes) {
  AppendNumber(bytes, static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) {
    AppendNumber(bytes, static_cast<std::uint32_t>(text.size()));
    *bytes += text;
  }
}

std::vector<std::string> ReadTexts(SectionReader& reader) {
  std::vector<std::string> texts(reader.TakeCount(sizeof(std::uint32_t)));
  for (std::string& text : texts) text = reader.TakeBytes(reader.Take<std::uint32_t>());
  return texts;
}

void WriteRelations(const Ensemble& ensemble, std::string* bytes) {
  Write(ensemble.relations, bytes);
  Write(ensemble.history_relations, bytes);
  Write(ensemble.message_relations, bytes);
}

Result<void> ReadRelations(SectionReader& reader, Ensemble* ensemble) {
  ensemble->relations = ReadTexts(reader);
  ensemble->history_relations = ReadTexts(reader);
  ensemble->message_relations = ReadTexts(reader);
  return {};
}

template <std::vector<FlatTrees> Ensemble::*kGroup>
void WriteGroup(const Ensemble& ensemble, std::string* bytes) {
  AppendNumber(bytes, static_cast<std::uint32_t>((ensemble.*kGroup).size()));
  for (const FlatTrees& trees : ensemble.*kGroup) AppendBlob(bytes, WriteTrees(trees));
}

template <std::vector<FlatTrees> Ensemble::*kGroup>
Result<void> ReadGroup(SectionReader& reader, Ensemble* ensemble) {
  const std::size_t count = reader.TakeCount(sizeof(std::uint64_t));
  for (std::size_t seed = 0; seed < count && !reader.failed(); ++seed) {
    RECOUP_ASSIGN(FlatTrees trees, ReadTrees(reader.TakeBlob()));
    (ensemble->*kGroup).push_back(std::move(trees));
  }
  return {};
}

template <RidgeRegression Ensemble::*kRidge>
void WriteRidge(const Ensemble& ensemble, std::string* bytes) {
  const RidgeParts parts = (ensemble.*kRidge).parts();
  AppendNumber(bytes, static_cast<std::uint32_t>(parts.weights.size()));
  AppendNumber(bytes, parts.intercept);
  AppendNumbers(bytes, parts.means);
  AppendNumbers(bytes, parts.scales);
  AppendNumbers(bytes, parts.weights);
}

template <RidgeRegression Ensemble::*kRidge>
Result<void> ReadRidge(SectionReader& reader, Ensemble* ensemble) {
  const std::size_t columns = reader.TakeCount(3 * sizeof(double));
  RidgeParts parts;
  parts.intercept = reader.Take<double>();
  parts.means = reader.TakeNumbers<double>(columns);
  parts.scales = reader.TakeNumbers<double>(columns);
  parts.weights = reader.TakeNumbers<double>(columns);
  if (reader.failed()) return {};
  RECOUP_ASSIGN(ensemble->*kRidge, RidgeRegression::FromParts(std::move(parts)));
  return {};
}

void WriteMetric(const Ensemble& ensemble, std::string* bytes) {
  AppendNumber(bytes, static_cast<std::uint32_t>(ensemble.metric.width()));
  AppendNumbers(bytes, ensemble.metric.columns);
  AppendNumbers(bytes, ensemble.metric.scales);
}

Result<void> ReadMetric(SectionReader& reader, Ensemble* ensemble) {
  const std::size_t columns = reader.TakeCount(sizeof(std::uint32_t) + sizeof(float));
  ensemble->metric.columns = reader.TakeNumbers<std::uint32_t>(columns);
  ensemble->metric.scales = reader.TakeNumbers<float>(columns);
  return {};
}

void WriteCredibility(const Ensemble& ensemble, std::string* bytes) {
  AppendNumber(bytes, static_cast<std::uint8_t>(ensemble.variant));
  AppendNumber(bytes, static_cast<std::uint32_t>(ensemble.credibility.size()));
  for (const TensorMap& tensors : ensemble.credibility) {
    AppendBlob(bytes, WriteSafetensors(tensors));
  }
}

Result<void> ReadCredibility(SectionReader& reader, Ensemble* ensemble) {
  const auto variant = reader.Take<std::uint8_t>();
  if (variant > static_cast<std::uint8_t>(CredibilityVariant::kDeep)) {
    return Error{ErrorCode::kDataLoss, "no such variant: " + std::to_string(variant)};
  }
  ensemble->variant = static_cast<CredibilityVariant>(variant);
  const std::size_t count = reader.TakeCount(sizeof(std::uint64_t));
  for (std::size_t seed = 0; seed < count && !reader.failed(); ++seed) {
    const std::string_view blob = reader.TakeBlob();
    RECOUP_ASSIGN(TensorMap tensors, ReadSafetensors(blob));
    // Other tools may order and space the header in their own way; here one ensemble is one text.
    if (WriteSafetensors(tensors) != blob) {
      return Error{ErrorCode::kDataLoss, "safetensors: not in the form of our writer"};
    }
    ensemble->credibility.push_back(std::move(tensors));
  }
  return {};
}

void WriteWeights(const Ensemble& ensemble, std::string* bytes) {
  for (const double weight : ensemble.weights) AppendNumber(bytes, weight);
  AppendNumber(bytes, ensemble.network_weight);
}

Result<void> ReadWeights(SectionReader& reader, Ensemble* ensemble) {
  for (double& weight : ensemble->weights) weight = reader.Take<double>();
  ensemble->network_weight = reader.Take<double>();
  return {};
}

void WriteCalibration(const Ensemble& ensemble, std::string* bytes) {
  const RollingCalibration& calibration = ensemble.calibration;
  AppendNumber(bytes, calibration.coverage);
  AppendNumber(bytes, calibration.window);
  for (const float end : calibration.band_ends) AppendNumber(bytes, end);
  AppendNumber(bytes, static_cast<std::uint32_t>(calibration.scores.size()));
  for (const ConformityScore& score : calibration.scores) {
    AppendNumber(bytes, score.known_at.days());
    AppendNumber(bytes, score.forecast_mean);
    AppendNumber(bytes, score.score);
  }
}

Result<void> ReadCalibration(SectionReader& reader, Ensemble* ensemble) {
  RollingCalibration& calibration = ensemble->calibration;
  calibration.coverage = reader.Take<double>();
  calibration.window = reader.Take<std::uint32_t>();
  for (float& end : calibration.band_ends) end = reader.Take<float>();
  calibration.scores.resize(reader.TakeCount(kScoreBytes));
  for (ConformityScore& score : calibration.scores) {
    score.known_at = Date(reader.Take<std::int32_t>());
    score.forecast_mean = reader.Take<float>();
    score.score = reader.Take<float>();
  }
  return {};
}

void WriteLabelsBefore(const Ensemble& ensemble, std::string* bytes) {
  AppendNumber(bytes, ensemble.labels_before.days());
}

Result<void> ReadLabelsBefore(SectionReader& reader, Ensemble* ensemble) {
  ensemble->labels_before = Date(reader.Take<std::int32_t>());
  return {};
}

struct Section {
  const char* name;
  void (*write)(const Ensemble& ensemble, std::string* bytes);
  // What is missing may stay unsaid: whoever calls asks the reader.
  Result<void> (*read)(SectionReader& reader, Ensemble* ensemble);
};

// Part of the format; never reorder.
constexpr Section kSections[] = {
    {"relations", WriteRelations, ReadRelations},
    {"own trees", WriteGroup<&Ensemble::own_trees>, ReadGroup<&Ensemble::own_trees>},
    {"relational trees", WriteGroup<&Ensemble::relational_trees>,
     ReadGroup<&Ensemble::relational_trees>},
    {"nearest trees", WriteGroup<&Ensemble::nearest_trees>, ReadGroup<&Ensemble::nearest_trees>},
    {"own ridge", WriteRidge<&Ensemble::own_ridge>, ReadRidge<&Ensemble::own_ridge>},
    {"residual ridge", WriteRidge<&Ensemble::residual_ridge>, ReadRidge<&Ensemble::residual_ridge>},
    {"metric", WriteMetric, ReadMetric},
    {"credibility", WriteCredibility, ReadCredibility},
    {"weights", WriteWeights, ReadWeights},
    {"calibration", WriteCalibration, ReadCalibration},
    {"labels_before", WriteLabelsBefore, ReadLabelsBefore},
};

Result<void> ReadSection(const Section& section, SectionReader& file, Ensemble* ensemble) {
  SectionReader reader(file.TakeBlob());
  const std::string name = section.name;
  if (file.failed()) return Damaged("ends before or within the section: " + name);
  const Result<void> read = section.read(reader, ensemble);
  if (reader.failed()) return Damaged("section is too short: " + name);
  if (!read) return Damaged(name + ": " + read.error().message);
  if (reader.left() > 0) return Damaged("section is too long: " + name);
  return {};
}

}  // namespace

std::string WriteEnsemble(const Ensemble& ensemble) {
  std::string bytes(kMagic);
  for (const Section& section : kSections) {
    std::string content;
    section.write(ensemble, &content);
    AppendBlob(&bytes, content);
  }
  return bytes;
}

Result<Ensemble> ReadEnsemble(std::string_view bytes, const FeatureSchema& schema) {
  if (!bytes.starts_with(kMagic)) return Damaged("does not start with RCPENSM1");
  SectionReader file(bytes.substr(kMagic.size()));
  Ensemble ensemble;
  for (const Section& section : kSections) RECOUP_TRY(ReadSection(section, file, &ensemble));
  if (file.left() > 0) return Damaged("bytes after the last section");
  const Result<void> checked = CheckEnsemble(ensemble, schema);
  if (!checked) return Damaged(checked.error().message);
  return ensemble;
}

}  // namespace recoup::model
