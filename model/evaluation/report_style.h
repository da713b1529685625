// The style sheet of the report: light and dark, wide and narrow, on screen and on paper.
#pragma once

namespace recoup::model {

inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --ink: #17202a; --muted: #5b6673; --line: #dde2e8;
  --accent: #1f5fbf; --good: #18794e; --bad: #b42318; --even: #1f5fbf;
  --alarm: #fdecea; --alarm-ink: #8c1d13; --best: #eaf2fd;
  --s0: #1f5fbf; --s1: #c2410c; --s2: #18794e; --s3: #7c3aed; --s4: #b42377; --s5: #6b7280; }
@media (prefers-color-scheme: dark) { :root {
  --page: #0f1419; --card: #182028; --ink: #e6ebf0; --muted: #9aa6b2; --line: #2c3742;
  --accent: #6ea8fe; --good: #4ccb8f; --bad: #ff8a7a; --even: #6ea8fe;
  --alarm: #3b1714; --alarm-ink: #ffb4a9; --best: #1d2d44;
  --s0: #6ea8fe; --s1: #fb923c; --s2: #4ccb8f; --s3: #b79bff; --s4: #f47bb9; --s5: #a3adb8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1320px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 0 0 4px; }
h3 { font-size: 14px; margin: 14px 0 6px; }
p { margin: 0 0 10px; max-width: 78ch; }
.lead, .hint { color: var(--muted); }
.hint { font-size: 13px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 18px 20px; margin-top: 16px; }
.facts { display: flex; flex-wrap: wrap; gap: 10px 28px; margin: 14px 0 0; }
.facts div { min-width: 84px; }
.facts dt { color: var(--muted); font-size: 12px; }
.facts dd { margin: 0; font-size: 18px; font-variant-numeric: tabular-nums; }
.facts .long dd { font-size: 14px; line-height: 27px; }
.alarm { background: var(--alarm); color: var(--alarm-ink); border: 2px solid var(--alarm-ink);
  border-radius: 10px; padding: 12px 18px; margin-top: 16px; font-weight: 600; }
.alarm ul { margin: 4px 0 0; padding-left: 20px; font-weight: 500; }
.scroll { overflow-x: auto; margin: 10px -20px 0; padding: 0 20px; }
table { border-collapse: collapse; width: 100%; font-size: 14px;
  font-variant-numeric: tabular-nums; }
th, td { padding: 6px 8px; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; vertical-align: middle; }
thead th { color: var(--muted); font-weight: 600; font-size: .86em; vertical-align: bottom;
  white-space: normal; }
th.text, td.text { text-align: left; }
tbody th { text-align: left; font-weight: 600; white-space: normal; min-width: 130px; }
td.difference { white-space: normal; font-size: .93em; } .interval { white-space: nowrap; }
td.wrap { white-space: normal; min-width: 150px; text-align: left; font-size: .93em; }
td.best { font-weight: 700; background: var(--best); }
tr.absent td, tr.absent th { color: var(--muted); font-weight: 400; }
tr.group th { color: var(--muted); font-size: 12px; padding-top: 14px; text-align: left; }
td.chart, th.chart { padding: 0 8px; text-align: left; }
td.chart svg, th.chart svg { display: block; }
.good-text { color: var(--good); } .bad-text { color: var(--bad); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
  gap: 20px; margin-top: 10px; }
.charts svg, .wide svg { width: 100%; height: auto; display: block; }
.wide svg { max-width: 900px; }
.charts figure { margin: 0; max-width: 520px; }
.small { grid-template-columns: repeat(auto-fill, minmax(min(250px, 100%), 1fr)); }
.small h3 { margin: 0; min-height: 3em; display: flex; align-items: end; }
.pair { display: grid; grid-template-columns: 1fr; gap: 4px; }
figcaption { color: var(--muted); font-size: 13px; margin-top: 6px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; margin: 6px 0; }
.legend span::before { content: ""; display: inline-block; width: 18px; height: 3px;
  margin-right: 6px; vertical-align: middle; background: currentColor; }
.legend .dashed::before { color: inherit; background:
  repeating-linear-gradient(90deg, currentColor 0 6px, transparent 6px 9px); }
.legend .series0 { color: var(--s0); } .legend .series1 { color: var(--s1); }
.legend .series2 { color: var(--s2); } .legend .series3 { color: var(--s3); }
.legend .series4 { color: var(--s4); } .legend .series5 { color: var(--s5); }
details > summary { cursor: pointer; color: var(--accent); margin-top: 10px; font-size: 14px; }
.notes { margin: 6px 0 0; padding-left: 20px; font-size: 14px; overflow-wrap: anywhere; }
footer { color: var(--muted); font-size: 13px; margin-top: 20px; }
svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg .tick { fill: var(--muted); font-size: 11px; } svg .axis { fill: var(--muted); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--line); } svg .zero { stroke: var(--muted); }
svg .ideal { stroke: var(--bad); stroke-dasharray: 4 3; stroke-width: 1.5; }
svg .curve { stroke: var(--even); fill: none; stroke-width: 1.5; opacity: .6; }
svg .column { fill: var(--even); opacity: .75; }
svg .bar { opacity: .4; } svg .good { fill: var(--good); } svg .bad { fill: var(--bad); }
svg .even { fill: var(--even); }
svg .ring { fill: none; stroke: var(--muted); stroke-width: 2; }
svg .line { fill: none; stroke-width: 2; } svg .line.dashed { stroke-dasharray: 6 4; }
svg .line.series0 { stroke: var(--s0); } svg .line.series1 { stroke: var(--s1); }
svg .line.series2 { stroke: var(--s2); } svg .line.series3 { stroke: var(--s3); }
svg .line.series4 { stroke: var(--s4); } svg .line.series5 { stroke: var(--s5); }
svg .dot.series0 { fill: var(--s0); } svg .dot.series1 { fill: var(--s1); }
svg .dot.series2 { fill: var(--s2); } svg .dot.series3 { fill: var(--s3); }
svg .dot.series4 { fill: var(--s4); } svg .dot.series5 { fill: var(--s5); }
@media (max-width: 640px) { main { padding: 14px 12px 32px; } h1 { font-size: 21px; }
  section { padding: 14px; } .scroll { margin: 10px -14px 0; padding: 0 14px; }
  tbody th { position: sticky; left: 0; background: var(--card); min-width: 104px;
    max-width: 128px; } }
@page { size: A4 landscape; margin: 12mm; }
@media print { :root { color-scheme: light;
    --page: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #ccc; --accent: #1f5fbf;
    --good: #18794e; --bad: #b42318; --even: #1f5fbf; --alarm: #fff; --alarm-ink: #8c1d13;
    --best: #eee; }
  body, .hint, figcaption { font-size: 11px; } main { max-width: none; padding: 0; }
  section { border: 0; padding: 8px 0; } tr, figure { break-inside: avoid; }
  table { font-size: 10px; } th, td { padding: 3px 5px; } .scroll { overflow: visible; }
  td.chart svg, th.chart svg { width: 120px; height: auto; } h2 { break-after: avoid; } }
)css";

}  // namespace recoup::model
