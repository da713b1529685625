#include "model/runtime/peer_book.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "model/features/own_row.h"
#include "model/runtime/ensemble_forecast.h"

namespace recoup::model {
namespace {

bool RemovesLoan(const graph::Fact& fact) {
  const auto* node = std::get_if<graph::NodeFact>(&fact);
  return node != nullptr && node->node.kind == graph::NodeKind::kLoan &&
         node->operation == graph::FactOperation::kRemove;
}

Date KnownAt(const graph::Fact& fact) {
  return std::visit([](const auto& any) { return any.dates.known_at; }, fact);
}

}  // namespace

Result<std::shared_ptr<const PeerBook>> PeerBook::Read(const graph::GraphStore& store,
                                                       const Ensemble& ensemble,
                                                       const FeatureSchema& schema) {
  RECOUP_ASSIGN(LoanBook book, ReadLoanBook(store));
  std::vector<graph::AttributeDefinition> attributes = book.attributes;
  return std::make_shared<const PeerBook>(MakePeerBookParts(std::move(book), ensemble, schema),
                                          std::move(attributes), ensemble, schema);
}

PeerBook::PeerBook(PeerBookParts parts, std::vector<graph::AttributeDefinition> attributes,
                   const Ensemble& ensemble, const FeatureSchema& schema)
    : book_(std::move(parts.book)),
      ensemble_(ensemble),
      relations_(NumbersOf(book_.catalog, ensemble.relations)),
      history_(NumbersOf(book_.catalog, ensemble.history_relations)),
      messages_(NumbersOf(book_.catalog, ensemble.message_relations)),
      rows_(std::make_shared<LoanRows>(std::move(parts.rows))),
      nearest_(parts.metric_rows, ensemble.metric.width()),
      features_(schema.Of(graph::NodeKind::kLoan)),
      own_width_(OwnColumns(features_).size()),
      not_in_ledger_(parts.not_in_ledger),
      last_valuation_(Date::Min()),
      index_(book_, std::move(parts.expected)),
      scores_(std::move(parts.scores)) {
  book_.attributes = std::move(attributes);
  std::vector<std::uint32_t> listened_to = relations_;
  listened_to.insert(listened_to.end(), history_.begin(), history_.end());
  listened_to.insert(listened_to.end(), messages_.begin(), messages_.end());
  ways_.emplace(book_, listened_to);
  positions_.reserve(book_.size());
  for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
    positions_.emplace_back(book_.examples[loan].loan, loan);
    last_valuation_ = std::max(last_valuation_, book_.examples[loan].as_of);
  }
  std::sort(positions_.begin(), positions_.end());
}

bool PeerBook::IsTouchedBy(const graph::FactBatch& facts) const {
  return std::any_of(facts.facts.begin(), facts.facts.end(), [this](const graph::Fact& fact) {
    return std::holds_alternative<graph::OutcomeFact>(fact) || IsLedgerFact(fact) ||
           RemovesLoan(fact) || KnownAt(fact) <= last_valuation_;
  });
}

std::vector<std::uint32_t> PeerBook::MissingInLedger() const {
  std::vector<std::uint32_t> missing;
  for (std::uint32_t loan = 0; loan < book_.size(); ++loan) {
    if (!std::isnan(book_.expected[loan]) || book_.is_gone[loan] != 0) continue;
    if (!std::isnan(index_.expected()[loan])) missing.push_back(loan);
  }
  return missing;
}

std::uint32_t PeerBook::PositionOf(graph::NodeId loan) const {
  const auto found =
      std::lower_bound(positions_.begin(), positions_.end(), std::pair(loan, std::uint32_t{0}));
  const bool is_there = found != positions_.end() && found->first == loan;
  return is_there ? found->second : PeerQuestion::kNotInBook;
}

Margins PeerBook::MarginsAsOf(Date day) const {
  const std::lock_guard lock(margins_mutex_);
  const auto found = margins_.find(day);
  if (found != margins_.end()) return found->second;
  return margins_.emplace(day, MarginsOn(ensemble_.calibration, scores_, day)).first->second;
}

Result<void> PeerBook::Attach(const graph::GraphView& view, graph::NodeId loan,
                              EncodedNeighbourhood* encoded) const {
  RECOUP_ASSIGN(const graph::NodeRecord record, view.Node(loan));
  RECOUP_ASSIGN(const std::vector<GroupCatalog::Member> members,
                ways_->MembersOf(view, loan, record));
  const PeerQuestion question{members, view.as_of(), PositionOf(loan)};

  auto answer = std::make_shared<PeerAnswer>();
  answer->outcome.resize(relations_.size() * kOutcomeColumnsPerRelation);
  answer->residual.resize(relations_.size() * kResidualColumnsPerRelation);
  index_.Aggregate(question, relations_, answer->outcome.data(), answer->residual.data());
  answer->has_history = history_.empty() || index_.HasHistory(question, history_);

  const KindRows& row = encoded->Of(graph::NodeKind::kLoan);
  std::vector<float> numbers(own_width_ + ensemble_.metric.width(), 0.0F);
  const auto own = std::span(numbers).first(own_width_);
  const auto query = std::span(numbers).subspan(own_width_);
  WriteOwnRow(features_, std::span(row.numeric).first(features_.outcome_column()),
              std::span(row.categories).first(features_.categories.size()), own.data());
  WriteMetricRow(ensemble_.metric, own, query.data());
  const Nearest nearest = nearest_.Find(query, book_.KnownBefore(view.as_of()), question.loan);
  answer->nearest = NearestMeans(index_, nearest.all());

  answer->slots.relations = messages_.size();
  answer->slots.slots = kCredibilitySlots;
  index_.Sample(question, messages_, &answer->slots);
  answer->rows = rows_;
  answer->margins = MarginsAsOf(view.as_of()).of_band;

  const double base = ForecastBase(ensemble_, own, answer->has_history);
  encoded->context = NetworkContext(base, answer->residual);
  encoded->peers = std::move(answer);
  return {};
}

}  // namespace recoup::model
