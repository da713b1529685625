#include "model/peers/peer_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "model/features/peer_pool.h"

namespace recoup::model {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kSpread = 512;  // how far back spread peers are taken from

// How far each outcome lies above the mean of all outcomes known strictly before its own day.
// Against the mean of the day of the question, a change of the general level would look like a
// property of whoever has older peers. Silent loans are in no mean.
std::vector<double> SurprisesOf(const LoanBook& book, const std::vector<char>& silent) {
  std::vector<double> surprises(book.size());
  double sum = 0.0;
  std::size_t known = 0;  // strictly before the day at hand
  std::size_t heard = 0;  // of them
  double mean = 0.0;
  for (std::size_t i = 0; i < book.size(); ++i) {
    const Date day = book.examples[i].outcome_known_at;
    while (known < i && book.examples[known].outcome_known_at < day) {
      if (silent.empty() || silent[known] == 0) {
        sum += book.examples[known].recovery_rate;
        ++heard;
      }
      ++known;
    }
    mean = heard == 0 ? book.examples[i].recovery_rate : sum / static_cast<double>(heard);
    surprises[i] = book.examples[i].recovery_rate - mean;
  }
  return surprises;
}

// The members of one relation: they stand together.
std::span<const GroupCatalog::Member> OfRelation(std::span<const GroupCatalog::Member> members,
                                                 std::uint32_t relation) {
  const auto [begin, end] =
      std::equal_range(members.begin(), members.end(), GroupCatalog::Member{relation, 0, false},
                       [](const GroupCatalog::Member& a, const GroupCatalog::Member& b) {
                         return a.relation < b.relation;
                       });
  return {begin, end};
}

// A loan meets itself only if it is valued after its own outcome was known.
PeerDay DayOf(const LoanBook& book, const PeerQuestion& question) {
  const bool meets = question.loan != PeerQuestion::kNotInBook &&
                     book.examples[question.loan].outcome_known_at < question.as_of;
  return {question.as_of, static_cast<std::uint32_t>(book.KnownBefore(question.as_of)),
          meets ? question.loan : PeerDay::kNobody};
}

}  // namespace

PeerIndex::PeerIndex(const LoanBook& book, std::vector<float> expected,
                     const std::vector<char>& silent)
    : book_(&book), expected_(std::move(expected)), histories_(HistoriesOf(silent)) {}

PeerHistories PeerIndex::HistoriesOf(const std::vector<char>& silent) const {
  const LoanBook& book = *book_;
  RECOUP_CHECK(expected_.size() == book.size());
  const std::vector<double> surprises = SurprisesOf(book, silent);
  std::vector<PeerOutcome> outcomes;
  outcomes.reserve(book.size());
  std::vector<PeerMembership> memberships;
  memberships.reserve(book.members.size());
  std::vector<std::uint32_t> groups;  // a loan speaks once in a group, however it is tied to it
  for (std::uint32_t loan = 0; loan < book.size(); ++loan) {
    const float residual = ResidualOf(loan);
    outcomes.push_back({book.examples[loan].outcome_known_at, surprises[loan],
                        std::isnan(residual) ? 0.0 : residual, !std::isnan(residual)});
    if (!silent.empty() && silent[loan] != 0) continue;
    groups.clear();
    for (const GroupCatalog::Member& member : book.MembersOf(loan)) {
      if (member.speaks) groups.push_back(member.group);
    }
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    for (const std::uint32_t group : groups) memberships.push_back({group, loan});
  }
  return PeerHistories(std::move(outcomes), book.catalog.groups(), memberships);
}

float PeerIndex::ResidualOf(std::size_t loan) const {
  return static_cast<float>(book_->examples[loan].recovery_rate) - expected_[loan];
}

void PeerIndex::Aggregate(const PeerQuestion& question, std::span<const std::uint32_t> relations,
                          float* outcome, float* residual) const {
  const PeerDay day = DayOf(*book_, question);
  for (const std::uint32_t relation : relations) {
    const auto members = OfRelation(question.members, relation);
    if (members.empty()) {
      std::fill_n(outcome, kOutcomeColumnsPerRelation, kNaN);
      std::fill_n(residual, kResidualColumnsPerRelation, kNaN);
    } else {
      PeerTotals totals;
      for (const GroupCatalog::Member& member : members) {
        totals.Add(histories_.TotalsBefore(member.group, day));
      }
      const double mean = totals.surprise / (totals.count + kPseudoPeers);
      const double variance = totals.surprise_squared / (totals.count + kPseudoPeers) - mean * mean;
      outcome[0] = static_cast<float>(mean);
      outcome[1] =
          static_cast<float>(totals.decayed_surprise / (totals.decayed_count + kPseudoPeers));
      outcome[2] = static_cast<float>(std::sqrt(std::max(variance, 0.0)));
      outcome[3] = static_cast<float>(std::log1p(std::max(totals.count, 0.0)));
      outcome[4] =
          totals.years_since_newest < 0.0 ? kNaN : static_cast<float>(totals.years_since_newest);
      residual[0] = static_cast<float>(totals.residual / (totals.residual_count + kPseudoPeers));
      residual[1] = static_cast<float>(totals.decayed_residual /
                                       (totals.decayed_residual_count + kPseudoPeers));
    }
    outcome += kOutcomeColumnsPerRelation;
    residual += kResidualColumnsPerRelation;
  }
}

bool PeerIndex::HasHistory(const PeerQuestion& question,
                           std::span<const std::uint32_t> relations) const {
  const PeerDay day = DayOf(*book_, question);
  const std::size_t itself = day.left_out == PeerDay::kNobody ? 0 : 1;
  for (const std::uint32_t relation : relations) {
    for (const GroupCatalog::Member& member : OfRelation(question.members, relation)) {
      const std::span<const std::uint32_t> known = histories_.KnownBefore(member.group, day);
      if (known.size() > itself) return true;
      if (known.size() == 1 && known.front() != question.loan) return true;
    }
  }
  return false;
}

void PeerIndex::Sample(const PeerQuestion& question, std::span<const std::uint32_t> relations,
                       PeerSlots* slots) const {
  const PeerDay day = DayOf(*book_, question);
  std::vector<std::uint32_t> found;
  for (const std::uint32_t relation : relations) {
    found.clear();
    const auto members = OfRelation(question.members, relation);
    // Several entities of one relation (guarantors, say) share the slots.
    const std::size_t share =
        members.empty() ? 0 : std::max<std::size_t>(slots->slots / members.size(), 1);
    for (const GroupCatalog::Member& member : members) {
      const std::span<const std::uint32_t> known = histories_.KnownBefore(member.group, day);
      const std::size_t newest = share - share / 2;
      std::size_t taken = 0;
      const auto take = [&](std::size_t age) {
        const std::uint32_t peer = known[known.size() - 1 - age];
        if (peer == question.loan || std::isnan(ResidualOf(peer))) return;
        if (std::find(found.begin(), found.end(), peer) != found.end()) return;
        if (found.size() < slots->slots && taken < share) {
          found.push_back(peer);
          ++taken;
        }
      };
      std::size_t age = 0;
      for (; age < known.size() && taken < newest; ++age) take(age);
      const std::size_t rest = std::min(known.size(), kSpread);
      const std::size_t spread = share - taken;
      if (rest > age && spread > 0) {
        const std::size_t span = rest - age;
        const std::size_t picks = std::min(spread, span);
        for (std::size_t i = 0; i < picks; ++i) take(age + i * span / picks);
      }
    }
    for (std::size_t i = 0; i < slots->slots; ++i) {
      const bool filled = i < found.size();
      slots->peers.push_back(filled ? static_cast<std::int32_t>(found[i]) : -1);
      slots->years.push_back(
          filled ? static_cast<float>(
                       DaysFrom(book_->examples[found[i]].outcome_known_at, question.as_of) /
                       kDaysPerYear)
                 : 0.0F);
      slots->residuals.push_back(filled ? ResidualOf(found[i]) : 0.0F);
    }
  }
}

std::array<float, kNearestColumns> NearestMeans(const PeerIndex& index,
                                                std::span<const std::uint32_t> nearest) {
  if (nearest.size() < kFewNearest) return {kNaN, kNaN, kNaN, kNaN};
  double outcomes = 0.0;
  double residuals = 0.0;
  double with_residual = 0.0;
  std::array<float, kNearestColumns> means{};
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    outcomes += index.book().examples[nearest[i]].recovery_rate;
    const float residual = index.ResidualOf(nearest[i]);
    if (!std::isnan(residual)) {
      residuals += static_cast<double>(residual);
      with_residual += 1.0;
    }
    const bool few = i + 1 == kFewNearest;
    if (!few && i + 1 != nearest.size()) continue;
    const auto count = static_cast<double>(i + 1);
    const float mean_residual =
        with_residual == 0.0 ? kNaN : static_cast<float>(residuals / with_residual);
    if (few) {
      means[0] = static_cast<float>(outcomes / count);
      means[2] = mean_residual;
    }
    means[1] = static_cast<float>(outcomes / count);
    means[3] = mean_residual;
  }
  return means;
}

std::vector<std::string> OutcomeColumnNames(const std::string& relation) {
  return {relation + ".outcome_mean", relation + ".outcome_mean_one_year",
          relation + ".outcome_deviation", relation + ".log_count", relation + ".years_since"};
}

std::vector<std::string> ResidualColumnNames(const std::string& relation) {
  return {relation + ".residual_mean", relation + ".residual_mean_one_year"};
}

}  // namespace recoup::model
