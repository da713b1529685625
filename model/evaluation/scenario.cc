#include "model/evaluation/scenario.h"

#include <zlib.h>

#include <charconv>
#include <vector>

#include "model/features/by_day.h"
#include "model/peers/loan_ties.h"

namespace recoup::model {
namespace {

std::optional<std::uint32_t> ParseNumber(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Error NotGroups(std::string_view text) {
  return {ErrorCode::kInvalidArgument,
          "new groups are given as RELATION:REMAINDER/DIVISOR, such as "
          "out.originated_by.party:0/3: " +
              std::string(text)};
}

std::uint32_t Crc32Of(const std::string& name) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(name.data()), static_cast<uInt>(name.size())));
}

Result<std::string> NameOf(const graph::GraphView& view, const LoanTie& tie) {
  if (!tie.word.empty()) return tie.word;
  RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(tie.entity));
  const std::string& id = record.key.external_id;
  const std::size_t colon = id.find(':');
  return colon == std::string::npos ? id : id.substr(colon + 1);
}

}  // namespace

Result<NewGroups> ParseNewGroups(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::size_t slash = text.rfind('/');
  if (colon == std::string_view::npos || colon == 0 || slash == std::string_view::npos ||
      slash < colon) {
    return NotGroups(text);
  }
  const auto remainder = ParseNumber(text.substr(colon + 1, slash - colon - 1));
  const auto divisor = ParseNumber(text.substr(slash + 1));
  if (!remainder || !divisor || *remainder >= *divisor) return NotGroups(text);
  return NewGroups{std::string(text.substr(0, colon)), *remainder, *divisor, false};
}

Result<LoanSet> LoansOfNewGroups(const graph::GraphStore& store, std::span<const Example> examples,
                                 const NewGroups& groups) {
  LoanTieReader reader(store.ViewAsOf(Date::Max())->Attributes());
  DayViews views(store);
  LoanSet loans;
  bool is_known = false;
  for (const std::uint32_t position : PositionsByDay(examples)) {
    const Example& example = examples[position];
    const graph::GraphView& view = views.On(example.as_of);
    RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(example.loan));
    RECOUP_ASSIGN(const std::vector<LoanTie> ties, reader.Read(view, example.loan, record));
    for (const LoanTie& tie : ties) {
      if (tie.relation != groups.relation) continue;
      is_known = true;
      RECOUP_ASSIGN(const std::string name, NameOf(view, tie));
      if (Crc32Of(name) % groups.divisor == groups.remainder) loans.insert(example.loan);
    }
  }
  if (is_known) return loans;
  return Error{ErrorCode::kInvalidArgument,
               "no loan has the relation of the new groups: " + groups.relation};
}

}  // namespace recoup::model
