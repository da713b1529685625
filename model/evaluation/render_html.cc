#include "model/evaluation/render_html.h"

#include "model/evaluation/report_sections.h"
#include "model/evaluation/report_style.h"

namespace recoup::model {

std::string RenderHtml(const EvaluationTable& table) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; img-src data:\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>Recoup evaluation</title>\n<style>";
  page += kReportStyle;
  page += "</style></head>\n<body><main>\n";
  page += HeadlineSection(table);
  page += AlarmSection(table);
  page += MainTableSection(table);
  page += CurveSection(table);
  page += SegmentSection(table);
  page += AblationSection(table);
  page += SeriesSection(table);
  page += SecondTableSection(table);
  page += AllCurvesSection(table);
  page += NoteSection(table);
  page +=
      "<footer>What each row and figure means: docs/evaluation.md of Recoup. Figures are of the "
      "test part unless said otherwise, and the same as in <code>--format json</code>.</footer>\n"
      "</main></body></html>\n";
  return page;
}

}  // namespace recoup::model
