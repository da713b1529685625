#include "model/evaluation/model_card.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "graph/schema/node_kind.h"

#ifndef RECOUP_VERSION
#define RECOUP_VERSION "unknown"
#endif

namespace recoup::model {
namespace {

using Json = nlohmann::ordered_json;

Json Number(double figure) {
  if (!std::isfinite(figure)) return nullptr;
  return std::strtod(FormatFigure(figure).c_str(), nullptr);
}

Json JsonOf(const RowFigures& figures) {
  return {{"r2", Number(figures.r_squared)},   {"mae", Number(figures.mae)},
          {"rmse", Number(figures.rmse)},      {"spearman", Number(figures.spearman)},
          {"crps", Number(figures.crps)},      {"coverage80", Number(figures.coverage80)},
          {"width80", Number(figures.width80)}};
}

/// The day after the last outcome that training or validation knew.
Date LabelsBefore(const PreparedData& data) {
  Date last = Date::Min();
  for (const auto* part : {&data.training, &data.validation}) {
    for (const Example& example : *part) last = std::max(last, example.outcome_known_at);
  }
  return last.PlusDays(1);
}

Json SplitJson(const PreparedData& data) {
  Json json = {{"description", data.split_description},
               {"training", data.training.size()},
               {"validation", data.validation.size()},
               {"test", data.test.size()},
               {"left_out", data.left_out},
               {"left_out_known_on_valuation_day", data.known_at_once},
               {"left_out_not_shown_on_valuation_day", data.not_shown},
               {"labels_before", LabelsBefore(data).ToString()}};
  if (data.dates) {
    json["train_before"] = data.dates->train_before.ToString();
    json["validation_before"] = data.dates->validation_before.ToString();
    json["test_from"] = data.dates->test_from.ToString();
    if (data.dates->test_before) json["test_before"] = data.dates->test_before->ToString();
  }
  return json;
}

Json DataJson(const PreparedData& data) {
  const auto by_day = [](const Example& a, const Example& b) {
    return a.outcome_known_at < b.outcome_known_at;
  };
  const auto first = std::min_element(data.training.begin(), data.training.end(), by_day);
  const auto last = std::max_element(data.test.begin(), data.test.end(), by_day);
  return {{"store_epoch", data.view->epoch()},
          {"known_to", data.view->as_of().ToString()},
          {"first_training_outcome", first->outcome_known_at.ToString()},
          {"last_test_outcome", last->outcome_known_at.ToString()},
          {"mean_training_recovery_rate", Number(data.schema.prior_recovery_rate())}};
}

Json TrainingJson(const TrainingOptions& options, const TrainedNetwork& training) {
  return {{"seed", options.seed},
          {"threads", options.threads},
          {"hidden_width", options.hidden_width},
          {"head_width", options.head_width},
          {"batch_size", options.batch_size},
          {"learning_rate", options.learning_rate},
          {"weight_decay", options.weight_decay},
          {"dropout", options.dropout},
          {"edge_dropout", options.edge_dropout},
          {"max_epochs", options.max_epochs},
          {"patience", options.patience},
          {"epochs", training.epochs},
          {"best_epoch", training.best_epoch},
          {"validation_loss", Number(training.validation_loss)},
          {"interrupted", training.interrupted}};
}

Json EnsembleJson(const Ensemble& ensemble, const TrainModelOptions& options,
                  const CardFigures& figures) {
  Json members = Json::array();
  for (const MemberShare& share : figures.members) {
    members.push_back({{"name", share.name},
                       {"weight", Number(share.weight)},
                       {"test_r2_alone", Number(share.r_squared)},
                       {"test_r2_of_the_others", Number(share.without_it)}});
  }
  const bool additive = ensemble.variant == CredibilityVariant::kAdditive;
  return {{"members", members},
          {"network_share", Number(ensemble.network_weight)},
          {"learnt_before", ensemble.labels_before.ToString()},
          {"relations", ensemble.relations},
          {"history_relations", ensemble.history_relations},
          {"message_relations", ensemble.message_relations},
          {"credibility_variant", additive ? "additive" : "deep"},
          {"seeds", options.ensemble.seeds},
          {"rounds", options.ensemble.boosting.max_rounds},
          {"max_depth", figures.tree_depth},
          {"ridge_penalty", options.ensemble.ridge_penalty},
          {"credibility_epochs", options.credibility.epochs},
          {"calibration",
           {{"coverage", Number(ensemble.calibration.coverage)},
            {"window", ensemble.calibration.window},
            {"scores", ensemble.calibration.scores.size()}}}};
}

// What rounding changed of the network's own means; `recoup model quantize` measures more.
Json RoundingJson(const ModelArtifact& artifact, const RoundingChange& change) {
  return {{"test_loans", change.loans},
          {"network_mean_change", change.mean},
          {"network_max_change", change.max},
          {"left_out", !artifact.int8.has_value()}};
}

Json AttributesJson(const FeatureSchema& schema) {
  Json json = Json::object();
  for (const KindFeatures& kind : schema.kinds()) {
    std::vector<std::string> names;
    for (const NumericFeature& feature : kind.numeric) names.push_back(feature.attribute);
    for (const CategoryFeature& feature : kind.categories) names.push_back(feature.attribute);
    if (!names.empty()) json[std::string(graph::NodeKindName(kind.kind))] = names;
  }
  return json;
}

Json LimitationsJson(const PreparedData& data, const ModelArtifact& artifact,
                     const CardFigures& figures) {
  Json json = Json::array(
      {"It knows only loans like those of its data window. Recoveries drift with the economy and "
       "the law: compare forecasts with new outcomes, and train again at least twice a year.",
       "It forecasts the recovery rate as the outcomes define it (share of the exposure at "
       "default), not the time of recovery.",
       "The interval promises " + FormatFigure(artifact.calibration.coverage) +
           " coverage for loans like those of validation; on the test loans it was " +
           FormatFigure(figures.test.coverage80) + ".",
       "Whether the graph helps has to be read off `recoup evaluate`, which trains the same "
       "network without edges and with shuffled edges and compares them with boosted trees.",
       "It has not been checked for unequal treatment of groups of debtors, and must not decide "
       "alone about a person."});
  if (data.test_valued_too_early > 0) {
    json.push_back(
        "Some test loans were valued before the last outcome of training and "
        "validation was known; the figures on test flatter by so much: " +
        std::to_string(data.test_valued_too_early) + " loans.");
  }
  return json;
}

}  // namespace

std::string ModelCard(const ModelArtifact& artifact, const PreparedData& data,
                      const TrainModelOptions& options, const CardFigures& figures) {
  Json card;
  card["version"] = artifact.version;
  card["data"] = DataJson(data);
  card["split"] = SplitJson(data);
  card["training"] = TrainingJson(options.training, figures.learning);
  if (artifact.ensemble) card["ensemble"] = EnsembleJson(*artifact.ensemble, options, figures);
  if (!figures.no_ensemble_because.empty()) {
    card["ensemble"] = {{"absent_because", figures.no_ensemble_because}};
  }
  card["sampling"] = {{"first_hop_limit", artifact.sampling.first_hop_limit},
                      {"second_hop_limit", artifact.sampling.second_hop_limit}};
  card["metrics"] = {{"validation", JsonOf(figures.validation)}, {"test", JsonOf(figures.test)}};
  card["calibration"] = {{"coverage", Number(artifact.calibration.coverage)},
                         {"margin", Number(artifact.calibration.margin)},
                         {"loans", artifact.calibration.loans}};
  card["quantization"] = {{"int8", RoundingJson(artifact, figures.rounding)}};
  card["attributes"] = AttributesJson(artifact.schema);
  card["allowed_although_forbidden"] = options.fit.allow_forbidden;
  card["feature_schema_sha256"] = artifact.schema.Hash();
  card["limitations"] = LimitationsJson(data, artifact, figures);
  card["versions"] = {{"recoup", RECOUP_VERSION}, {"compiler", __VERSION__}};
  return card.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Date> LabelsBeforeOfCard(std::string_view card_json) {
  const Json card = Json::parse(card_json, nullptr, /*allow_exceptions=*/false);
  if (!card.is_object() || !card.contains("split") || !card["split"].is_object()) return {};
  const auto day = card["split"].find("labels_before");
  if (day == card["split"].end() || !day->is_string()) return {};
  const Result<Date> parsed = Date::Parse(day->get_ref<const std::string&>());
  return parsed.has_value() ? std::optional<Date>(*parsed) : std::nullopt;
}

}  // namespace recoup::model
