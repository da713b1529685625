#include "model/learning/credibility_case.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "model/runtime/credibility_pass.h"
#include "tests/unit/model/learning/fitting_world.h"
#include "tests/unit/model/learning/made_book.h"

namespace recoup::model {
namespace {

using testing::BitsOf;
using testing::Fitted;
using testing::FittingWorld;
using testing::RowOf;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
using Names = std::vector<std::string>;

// Twenty loans, of which one half was expected: every second brought in all, the others nothing.
// What peers say through each relation is `says(loan, residual)`.
struct Rumours {
  LoanBook book = testing::EmptyBook(0);
  Timeline timeline;
  std::vector<std::uint32_t> all;

  Rumours() {
    for (int i = 0; i < 20; ++i) testing::AddMade(&book, {}, i % 2, Date(i), Date(i + 50));
    all.resize(20);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<float> expected(20, 0.5F);
    expected[19] = kNaN;
    timeline.index = std::make_shared<PeerIndex>(book, std::move(expected));
  }

  using Says = std::function<float(std::uint32_t loan, float residual)>;
  void Set(const std::vector<std::pair<std::string, Says>>& relations) {
    for (const auto& [name, says] : relations) {
      timeline.relations.push_back(name);
      timeline.residual.columns.insert(timeline.residual.columns.end(), 2, name);
    }
    for (const std::uint32_t loan : all) {
      for (const auto& [name, says] : relations) {
        timeline.residual.values.push_back(says(loan, loan % 2 == 0 ? -0.5F : 0.5F));
        timeline.residual.values.push_back(-77.0F);  // the one-year column has no say
      }
    }
  }
};

// Right about the first `heard` loans, and not heard by the others.
Rumours::Says RightFor(std::uint32_t heard, float scale = 1.0F) {
  return [=](std::uint32_t loan, float residual) {
    return loan < heard ? scale * residual : (loan % 2 == 0 ? 0.0F : kNaN);
  };
}

TEST_CASE("Relations that speak to a tenth of the loans and say what comes true are listened to") {
  Rumours rumours;
  rumours.Set({{"a_ninth_of_ten", RightFor(1)},
               {"b_tenth", RightFor(2)},
               {"c_wrong", [](std::uint32_t, float residual) { return -residual; }},
               {"d_silent", RightFor(0)},
               {"e_right", RightFor(20)}});
  CHECK(MessageRelations(rumours.timeline, rumours.all) == Names{"b_tenth", "e_right"});
  // Of the learnt loans only.
  const std::vector<std::uint32_t> later = {10, 11, 12, 13, 14, 15, 16, 17, 18};
  CHECK(MessageRelations(rumours.timeline, later) == Names{"e_right"});
  CHECK(MessageRelations(rumours.timeline, {}).empty());
}

TEST_CASE("The four relations that explain most are kept, by name, whatever their scale") {
  Rumours rumours;
  // A line through 0 takes heard / 4 off the sum of squares, 5 / 2 / (1 + 1/4) for the half right.
  const auto half_right = [](std::uint32_t loan, float residual) {
    return loan % 4 < 2 ? residual : (loan < 9 ? -0.5F : 0.5F) * residual;
  };
  rumours.Set({{"a", RightFor(8)},
               {"b", RightFor(18, 0.01F)},
               {"c", half_right},
               {"d", RightFor(14, 100.0F)},
               {"e", RightFor(10)},
               {"f", RightFor(16)},
               {"g", RightFor(12, 0.5F)}});
  CHECK(MessageRelations(rumours.timeline, rumours.all) == Names{"b", "d", "f", "g"});
}

TEST_CASE("Loans without a residual have no say in what is listened to") {
  Rumours rumours;
  rumours.Set({{"a", [](std::uint32_t loan, float) { return loan == 19 ? 1.0F : kNaN; }}});
  const std::vector<std::uint32_t> last = {19};
  CHECK(MessageRelations(rumours.timeline, last).empty());
}

FittedEnsemble Listening(const FittingWorld& world, const Names& relations) {
  FittedEnsemble fitted;
  fitted.schema = world.timeline.bases.back().schema;
  fitted.ensemble.relations = world.timeline.relations;
  fitted.ensemble.message_relations = relations;
  fitted.ensemble.variant = CredibilityVariant::kDeep;
  return fitted;
}

TEST_CASE("A case has the whole book as rows, and slots and context of the loans asked for") {
  const FittingWorld world;
  const Names messages = {"out.originated_by.party", "group.vintage"};  // not by name
  const std::vector<std::uint32_t> loans = {200, 3, 77};
  const FittingTask task = world.Task();
  const CredibilityCase made = MakeCredibilityCase(task, Listening(world, messages), loans);
  const FeatureSchema& schema = world.timeline.bases.back().schema;
  const LoanRows rows =
      RowsOf(EncodeLoans(world.book, schema, world.All()), schema.Of(graph::NodeKind::kLoan));
  CHECK(made.rows.rows() == world.book.size());
  CHECK(made.rows.numeric == rows.numeric);
  CHECK(made.rows.categories == rows.categories);
  CHECK(made.rows.category_sizes == rows.category_sizes);
  CHECK(made.inputs.loans == loans);
  PeerSlots slots{2, kCredibilitySlots, {}, {}, {}};
  std::vector<float> context;
  for (const std::uint32_t loan : loans) {
    const PeerQuestion question{world.book.MembersOf(loan), world.book.examples[loan].as_of, loan};
    for (const std::string& name : messages) {
      const auto& names = world.book.catalog.relations();
      const auto number =
          static_cast<std::uint32_t>(std::find(names.begin(), names.end(), name) - names.begin());
      world.timeline.index->Sample(question, {&number, 1}, &slots);
    }
    const std::vector<float> of_loan =
        ContextOfLoan(world.timeline, schema.prior_recovery_rate(), loan);
    context.insert(context.end(), of_loan.begin(), of_loan.end());
  }
  CHECK(made.inputs.slots.relations == 2);
  CHECK(made.inputs.slots.slots == kCredibilitySlots);
  CHECK(made.inputs.slots.peers == slots.peers);
  CHECK(made.inputs.slots.years == slots.years);
  CHECK(made.inputs.slots.residuals == slots.residuals);
  CHECK(made.inputs.context_width == 1 + 2 * world.timeline.relations.size());
  CHECK(BitsOf(made.inputs.context) == BitsOf(context));
  CHECK(std::count(slots.peers.begin(), slots.peers.end(), -1) < 250);
}

TEST_CASE("Corrections are the mean over the seeds' networks, 0 without any") {
  FittingWorld world;
  FittedEnsemble fitted = Listening(world, {"group.vintage", "out.originated_by.party"});
  const std::vector<std::uint32_t> loans = {5, 100, 230};
  const FittingTask task = world.Task();
  CHECK(CredibilityCorrections(task, fitted, loans).value() == std::vector<double>(3, 0.0));
  const CredibilityCase made = MakeCredibilityCase(task, fitted, loans);
  for (const std::uint64_t seed : {1U, 2U}) {
    TensorMap weights =
        world.plugin
            .TrainCredibility({&made.rows, &made.inputs, {}},
                              {.variant = CredibilityVariant::kDeep, .seed = seed}, {}, {})
            .value();
    fitted.ensemble.credibility.push_back(std::move(weights));
  }
  const auto corrections = CredibilityCorrections(task, fitted, loans);
  REQUIRE(corrections.has_value());
  const std::size_t width = made.inputs.context_width;
  CredibilityPass::Scratch scratch;
  for (std::size_t i = 0; i < loans.size(); ++i) {
    double sum = 0.0;
    for (const TensorMap& weights : fitted.ensemble.credibility) {
      const auto pass =
          CredibilityPass::Make(weights, CredibilityVariant::kDeep, made.rows, 2, width);
      const auto context = std::span(made.inputs.context).subspan(i * width, width);
      sum +=
          pass->Forecast(QuestionOf(made.rows, loans[i], made.inputs.slots, i, context), scratch);
    }
    CHECK(sum != 0.0);
    CHECK((*corrections)[i] == sum / 2.0);
  }
  // In any company, and on any number of threads.
  world.walk.ensemble.threads = 3;
  const auto all = CredibilityCorrections(task, fitted, world.All());
  REQUIRE(all.has_value());
  for (std::size_t i = 0; i < loans.size(); ++i) CHECK((*all)[loans[i]] == (*corrections)[i]);
}

TEST_CASE("Loans of which nothing was expected yet are corrected by a number, too") {
  const FittingWorld world;
  REQUIRE(std::count_if(world.timeline.expected.begin(), world.timeline.expected.end(),
                        [](float expected) { return std::isnan(expected); }) > 10);
  const FittedEnsemble fitted = Fitted(world.Task());
  REQUIRE_FALSE(fitted.ensemble.credibility.empty());
  const auto corrections = CredibilityCorrections(world.Task(), fitted, world.All());
  REQUIRE(corrections.has_value());
  CHECK(std::all_of(corrections->begin(), corrections->end(),
                    [](double correction) { return std::isfinite(correction); }));
}

TEST_CASE("A network that does not fit the loans is an error") {
  const FittingWorld world;
  FittedEnsemble fitted = Listening(world, {"group.vintage"});
  fitted.ensemble.credibility = {{{"credibility.decay", {{1, 1}, {0.0F}}}}};
  CHECK_FALSE(CredibilityCorrections(world.Task(), fitted, world.All()).has_value());
}

}  // namespace
}  // namespace recoup::model
