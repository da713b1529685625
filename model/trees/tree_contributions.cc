// TreeSHAP, path dependent: Lundberg et al., "From local explanations to global understanding with
// explainable AI for trees", Nature Machine Intelligence 2020, algorithm 2. O(trees x leaves x
// depth squared) a row.
#include <algorithm>
#include <array>

#include "model/trees/flat_trees.h"

namespace recoup::model {
namespace {

// What share of the training rows (`without`) and of this row, 0 or 1 (`with`), goes down a branch.
struct Flow {
  double without = 1.0;
  double with = 1.0;
};

// One feature of a path: `weight` is that of the feature sets of as many members as its position.
struct Step {
  std::int32_t feature;
  Flow flow;
  double weight;
};

// The distinct features between the root and a node, with the weights of all their subsets. Step 0
// stands for no feature. Steps beyond the length are not initialised: most paths are short.
class Path {
 public:
  Path() { Append(-1, {}); }
  Path(const Path& other) : length_(other.length_) {
    std::copy_n(other.steps_.begin(), length_, steps_.begin());
  }
  Path& operator=(const Path&) = delete;

  std::size_t length() const { return length_; }
  const Step& at(std::size_t position) const { return steps_[position]; }

  // EXTEND of the paper.
  void Append(std::int32_t feature, Flow flow) {
    const std::size_t last = length_++;
    steps_[last] = {feature, flow, last == 0 ? 1.0 : 0.0};
    const auto size = static_cast<double>(length_);
    for (std::size_t i = last; i-- > 0;) {
      const double weight = steps_[i].weight;
      steps_[i + 1].weight += flow.with * weight * static_cast<double>(i + 1) / size;
      steps_[i].weight = flow.without * weight * static_cast<double>(last - i) / size;
    }
  }

  // UNWIND of the paper: takes the feature out, if it is there, and returns its flow.
  Flow TakeOut(std::int32_t feature) {
    const auto begin = steps_.begin() + 1;
    const auto end = steps_.begin() + static_cast<std::ptrdiff_t>(length_);
    const auto found =
        std::find_if(begin, end, [&](const Step& step) { return step.feature == feature; });
    if (found == end) return {};
    const Flow flow = found->flow;
    RemoveWeights(flow);
    for (auto step = found; step + 1 != end; ++step) {
      step->feature = (step + 1)->feature;
      step->flow = (step + 1)->flow;
    }
    --length_;
    return flow;
  }

  // Returns the sum of the weights that would remain without the step.
  double WeightWithout(std::size_t position) const {
    const Flow flow = steps_[position].flow;
    const std::size_t last = length_ - 1;
    const auto size = static_cast<double>(length_);
    double next = steps_[last].weight;
    double sum = 0.0;
    for (std::size_t i = last; i-- > 0;) {
      const double below = flow.without * static_cast<double>(last - i) / size;
      if (flow.with == 0.0) {
        sum += steps_[i].weight / below;
        continue;
      }
      const double weight = next * size / (static_cast<double>(i + 1) * flow.with);
      sum += weight;
      next = steps_[i].weight - weight * below;
    }
    return sum;
  }

 private:
  void RemoveWeights(Flow flow) {
    const std::size_t last = length_ - 1;
    const auto size = static_cast<double>(length_);
    double next = steps_[last].weight;
    for (std::size_t i = last; i-- > 0;) {
      const double below = flow.without * static_cast<double>(last - i) / size;
      if (flow.with == 0.0) {
        steps_[i].weight /= below;
        continue;
      }
      const double weight = steps_[i].weight;
      steps_[i].weight = next * size / (static_cast<double>(i + 1) * flow.with);
      next = weight - steps_[i].weight * below;
    }
  }

  std::size_t length_ = 0;
  std::array<Step, FlatTrees::kMaxDepth + 1> steps_;
};

// Where this row does not go and less than this share of all others does, nothing below counts; and
// weights that are divided by such a share could be lost among the subnormal numbers.
constexpr double kNegligible = 1e-200;

// Shares of the training rows that go left and right; halves where none came by.
std::array<double, 2> Shares(std::span<const TreeNode> nodes, const TreeNode& node) {
  const double left = nodes[node.left].cover;
  const double right = nodes[node.left + 1].cover;
  if (left + right == 0.0) return {0.5, 0.5};
  return {left / (left + right), right / (left + right)};
}

class Explanation {
 public:
  Explanation(const FlatTrees& trees, std::span<const float> row, std::span<double> contributions)
      : nodes_(trees.nodes()), row_(row), contributions_(contributions) {}

  // RECURSE of the paper, from node `position`. Recursion ends: trees are kMaxDepth deep at most.
  void Add(std::uint32_t position, const Path& path) {
    const TreeNode& node = nodes_[position];
    if (node.is_leaf()) return AddLeaf(node.value, path);
    Path above = path;
    const Flow earlier = above.TakeOut(node.feature);
    const std::uint32_t taken = NextNode(node, row_);
    const std::array<double, 2> shares = Shares(nodes_, node);
    for (const std::uint32_t side : {0U, 1U}) {
      const std::uint32_t child = node.left + side;
      const Flow flow{earlier.without * shares[side], child == taken ? earlier.with : 0.0};
      if (flow.with == 0.0 && flow.without < kNegligible) continue;
      Path below = above;
      below.Append(node.feature, flow);
      Add(child, below);
    }
  }

 private:
  void AddLeaf(double value, const Path& path) {
    for (std::size_t i = 1; i < path.length(); ++i) {
      const Step& step = path.at(i);
      contributions_[static_cast<std::size_t>(step.feature)] +=
          path.WeightWithout(i) * (step.flow.with - step.flow.without) * value;
    }
  }

  std::span<const TreeNode> nodes_;
  std::span<const float> row_;
  std::span<double> contributions_;
};

// Returns the mean leaf below each node, weighted by cover. Children follow their parents.
std::vector<double> MeansBelow(std::span<const TreeNode> nodes) {
  std::vector<double> means(nodes.size());
  for (std::size_t position = nodes.size(); position-- > 0;) {
    const TreeNode& node = nodes[position];
    if (node.is_leaf()) {
      means[position] = node.value;
      continue;
    }
    const auto [left, right] = Shares(nodes, node);
    means[position] = left * means[node.left] + right * means[node.left + 1];
  }
  return means;
}

}  // namespace

double FlatTrees::Contributions(std::span<const float> row, std::span<double> contributions) const {
  RECOUP_CHECK(row.size() == columns_ && contributions.size() == columns_);
  std::fill(contributions.begin(), contributions.end(), 0.0);
  const std::vector<double> means = MeansBelow(nodes_);
  Explanation explanation(*this, row, contributions);
  double expectation = base_;
  for (const std::uint32_t root : roots_) {
    explanation.Add(root, Path());
    expectation += means[root];
  }
  return expectation;
}

}  // namespace recoup::model
