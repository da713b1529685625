#include "model/artifact/artifact_json.h"

#include <cmath>
#include <limits>

#include "model/artifact/strict_json.h"

namespace recoup::model {
namespace {

using nlohmann::json;

// More neighbours than this are a mistake, and would make one loan as slow as thousands.
constexpr std::uint64_t kMaxHopLimit = 1000;

Error Damaged(const std::string& file, const std::string& what) {
  return {ErrorCode::kDataLoss, file + " is damaged: " + what};
}

}  // namespace

std::string WriteFeatures(const ModelInputs& inputs) {
  const json sampling = {{"first_hop_limit", inputs.sampling.first_hop_limit},
                         {"second_hop_limit", inputs.sampling.second_hop_limit}};
  return "{\"sampling\":" + sampling.dump() + ",\"schema\":" + inputs.schema.ToJson() + "}\n";
}

std::string WriteCalibration(const Calibration& calibration) {
  const json value = {{"coverage", calibration.coverage},
                      {"margin", calibration.margin},
                      {"loans", calibration.loans}};
  return value.dump() + "\n";
}

Result<ModelInputs> ReadFeatures(std::string_view text) {
  const auto value = ParseStrictJson(text);
  if (!value || !value->is_object() || !value->contains("sampling") || !value->contains("schema")) {
    return Damaged("features.json", "not an object of sampling and schema");
  }
  const json& limits = (*value)["sampling"];
  const auto first = UnsignedMember(limits, "first_hop_limit", kMaxHopLimit);
  const auto second = UnsignedMember(limits, "second_hop_limit", kMaxHopLimit);
  if (!first || !second) {
    return Damaged("features.json", "sampling needs two limits of at most 1000");
  }
  auto schema = FeatureSchema::Parse((*value)["schema"].dump());
  if (!schema) return Damaged("features.json", schema.error().message);
  return ModelInputs{*std::move(schema),
                     {static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*second)}};
}

Result<void> CheckCalibration(const Calibration& calibration) {
  const bool coverage = calibration.coverage > 0.0 && calibration.coverage < 1.0;
  const bool margin = std::isfinite(calibration.margin) && std::abs(calibration.margin) <= 1.0;
  if (coverage && margin) return {};
  return Damaged("calibration.json", "coverage must lie inside (0, 1) and margin in [-1, 1]");
}

Result<Calibration> ReadCalibration(std::string_view text) {
  const auto value = ParseStrictJson(text);
  if (!value) return Damaged("calibration.json", "not JSON");
  const auto coverage = NumberMember(*value, "coverage");
  const auto margin = NumberMember(*value, "margin");
  const auto loans = UnsignedMember(*value, "loans", UINT64_MAX);
  if (!coverage || !margin || !loans) {
    return Damaged("calibration.json", "coverage, margin or loans is missing");
  }
  const Calibration calibration{*coverage, *margin, *loans};
  RECOUP_TRY(CheckCalibration(calibration));
  return calibration;
}

Result<void> CheckCard(std::string_view text) {
  const auto value = ParseStrictJson(text);
  if (value && value->is_object()) return {};
  return Damaged("card.json", "not a JSON object");
}

}  // namespace recoup::model
