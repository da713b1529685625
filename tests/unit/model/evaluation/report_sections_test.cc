#include "model/evaluation/report_sections.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/model/evaluation/report_table.h"
#include "tests/unit/model/evaluation/svg_bounds.h"

namespace recoup::model {
namespace {

using testing::CountOf;
using testing::ReportTable;

bool Has(const std::string& html, const std::string& part) {
  return html.find(part) != std::string::npos;
}

TEST_CASE("A part without content is no part") {
  const EvaluationTable empty;
  CHECK(AlarmSection(empty).empty());
  CHECK(MainTableSection(empty).empty());
  CHECK(SecondTableSection(empty).empty());
  CHECK(CurveSection(empty).empty());
  CHECK(SegmentSection(empty).empty());
  CHECK(AblationSection(empty).empty());
  CHECK(SeriesSection(empty).empty());
  CHECK(AllCurvesSection(empty).empty());
  CHECK(NoteSection(empty).empty());
}

TEST_CASE("The headline says how the loans were split and what was drawn") {
  const std::string html = HeadlineSection(ReportTable());
  for (const char* part : {"Split: by date", "18183", "7400", "6871", "2425", "2010-01-01",
                           "2013-10-22", "1000 draws of 1200 lenders"}) {
    INFO(part);
    CHECK(Has(html, part));
  }
  CHECK_FALSE(Has(HeadlineSection({}), "training before"));
}

TEST_CASE("Alarms are counted and all told") {
  EvaluationTable table = ReportTable();
  CHECK(Has(AlarmSection(table), "ALARM: 2 reasons"));
  CHECK(Has(AlarmSection(table), "NO SKILL: nothing helps"));
  CHECK(Has(AlarmSection(table), "R2 of 0.9137"));
  table.alarms.resize(1);
  CHECK(Has(AlarmSection(table), "<div>ALARM</div>"));
}

TEST_CASE("The best figure of a column is marked, and only it") {
  EvaluationTable table = ReportTable();
  table.rows.resize(3);
  table.rows[1].figures->mae = 0.2;
  const std::string html = MainTableSection(table);
  CHECK(Has(html, "<td class=\"best\">0.2719</td>"));
  CHECK(Has(html, "<td class=\"best\">0.2000</td>"));
  CHECK_FALSE(Has(html, "<td class=\"best\">0.2528</td>"));
  CHECK_FALSE(Has(html, "<td class=\"best\">0.2418</td>"));
  CHECK_FALSE(Has(html, "<td class=\"best\">-</td>"));
}

TEST_CASE("Every row has as many cells as the head, and an absent one fills its line") {
  const EvaluationTable table = ReportTable();
  const std::string html = MainTableSection(table);
  const std::size_t heads = CountOf(html.substr(0, html.find("</thead>")), "<th");
  const std::size_t begin = html.find("<tbody>");
  const std::string row = html.substr(begin, html.find("</tr>", begin) - begin);
  CHECK(CountOf(row, "<td") + 1 == heads - 1);  // `<thead` is counted too
  CHECK(Has(html, "colspan=\"" + std::to_string(heads - 2) + "\">absent, see the notes"));
  CHECK(Has(NoteSection(table), "absent: ensemble: the ledger is empty"));
  CHECK(Has(NoteSection(table), "a note"));
}

TEST_CASE("The second table compares with the mean and with the row that was named") {
  const std::string html = SecondTableSection(ReportTable());
  CHECK(Has(html, "[0.2302, 0.4211]"));
  CHECK(Has(html, "[0.0009, 0.0037]"));
  CHECK(Has(html, "<td class=\"text\">network</td>"));
  CHECK_FALSE(Has(html, "ensemble"));
}

TEST_CASE("The large curves are those of the row that is looked at by segment") {
  EvaluationTable table = ReportTable();
  CHECK(Has(CurveSection(table), "word: network"));
  CHECK(CountOf(CurveSection(table), "<svg") == 2);
  table.segmented_model = "ensemble";  // absent
  CHECK(CurveSection(table).empty());
}

TEST_CASE("Segments stand under what divides them, which is said once") {
  const std::string html = SegmentSection(ReportTable());
  CHECK(CountOf(html, "loan_class") == 1);
  CHECK(CountOf(html, "class=\"group\"") == 2);
  CHECK(html.find("unsecured") < html.find("size"));
}

TEST_CASE("Only rows that were compared with their whole say what a part is worth") {
  EvaluationTable table = ReportTable();
  CHECK(Has(AblationSection(table), "network without edges"));
  CHECK(CountOf(AblationSection(table), "<tr><th>") == 1);
  table.rows[3].to_second->compared_with = "mean";
  CHECK(AblationSection(table).empty());
}

TEST_CASE("Rows without a part are among the figures by year, but not among the lines") {
  EvaluationTable table = ReportTable();
  table.series.push_back({row::kNetworkWithoutEdges, 2012, 0.2207, 905});
  const std::string html = SeriesSection(table);
  const std::size_t figures = html.find("<details>");
  CHECK(CountOf(html.substr(0, figures), "network without edges") == 0);
  CHECK(Has(html.substr(figures), "<th>network without edges</th><td>-</td><td>-</td><td>0.2207"));
  CHECK(Has(html.substr(figures), "<th>loans</th><td>812</td><td>3</td><td>905</td>"));
  CHECK(Has(html.substr(figures), "<th>XGBoost own</th><td>0.1903</td><td>-</td><td>0.2102</td>"));
}

TEST_CASE("Each row with curves shows them as pictures and as figures") {
  EvaluationTable table = ReportTable();
  table.rows[0].curves.reset();
  const std::string html = AllCurvesSection(table);
  CHECK(CountOf(html, "<svg") == 6);
  CHECK(CountOf(html, "<td>0.1450</td>") == 3);
  CHECK_FALSE(Has(html, "<h3>mean</h3>"));
}

}  // namespace
}  // namespace recoup::model
