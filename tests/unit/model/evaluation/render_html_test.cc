#include "model/evaluation/render_html.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "model/evaluation/report_style.h"
#include "tests/unit/model/evaluation/report_table.h"

namespace recoup::model {
namespace {

using Json = nlohmann::json;

std::set<std::string> Matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    found.insert(it->size() > 1 ? (*it)[1].str() : it->str());
  }
  return found;
}

/// Every figure, as it is shown; those in texts too.
void CollectFigures(const Json& json, std::set<std::string>& figures) {
  if (json.is_number_float()) figures.insert(FormatFigure(json.get<double>()));
  if (json.is_string()) figures.merge(Matches(json.get<std::string>(), R"(-?\d+\.\d{4})"));
  for (const Json& part : json) {
    if (json.is_structured()) CollectFigures(part, figures);
  }
}

/// Returns the first tag that closes another one than was opened last, or is left open.
std::string FirstUnbalanced(const std::string& page) {
  const std::regex tag("<(/?)([a-z0-9]+)[^>]*?(/?)>");
  std::vector<std::string> open;
  for (std::sregex_iterator it(page.begin(), page.end(), tag), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta" || name == "link" || (*it)[3].length() > 0) continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return it->str();
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

std::string WithoutDrawings(std::string page) {
  for (std::size_t at = page.find("<svg"); at != std::string::npos; at = page.find("<svg")) {
    page.erase(at, page.find("</svg>", at) + 6 - at);
  }
  return page;
}

TEST_CASE("The page shows the figures of the JSON, all of them and no others") {
  std::set<std::string> in_json;
  CollectFigures(Json::parse(RenderJson(testing::ReportTable())), in_json);
  CHECK(in_json.size() > 50);
  const std::string page = RenderHtml(testing::ReportTable());
  const std::string figure = R"(-?\d+\.\d{4})";
  CHECK(Matches(page, figure) == in_json);
  // Those who cannot see the drawings miss nothing.
  CHECK(Matches(WithoutDrawings(page), figure) == in_json);
}

TEST_CASE("Counts of the JSON are on the page too") {
  const std::string page = RenderHtml(testing::ReportTable());
  for (const char* count :
       {"18183", "7400", "6871", "2425", "4012", "2859", "2290", "812", "905"}) {
    INFO(count);
    CHECK(page.find(std::string(">") + count + "<") != std::string::npos);
  }
}

TEST_CASE("No name becomes markup") {
  const std::string bad = "<script>alert(\"1\")</script>&'";
  EvaluationTable table = testing::ReportTable();
  table.split_description = bad;
  table.notes = {bad};
  table.alarms = {{AlarmKind::kNoted, bad, bad}};
  table.rows[2].model = bad;
  table.rows[2].verdict = bad;
  table.rows[3].model = bad + " without edges";
  table.rows[3].to_second->compared_with = bad;
  table.rows[4].model = bad;
  table.rows[4].absent_because = bad;
  table.segmented_model = bad;
  for (SegmentFigures& segment : table.segments) segment.by = segment.segment = bad;
  for (SeriesPoint& point : table.series) point.model = bad;
  const std::string page = RenderHtml(table);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("alert(\"") == std::string::npos);
  CHECK(page.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;") !=
        std::string::npos);
  CHECK(FirstUnbalanced(page).empty());
}

TEST_CASE("The page asks nothing of anybody") {
  const std::string page = RenderHtml(testing::ReportTable());
  for (const char* request : {"http:", "https:", "src=\"", "url(", "@import", "<script", "<iframe",
                              "<object", "//", "onload"}) {
    INFO(request);
    CHECK(page.find(request) == std::string::npos);
  }
  CHECK(Matches(page, "href=\"([^\"]*)\"") == std::set<std::string>{"data:,"});
  CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("Tags close in their order, whatever the table lacks") {
  EvaluationTable table = testing::ReportTable();
  CHECK(FirstUnbalanced(RenderHtml(table)).empty());
  CHECK(FirstUnbalanced("<p><b></p></b>") == "</p>");
  for (EvaluationRow& row : table.rows) row.curves.reset();
  table.segments.clear();
  table.series.clear();
  table.alarms.clear();
  table.notes.clear();
  table.dates.reset();
  const std::string page = RenderHtml(table);
  CHECK(FirstUnbalanced(page).empty());
  CHECK(page.find("0.2719") != std::string::npos);
  CHECK(page.find("ALARM") == std::string::npos);
  CHECK(FirstUnbalanced(RenderHtml({})).empty());
  CHECK(RenderHtml({}).ends_with("</html>\n"));
}

TEST_CASE("Alarms stand above every table") {
  const std::string page = RenderHtml(testing::ReportTable());
  CHECK(page.find("ALARM") < page.find("<table"));
}

TEST_CASE("Every class on the page has a style") {
  const std::string style = kReportStyle;
  for (const std::string& names :
       Matches(RenderHtml(testing::ReportTable()), "class=\"([^\"]*)\"")) {
    for (const std::string& name : Matches(names, "[^ ]+")) {
      INFO(name);
      CHECK_FALSE(Matches(style, "\\." + name + "[^a-z0-9-]").empty());
    }
  }
}

}  // namespace
}  // namespace recoup::model
