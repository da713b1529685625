#include "model/boosting/xgboost_json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace recoup::model {
namespace {

// Reads every number with a point or an exponent straight into a float, as libxgboost wrote it: by
// way of a double it would be rounded twice.
using Json = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t,
                                  std::uint64_t, float>;

Error Unknown(const std::string& what) {
  return {ErrorCode::kInternal, "libxgboost saved trees that cannot be read: " + what};
}

// The arrays of one tree, one member a node.
struct SavedTree {
  std::vector<std::int32_t> left;
  std::vector<std::int32_t> right;
  std::vector<std::int32_t> feature;
  std::vector<std::int32_t> missing_left;
  std::vector<std::int32_t> is_category;
  std::vector<float> value;  // a split's threshold, a leaf's value
  std::vector<float> cover;
  std::vector<float> gain;

  std::size_t nodes() const { return left.size(); }
  bool IsLeaf(std::size_t node) const { return left[node] < 0; }
};

// A flag is a number or, in some versions, true or false.
std::vector<std::int32_t> Flags(const Json& list) {
  std::vector<std::int32_t> flags;
  for (const Json& flag : list) {
    flags.push_back(flag.is_boolean() ? flag.get<bool>() : flag.get<std::int32_t>());
  }
  return flags;
}

SavedTree ParseTree(const Json& tree) {
  return {tree.at("left_children"),       tree.at("right_children"),    tree.at("split_indices"),
          Flags(tree.at("default_left")), Flags(tree.at("split_type")), tree.at("split_conditions"),
          tree.at("sum_hessian"),         tree.at("loss_changes")};
}

bool IsWhole(const SavedTree& tree) {
  const std::size_t nodes = tree.nodes();
  return nodes > 0 && tree.right.size() == nodes && tree.feature.size() == nodes &&
         tree.missing_left.size() == nodes && tree.is_category.size() == nodes &&
         tree.value.size() == nodes && tree.cover.size() == nodes && tree.gain.size() == nodes;
}

// Collects the trees; nodes that pruning left behind are dropped, because no walk reaches them.
class Collector {
 public:
  explicit Collector(std::size_t columns) : gains_(columns) {}

  Result<void> Add(const SavedTree& tree) {
    if (!IsWhole(tree)) return Unknown("its arrays differ in length");
    const std::size_t root = nodes_.size();
    roots_.push_back(static_cast<std::uint32_t>(root));
    nodes_.emplace_back();
    // Position i of the queue becomes node root + i.
    std::vector<std::size_t> queue = {0};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::size_t saved = queue[i];
      nodes_[root + i].value = tree.value[saved];
      nodes_[root + i].cover = tree.cover[saved];
      if (tree.IsLeaf(saved)) continue;
      RECOUP_TRY(CheckSplit(tree, saved, queue.size()));
      AddSplit(tree, saved, root + i);
      queue.push_back(static_cast<std::size_t>(tree.left[saved]));
      queue.push_back(static_cast<std::size_t>(tree.right[saved]));
    }
    return {};
  }

  Result<FlatTrees> Finish(float base) && {
    const std::size_t columns = gains_.size();
    auto trees = FlatTrees::Make(columns, base, std::move(roots_), std::move(nodes_));
    if (!trees) return Unknown(trees.error().message);
    double total = 0.0;
    for (const double gain : gains_) total += gain;
    std::vector<float> shares(columns);
    for (std::size_t i = 0; i < columns && total > 0.0; ++i) {
      shares[i] = static_cast<float>(gains_[i] / total);
    }
    trees->set_gain_shares(std::move(shares));
    return trees;
  }

 private:
  Result<void> CheckSplit(const SavedTree& tree, std::size_t node, std::size_t queued) const {
    const auto inside = [&](std::int32_t child) {
      return child >= 0 && static_cast<std::size_t>(child) < tree.nodes();
    };
    if (!inside(tree.left[node]) || !inside(tree.right[node])) return Unknown("a child is no node");
    if (queued >= tree.nodes()) return Unknown("a node has two parents");
    if (tree.is_category[node] != 0) return Unknown("a split is not numeric");
    if (tree.feature[node] < 0 || static_cast<std::size_t>(tree.feature[node]) >= gains_.size()) {
      return Unknown("a split is on no column");
    }
    return {};
  }

  void AddSplit(const SavedTree& tree, std::size_t saved, std::size_t position) {
    TreeNode& node = nodes_[position];
    node.feature = tree.feature[saved];
    node.left = static_cast<std::uint32_t>(nodes_.size());
    node.missing_left = tree.missing_left[saved] != 0;
    gains_[static_cast<std::size_t>(node.feature)] += std::max(0.0, double{tree.gain[saved]});
    nodes_.resize(nodes_.size() + 2);
  }

  std::vector<std::uint32_t> roots_;
  std::vector<TreeNode> nodes_;
  std::vector<double> gains_;
};

// `5E-1`, or from version 3.1 on `[5E-1]`, a list with one number a target.
Result<float> ParseBase(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  float base = 0.0F;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), base);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Unknown("the base score is no number: " + std::string(text));
  }
  return base;
}

Result<FlatTrees> Convert(const Json& learner, XgboostModelSize size) {
  const Json& booster = learner.at("gradient_booster");
  if (booster.at("name").get<std::string>() != "gbtree") return Unknown("it is no gbtree");
  const Json& trees = booster.at("model").at("trees");
  const auto rounds = static_cast<std::size_t>(std::max(size.rounds, 0));
  if (trees.size() < rounds) {
    return Unknown("it has fewer trees than rounds: " + std::to_string(trees.size()));
  }
  RECOUP_ASSIGN(
      const float base,
      ParseBase(learner.at("learner_model_param").at("base_score").get_ref<const std::string&>()));
  Collector collector(size.columns);
  for (std::size_t i = 0; i < rounds; ++i) RECOUP_TRY(collector.Add(ParseTree(trees[i])));
  return std::move(collector).Finish(base);
}

}  // namespace

Result<FlatTrees> ReadXgboostJson(std::string_view text, XgboostModelSize size) {
  try {
    return Convert(Json::parse(text).at("learner"), size);
  } catch (const Json::exception& exception) {
    return Unknown(exception.what());
  }
}

}  // namespace recoup::model
