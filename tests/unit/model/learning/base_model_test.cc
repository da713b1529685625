#include "model/learning/base_model.h"

#include <array>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "tests/unit/model/learning/made_book.h"

namespace recoup::model {
namespace {

using testing::AddMade;
using testing::EmptyBook;

constexpr std::size_t kBits = 5;

EnsembleOptions Options() {
  EnsembleOptions options;
  options.fit.min_count = 1;
  options.boosting = {.max_depth = 6,
                      .min_child_weight = 1.0,
                      .learning_rate = 0.5,
                      .column_share = 1.0,
                      .row_share = 1.0,
                      .penalty = 1.0,
                      .max_rounds = 6};
  options.threads = 1;
  return options;
}

// Loans of five random bits; `law` says what a loan brings in, from its bits and its place.
using Law = std::function<double(unsigned bits, std::size_t loan)>;
LoanBook BookOfBits(std::size_t loans, const Law& law) {
  std::mt19937 random(3);
  LoanBook book = EmptyBook(kBits);
  for (std::size_t loan = 0; loan < loans; ++loan) {
    const unsigned bits = random() % 32;
    std::vector<double> numbers;
    for (std::size_t i = 0; i < kBits; ++i) numbers.push_back((bits >> i) % 2);
    const auto day = static_cast<std::int32_t>(loan);
    AddMade(&book, numbers, law(bits, loan), Date(day), Date(day + 100));
  }
  return book;
}

double Parity(unsigned bits) { return std::popcount(bits) % 2 == 0 ? 0.1 : 0.9; }

std::vector<std::uint32_t> FirstOf(const LoanBook& book, std::size_t count) {
  REQUIRE(count <= book.size());
  std::vector<std::uint32_t> loans(count);
  std::iota(loans.begin(), loans.end(), 0U);
  return loans;
}

TEST_CASE("A base is fitted on the given loans alone") {
  const Law law = [](unsigned bits, std::size_t) { return bits / 32.0; };
  const LoanBook book = BookOfBits(100, law);
  LoanBook other = book;  // the last 40 have other outcomes and other numbers
  for (std::size_t loan = 60; loan < 100; ++loan) {
    other.examples[loan].recovery_rate = 1.0 - book.examples[loan].recovery_rate;
    for (graph::StoredAttribute& attribute : other.records[loan].attributes) attribute.value = 7.0;
  }
  const auto loans = FirstOf(book, 60);
  const auto base = FitBase(book, loans, Options(), nullptr);
  const auto twin = FitBase(other, loans, Options(), nullptr);
  REQUIRE((base.has_value() && twin.has_value()));
  CHECK(base->schema == twin->schema);
  CHECK(base->trees == twin->trees);
  CHECK(base->ridge == twin->ridge);
  CHECK_FALSE(FitBase(book, FirstOf(book, 61), Options(), nullptr)->trees == base->trees);
}

TEST_CASE("A base's trees and ridge have learnt the law, from the loans' own columns") {
  const LoanBook book = BookOfBits(200, [](unsigned bits, std::size_t) { return bits / 32.0; });
  const auto loans = FirstOf(book, 200);
  EnsembleOptions options = Options();
  options.ridge_penalty = 0.01;
  options.boosting.max_rounds = 30;
  const auto base = FitBase(book, loans, options, nullptr);
  REQUIRE(base.has_value());
  CHECK(base->depth == 6);
  const Table rows = EncodeLoans(book, base->schema, loans).table;
  CHECK(rows.columns.size() == base->trees.front().columns());
  double sum = 0.0;
  for (const std::uint32_t loan : loans) {
    const auto row = std::span(rows.values).subspan(loan * kBits, kBits);
    const double outcome = book.examples[loan].recovery_rate;
    sum += outcome;
    CHECK(std::abs(base->trees.front().Predict(row) - outcome) < 0.02);
    CHECK(std::abs(base->ridge.PredictRow(row) - outcome) < 1e-3);  // the law is linear
  }
  CHECK(std::abs(base->schema.prior_recovery_rate() - sum / 200.0) < 1e-12);
}

TEST_CASE("A base of no loans, or of loans that are all alike, is refused") {
  LoanBook alike = EmptyBook(1);
  for (int i = 0; i < 30; ++i) AddMade(&alike, {1.0}, 0.1 * (i % 9), Date(i), Date(i + 9));
  for (const std::size_t count : {0U, 30U}) {
    const auto base = FitBase(alike, FirstOf(alike, count), Options(), nullptr);
    REQUIRE_FALSE(base.has_value());
    CHECK(base.error().code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("Fitting that is told to stop is cancelled") {
  const LoanBook book = BookOfBits(50, [](unsigned bits, std::size_t) { return Parity(bits); });
  const std::atomic<bool> stop = true;
  const auto base = FitBase(book, FirstOf(book, 50), Options(), &stop);
  REQUIRE_FALSE(base.has_value());
  CHECK(base.error().code == ErrorCode::kCancelled);
}

TEST_CASE("One ensemble a seed is grown, counted from the first, on any number of threads") {
  const LoanBook book = BookOfBits(120, [](unsigned bits, std::size_t) { return Parity(bits); });
  const auto loans = FirstOf(book, 120);
  const FeatureSchema schema = FitLoanFeatures(book, loans, Options().fit);
  const Table rows = EncodeLoans(book, schema, loans).table;
  const std::vector<double> outcomes = OutcomesOf(book, loans);
  EnsembleOptions options = Options();
  options.boosting.row_share = 0.5;
  options.boosting.seed = 7;
  options.seeds = 3;
  const auto grown = GrowTrees(rows, outcomes, options, nullptr);
  REQUIRE(grown.has_value());
  REQUIRE(grown->size() == 3);
  options.threads = 4;
  CHECK(GrowTrees(rows, outcomes, options, nullptr).value() == *grown);
  for (std::size_t i = 0; i < 3; ++i) {
    BoostingOptions alone = options.boosting;
    alone.seed = 7 + i;
    alone.threads = 1;
    const auto model = GradientBoosting::FitRounds({&rows, outcomes}, alone);
    REQUIRE(model.has_value());
    CHECK(model->Flatten().value() == (*grown)[i]);
    CHECK((*grown)[i].trees() == 6);
  }
  CHECK_FALSE((*grown)[0] == (*grown)[1]);
}

TEST_CASE("Every growing gets its own trees, of its own table") {
  const LoanBook book = BookOfBits(80, [](unsigned bits, std::size_t) { return bits / 32.0; });
  const auto loans = FirstOf(book, 80);
  const FeatureSchema schema = FitLoanFeatures(book, loans, Options().fit);
  const Table rows = EncodeLoans(book, schema, loans).table;
  Table first_column{{rows.columns.front()}, {}};
  for (std::size_t row = 0; row < 80; ++row) {
    first_column.values.push_back(rows.values[row * kBits]);
  }
  const std::vector<double> outcomes = OutcomesOf(book, loans);
  EnsembleOptions options = Options();
  options.seeds = 2;
  options.threads = 3;
  std::vector<FlatTrees> narrow(9);  // what was there is replaced
  std::vector<FlatTrees> wide;
  const std::array wanted = {Growing{&first_column, &narrow}, Growing{&rows, &wide}};
  REQUIRE(GrowAll(wanted, outcomes, options, nullptr).has_value());
  CHECK(wide == GrowTrees(rows, outcomes, options, nullptr).value());
  CHECK(narrow == GrowTrees(first_column, outcomes, options, nullptr).value());
  CHECK(narrow.front().columns() == 1);
  const std::vector<double> too_few(79);
  const auto failed = GrowAll(wanted, too_few, options, nullptr);
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("Deep trees are chosen where only they can learn the law") {
  // Whether five bits are odd: three of them say nothing of it.
  const LoanBook book = BookOfBits(400, [](unsigned bits, std::size_t) { return Parity(bits); });
  CHECK(ChooseDepth(book, FirstOf(book, 400), Options(), nullptr).value() == 6);
}

TEST_CASE("Shallow trees are chosen where there is nothing but noise") {
  std::mt19937 random(5);
  const LoanBook book = BookOfBits(400, [&random](unsigned, std::size_t) {
    return static_cast<double>(random() % 101) / 100.0;
  });
  CHECK(ChooseDepth(book, FirstOf(book, 400), Options(), nullptr).value() == kShallow);
}

TEST_CASE("The newest fifth of the outcomes judges the depth, and is not learnt from") {
  // The law turns around in the newest fifth: who learnt it best is most wrong. Deep trees that
  // were shown the fifth would know it by its sixth bit.
  LoanBook book = EmptyBook(kBits + 1);
  std::mt19937 random(3);
  for (int loan = 0; loan < 400; ++loan) {
    const unsigned bits = random() % 32;
    std::vector<double> numbers;
    for (std::size_t i = 0; i < kBits; ++i) numbers.push_back((bits >> i) % 2);
    numbers.push_back(loan < 320 ? 0.0 : 1.0);
    const double rate = loan < 320 ? Parity(bits) : 1.0 - Parity(bits);
    AddMade(&book, numbers, rate, Date(loan), Date(loan + 100));
  }
  CHECK(ChooseDepth(book, FirstOf(book, 400), Options(), nullptr).value() == kShallow);
  CHECK(ChooseDepth(book, FirstOf(book, 320), Options(), nullptr).value() == 6);
}

TEST_CASE("There is no choice among shallow trees, nor on next to no loans") {
  const LoanBook book = BookOfBits(400, [](unsigned, std::size_t loan) { return loan % 2; });
  EnsembleOptions options = Options();
  options.boosting.max_depth = 2;
  CHECK(ChooseDepth(book, FirstOf(book, 400), options, nullptr).value() == 2);
  CHECK(ChooseDepth(book, FirstOf(book, 1), Options(), nullptr).value() == 6);
  CHECK(ChooseDepth(book, FirstOf(book, 0), Options(), nullptr).value() == 6);
}

}  // namespace
}  // namespace recoup::model
