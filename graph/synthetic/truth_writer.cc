#include "graph/synthetic/truth_writer.h"

#include <fstream>
#include <string>
#include <utility>

#include "graph/synthetic/ids.h"

namespace recoup::graph::synthetic {
namespace {

constexpr std::string_view kHeader =
    "loan_id,resolved,expected_recovery_rate,recovery_rate,own,collateral,guarantors,debtor,court,"
    "lender,region,noise,guarantee_pattern";

std::string Member(std::string_view name, const std::string& value) {
  return "  \"" + std::string(name) + "\": " + value + ",\n";
}

std::string CourtSpeeds(const World& world) {
  std::string list = "  \"court_speed\": {";
  for (std::size_t i = 0; i < world.courts.size(); ++i) {
    list += (i == 0 ? "\n    \"" : ",\n    \"") + CourtId(i) +
            "\": " + Decimal(world.courts[i].speed, 4);
  }
  return list + "\n  }\n";
}

std::string MechanismJson(const GenerateOptions& options, const World& world,
                          const GenerateReport& report) {
  std::string json = "{\n";
  json += Member("loans", std::to_string(options.loans));
  json += Member("seed", std::to_string(options.seed));
  json += Member("as_of", "\"" + options.as_of.ToString() + "\"");
  json += Member("rate",
                 "\"clip((logistic(center + scale * (sum of components + noise)) - low) / "
                 "(high - low), 0, 1)\"");
  json += Member("center", Decimal(kCenter, 4));
  json += Member("scale", Decimal(kScale, 4));
  json += Member("low", Decimal(kLow, 4));
  json += Member("high", Decimal(kHigh, 4));
  json += Member("neighbour_effects", Decimal(options.neighbour_effects, 4));
  json += Member("noise_standard_deviation", Decimal(kNoise, 4));
  json += Member("collateral_weight", Decimal(kCollateralWeight, 4));
  json += Member("guarantor_weight", Decimal(kGuarantorWeight, 4));
  json += Member("debtor_weight", Decimal(kDebtorWeight, 4));
  json += Member("court_weight", Decimal(kCourtWeight, 4));
  json += Member("lender_weight", Decimal(kLenderWeight, 4));
  json += Member("region_weight", Decimal(kRegionWeight, 4));
  json += Member("mean_recovery_rate", Decimal(report.mean_recovery_rate, 4));
  json += Member("share_at_zero", Decimal(report.share_at_zero, 4));
  json += Member("share_at_one", Decimal(report.share_at_one, 4));
  json += Member("own_r2", Decimal(report.own_r2, 4));
  json += Member("mechanism_r2", Decimal(report.mechanism_r2, 4));
  return json + CourtSpeeds(world) + "}\n";
}

}  // namespace

Result<TruthWriter> TruthWriter::Create(const std::filesystem::path& folder) {
  RECOUP_ASSIGN(CsvTable table, CsvTable::Create(folder / "truth.csv", kHeader));
  return TruthWriter(folder, std::move(table));
}

void TruthWriter::Write(std::uint64_t loan_number, GuaranteePattern pattern,
                        const Components& components, const Outcome& outcome, Date as_of) {
  const double expected = ExpectedRecoveryRate(components.Sum());
  const double y = outcome.recovery_rate;
  table_.Row({LoanId(loan_number), outcome.known_on <= as_of ? "1" : "0", Decimal(expected, 6),
              Decimal(y, 4), Decimal(components.own, 6), Decimal(components.collateral, 6),
              Decimal(components.guarantors, 6), Decimal(components.debtor, 6),
              Decimal(components.court, 6), Decimal(components.lender, 6),
              Decimal(components.region, 6), Decimal(outcome.noise, 6), PatternName(pattern)});
  moments_.count += 1.0;
  moments_.y += y;
  moments_.yy += y * y;
  moments_.x += components.own;
  moments_.xx += components.own * components.own;
  moments_.xy += components.own * y;
  moments_.error_squared += (y - expected) * (y - expected);
  moments_.zero += y == 0.0 ? 1.0 : 0.0;
  moments_.one += y == 1.0 ? 1.0 : 0.0;
}

void TruthWriter::FillReport(GenerateReport* report) const {
  const Moments& m = moments_;
  report->mean_recovery_rate = m.y / m.count;
  report->share_at_zero = m.zero / m.count;
  report->share_at_one = m.one / m.count;
  const double variance_y = m.yy - m.y * m.y / m.count;
  const double variance_x = m.xx - m.x * m.x / m.count;
  const double covariance = m.xy - m.x * m.y / m.count;
  // A handful of loans may have no variance to explain.
  if (variance_y <= 0.0 || variance_x <= 0.0) return;
  report->own_r2 = covariance * covariance / (variance_x * variance_y);
  report->mechanism_r2 = 1.0 - m.error_squared / variance_y;
}

Result<void> TruthWriter::Finish(const GenerateOptions& options, const World& world,
                                 GenerateReport* report) {
  RECOUP_TRY(table_.Finish());
  FillReport(report);
  const std::filesystem::path path = folder_ / "mechanism.json";
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << MechanismJson(options, world, *report);
  file.close();
  if (!file) return Error{ErrorCode::kUnavailable, "cannot write the file: " + path.string()};
  return {};
}

}  // namespace recoup::graph::synthetic
