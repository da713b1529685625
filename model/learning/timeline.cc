#include "model/learning/timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <utility>

#include "model/learning/in_parallel.h"

namespace recoup::model {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kFewestForACut = 500;
constexpr std::size_t kFewestForAMean = 20;
constexpr double kFewestWithPeers = 0.002;  // share of loans; below, a relation is noise

bool Flagged(const std::vector<char>& flags, std::size_t loan) {
  return !flags.empty() && flags[loan] != 0;
}

// Lender, court: who handles the loan.
bool IsHistoryRelation(std::string_view name) {
  return name.starts_with("out.originated_by.") || name.find("heard_at.court") != name.npos;
}

std::vector<std::uint32_t> LoansValuedIn(const LoanBook& book, Date from, Date before) {
  std::vector<std::uint32_t> loans;
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    const Date day = book.examples[loan].as_of;
    if (day >= from && day < before) loans.push_back(loan);
  }
  return loans;
}

// Before the first cut there is no model yet: the mean of what was known.
void ExpectMeans(const LoanBook& book, const TimelineOptions& options, Date before,
                 std::vector<float>* expected) {
  std::vector<double> sums{0.0};
  std::vector<std::size_t> counts{0};
  for (std::size_t i = 0; i < book.size(); ++i) {
    const bool seen = !Flagged(options.silent, i);
    sums.push_back(sums.back() + (seen ? book.examples[i].recovery_rate : 0.0));
    counts.push_back(counts.back() + (seen ? 1 : 0));
  }
  for (std::size_t loan = 0; loan < book.size(); ++loan) {
    const Date day = book.examples[loan].as_of;
    if (day >= before) continue;
    const std::size_t known = book.KnownBefore(day);
    if (counts[known] < kFewestForAMean) continue;
    (*expected)[loan] = static_cast<float>(sums[known] / static_cast<double>(counts[known]));
  }
}

class Walk {
 public:
  Walk(const LoanBook& book, const TimelineOptions& options, const Observer& observer)
      : book_(book), options_(options), observer_(observer), neighbours_(book.size()) {
    timeline_.expected.assign(book.size(), kNaN);
  }

  Result<Timeline> Run() {
    // Trees need a history first: without it nothing is known of lenders, and nothing to blend.
    RECOUP_TRY(FindRelations());
    ExpectMeans(book_, options_, options_.cuts.front(), &timeline_.expected);
    RECOUP_TRY(FitBases());
    for (std::size_t i = 0; i < options_.cuts.size(); ++i) {
      RECOUP_TRY(observer_.Enter("expecting", i, options_.cuts.size()));
      const Date next = i + 1 < options_.cuts.size() ? options_.cuts[i + 1] : Date::Max();
      Expect(timeline_.bases[i], options_.cuts[i], next);
    }
    RECOUP_TRY(observer_.Enter("hearing peers"));
    for (std::size_t loan = 0; loan < book_.size() && options_.use_ledger; ++loan) {
      if (!std::isnan(book_.expected[loan])) timeline_.expected[loan] = book_.expected[loan];
    }
    Listen();
    return std::move(timeline_);
  }

 private:
  Result<void> FindRelations() {
    const PeerIndex index(book_, std::vector<float>(book_.size(), 0.0F), options_.silent);
    const std::vector<std::string>& names = book_.catalog.relations();
    std::vector<std::pair<std::string, std::uint32_t>> kept;
    for (std::uint32_t number = 0; number < names.size() && !options_.without_edges; ++number) {
      std::size_t heard = 0;
      std::size_t asked = 0;
      for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
        if (book_.examples[loan].outcome_known_at >= options_.cuts.back()) break;
        ++asked;
        heard += index.HasHistory(QuestionOf(loan), {&number, 1}) ? 1 : 0;
      }
      if (static_cast<double>(heard) >=
          std::max(1.0, kFewestWithPeers * static_cast<double>(asked))) {
        kept.emplace_back(names[number], number);
      }
    }
    std::sort(kept.begin(), kept.end());
    for (auto& [name, number] : kept) {
      if (IsHistoryRelation(name)) {
        timeline_.history_relations.push_back(name);
        timeline_.history_numbers.push_back(number);
      }
      timeline_.relations.push_back(std::move(name));
      timeline_.numbers.push_back(number);
    }
    timeline_.has_history.assign(book_.size(), 1);
    if (timeline_.history_numbers.empty()) return {};
    for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
      timeline_.has_history[loan] =
          index.HasHistory(QuestionOf(loan), timeline_.history_numbers) ? 1 : 0;
    }
    return {};
  }

  PeerQuestion QuestionOf(std::uint32_t loan) const {
    return {book_.MembersOf(loan), book_.examples[loan].as_of, loan};
  }

  // One base a cut, each on what was known by then: none needs another.
  Result<void> FitBases() {
    const std::size_t cuts = options_.cuts.size();
    RECOUP_TRY(observer_.Enter("walking forward", 0, cuts));
    timeline_.bases.resize(cuts);
    std::mutex reporting;
    std::size_t done = 0;
    // The latest first: they take longest.
    return TryInParallel(cuts, options_.ensemble.threads, [&](std::size_t item) -> Result<void> {
      const std::size_t i = cuts - 1 - item;
      const std::vector<std::uint32_t> learnt = LearntBefore(book_, options_, options_.cuts[i]);
      EnsembleOptions ensemble = options_.ensemble;
      ensemble.threads = 1;
      if (i + 1 < cuts) ensemble.seeds = 1;  // the ledger needs one opinion, not three
      if (ensemble.choose_depth) {
        RECOUP_ASSIGN(ensemble.boosting.max_depth,
                      ChooseDepth(book_, learnt, ensemble, observer_.stop));
      }
      RECOUP_ASSIGN(timeline_.bases[i], FitBase(book_, learnt, ensemble, observer_.stop));
      const std::lock_guard lock(reporting);
      return observer_.Enter("walking forward", ++done, cuts);
    });
  }

  // What the base of a cut expects of the loans valued from then until `next`.
  void Expect(const BaseModel& base, Date cut, Date next) {
    const std::vector<std::uint32_t> asked = LoansValuedIn(book_, cut, next);
    std::vector<std::uint32_t> earlier;
    if (cut == options_.cuts.front()) earlier = LoansValuedIn(book_, Date::Min(), cut);
    std::vector<std::uint32_t> all(book_.size());
    std::iota(all.begin(), all.end(), 0U);
    const EncodedLoans encoded = EncodeLoans(book_, base.schema, all);
    ExpectOf(base, encoded, asked);
    // Loans before the first cut are compared by the first metric: it ranks, and judges nothing.
    FindNearest(base, encoded, earlier);
    FindNearest(base, encoded, asked);
  }

  void ExpectOf(const BaseModel& base, const EncodedLoans& encoded,
                std::span<const std::uint32_t> loans) {
    const std::size_t width = encoded.table.columns.size();
    ForEachInParallel(loans.size(), options_.ensemble.threads, [&](std::size_t i) {
      const std::span<const float> row =
          std::span(encoded.table.values).subspan(loans[i] * width, width);
      double trees = 0.0;
      for (const FlatTrees& seed : base.trees) trees += static_cast<double>(seed.Predict(row));
      trees /= static_cast<double>(base.trees.size());
      const double value =
          timeline_.has_history[loans[i]] != 0 ? trees : 0.5 * (trees + base.ridge.PredictRow(row));
      timeline_.expected[loans[i]] = static_cast<float>(std::clamp(value, 0.0, 1.0));
    });
  }

  void FindNearest(const BaseModel& base, const EncodedLoans& encoded,
                   std::span<const std::uint32_t> loans) {
    const LoanMetric metric = MetricOf(base.trees.front());
    const std::vector<float> rows = MetricRows(metric, encoded.table);
    // Silent loans are taken out: moved away, they would still be among the nearest of few.
    std::vector<std::uint32_t> speaking;
    std::vector<float> heard;
    for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
      if (Flagged(options_.silent, loan)) continue;
      const auto row = std::span(rows).subspan(loan * metric.width(), metric.width());
      speaking.push_back(loan);
      heard.insert(heard.end(), row.begin(), row.end());
    }
    const auto spoken_before = [&speaking](std::size_t loan) {
      const auto end = std::lower_bound(speaking.begin(), speaking.end(), loan);
      return static_cast<std::uint32_t>(end - speaking.begin());
    };
    const NearestLoans heard_loans(heard, metric.width());
    ForEachInParallel(loans.size(), options_.ensemble.threads, [&](std::size_t i) {
      const std::uint32_t loan = loans[i];
      const bool speaks = !Flagged(options_.silent, loan);
      const Nearest nearest =
          heard_loans.Find(std::span(rows).subspan(loan * metric.width(), metric.width()),
                           spoken_before(book_.KnownBefore(book_.examples[loan].as_of)),
                           speaks ? spoken_before(loan) : PeerQuestion::kNotInBook);
      neighbours_[loan].clear();
      for (const std::uint32_t neighbour : nearest.all()) {
        neighbours_[loan].push_back(speaking[neighbour]);
      }
    });
  }

  void Listen() {
    timeline_.index = std::make_shared<PeerIndex>(book_, timeline_.expected, options_.silent);
    const PeerIndex& index = *timeline_.index;
    for (const std::string& relation : timeline_.relations) {
      for (std::string& name : OutcomeColumnNames(relation)) {
        timeline_.outcome.columns.push_back(std::move(name));
      }
      for (std::string& name : ResidualColumnNames(relation)) {
        timeline_.residual.columns.push_back(std::move(name));
      }
    }
    const std::size_t wide = timeline_.outcome.columns.size();
    const std::size_t narrow = timeline_.residual.columns.size();
    timeline_.outcome.values.resize(book_.size() * wide);
    timeline_.residual.values.resize(book_.size() * narrow);
    timeline_.nearest.resize(book_.size());
    ForEachInParallel(book_.size(), options_.ensemble.threads, [&](std::size_t loan) {
      index.Aggregate(QuestionOf(static_cast<std::uint32_t>(loan)), timeline_.numbers,
                      timeline_.outcome.values.data() + loan * wide,
                      timeline_.residual.values.data() + loan * narrow);
      timeline_.nearest[loan] = NearestMeans(index, neighbours_[loan]);
    });
  }

  const LoanBook& book_;
  const TimelineOptions& options_;
  const Observer& observer_;
  std::vector<std::vector<std::uint32_t>> neighbours_;
  Timeline timeline_;
};

}  // namespace

std::vector<Date> YearlyCuts(const LoanBook& book, Date last) {
  std::vector<Date> cuts;
  const std::size_t known = book.KnownBefore(last);
  if (known == 0) return {last};
  for (int year = book.examples.front().outcome_known_at.year(); year <= last.year(); ++year) {
    const auto day = Date::FromYearMonthDay(year, 1, 1);
    if (!day.has_value() || *day >= last) break;
    if (book.KnownBefore(*day) >= kFewestForACut) cuts.push_back(*day);
  }
  cuts.push_back(last);
  return cuts;
}

std::vector<std::uint32_t> LearntBefore(const LoanBook& book, const TimelineOptions& options,
                                        Date day) {
  std::vector<std::uint32_t> loans;
  const std::size_t known = book.KnownBefore(day);
  for (std::uint32_t loan = 0; loan < known; ++loan) {
    if (Flagged(options.silent, loan) || Flagged(options.not_learnt, loan)) continue;
    loans.push_back(loan);
  }
  return loans;
}

Result<Timeline> WalkForward(const LoanBook& book, const TimelineOptions& options,
                             const Observer& observer) {
  if (options.cuts.empty() || LearntBefore(book, options, options.cuts.back()).empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "walking forward needs a day before which some outcome was known"};
  }
  return Walk(book, options, observer).Run();
}

}  // namespace recoup::model
