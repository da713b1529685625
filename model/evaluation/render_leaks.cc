// The two renderings of a LeakReport.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "model/evaluation/evaluation_table.h"
#include "model/evaluation/leak_check.h"

namespace recoup::model {
namespace {

using Json = nlohmann::ordered_json;

Json Number(double figure) {
  if (std::isnan(figure)) return nullptr;
  return std::strtod(FormatFigure(figure).c_str(), nullptr);
}

std::string Right(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string Left(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

const char* RoleOf(const LeakFinding& finding) { return finding.is_input ? "input" : "forbidden"; }

const char* MarkOf(const LeakFinding& finding) {
  if (!finding.flagged) return "";
  return finding.is_input ? "FLAGGED: explains more than expected; check when it is known"
                          : "flagged: rightly forbidden";
}

}  // namespace

std::string RenderText(const LeakReport& report) {
  std::size_t width = 9;
  for (const LeakFinding& finding : report.findings) {
    width = std::max(width, finding.attribute.size());
  }
  std::string text = "All inputs: R2 " + FormatFigure(report.validation_r_squared) +
                     " on validation, " + FormatFigure(report.test_r_squared) + " on test\n";
  if (report.alarm) text += "ALARM: R2 this high is not believable; look for a leak\n";
  text += "Flagged above a lift of " + FormatFigure(report.lift_threshold) + "\n\n" +
          Left("attribute", width) + "  role       lift validation  lift test  alone\n";
  for (const LeakFinding& finding : report.findings) {
    text += Left(finding.attribute, width) + "  " + Left(RoleOf(finding), 9) + "  " +
            Right(FormatFigure(finding.lift_validation), 15) + "  " +
            Right(FormatFigure(finding.lift_test), 9) + "  " +
            Right(FormatFigure(finding.alone_validation), 7);
    if (finding.flagged) text += std::string("  ") + MarkOf(finding);
    text += '\n';
  }
  for (const std::string& note : report.notes) text += "- " + note + '\n';
  return text;
}

std::string RenderJson(const LeakReport& report) {
  Json json = {{"validation_r2", Number(report.validation_r_squared)},
               {"test_r2", Number(report.test_r_squared)},
               {"alarm", report.alarm},
               {"lift_threshold", Number(report.lift_threshold)}};
  json["findings"] = Json::array();
  for (const LeakFinding& finding : report.findings) {
    json["findings"].push_back({{"attribute", finding.attribute},
                                {"role", RoleOf(finding)},
                                {"lift_validation", Number(finding.lift_validation)},
                                {"lift_test", Number(finding.lift_test)},
                                {"alone_validation", Number(finding.alone_validation)},
                                {"flagged", finding.flagged}});
  }
  json["notes"] = report.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace recoup::model
