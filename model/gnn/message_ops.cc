#include "model/gnn/message_ops.h"

#include <cstdint>

namespace recoup::model {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// A row-major fp32 matrix; the loops below need no more of a tensor.
struct Matrix {
  explicit Matrix(const Tensor& tensor)
      : data(tensor.data_ptr<float>()), rows(tensor.size(0)), width(tensor.size(1)) {}
  float* Row(std::int64_t row) const { return data + row * width; }

  float* data;
  std::int64_t rows;
  std::int64_t width;
};

void AddScaled(float* __restrict y, const float* __restrict x, float scale, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += scale * x[i];
}

struct EdgeView {
  explicit EdgeView(const MessageEdges& edges)
      : offsets(edges.offsets.data_ptr<std::int32_t>()),
        children(edges.children.data_ptr<std::int32_t>()),
        scales(edges.scales.data_ptr<float>()),
        groups(edges.parents.size(0)) {}

  // Calls visit(group, child, scale) for every edge, in order.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (std::int64_t group = 0; group < groups; ++group) {
      for (std::int32_t e = offsets[group]; e < offsets[group + 1]; ++e) {
        visit(group, children[e], scales[e]);
      }
    }
  }

  const std::int32_t* offsets;
  const std::int32_t* children;
  const float* scales;
  std::int64_t groups;
};

Tensor MeanOfChildren(const Tensor& rows, const MessageEdges& edges) {
  Tensor means = torch::zeros({edges.parents.size(0), rows.size(1)});
  const Matrix from(rows);
  const Matrix to(means);
  EdgeView(edges).ForEach([&](std::int64_t group, std::int32_t child, float scale) {
    AddScaled(to.Row(group), from.Row(child), scale, to.width);
  });
  return means;
}

class AddMessagesFunction : public torch::autograd::Function<AddMessagesFunction> {
 public:
  static Tensor forward(AutogradContext* ctx, Tensor sums, const Tensor& rows, const Tensor& weight,
                        const Tensor& parents, const Tensor& offsets, const Tensor& children,
                        const Tensor& scales) {
    const MessageEdges edges{parents, offsets, children, scales};
    const Tensor means = MeanOfChildren(rows, edges);
    const Tensor messages = torch::mm(means, weight.t());
    const Matrix from(messages);
    const Matrix to(sums);
    const auto* parent = parents.data_ptr<std::int32_t>();
    for (std::int64_t p = 0; p < from.rows; ++p) {
      AddScaled(to.Row(parent[p]), from.Row(p), 1.0F, to.width);
    }
    ctx->save_for_backward({weight, means, parents, offsets, children, scales});
    ctx->saved_data["rows"] = rows.size(0);
    ctx->mark_dirty({sums});
    return sums;
  }

  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    const variable_list saved = ctx->get_saved_variables();
    const Tensor& weight = saved[0];
    const MessageEdges edges{saved[2], saved[3], saved[4], saved[5]};
    const Tensor all = gradients[0].contiguous();
    Tensor messages = torch::empty({edges.parents.size(0), all.size(1)});
    const Matrix from(all);
    const Matrix picked(messages);
    const auto* parent = edges.parents.data_ptr<std::int32_t>();
    for (std::int64_t p = 0; p < picked.rows; ++p) {
      std::copy_n(from.Row(parent[p]), picked.width, picked.Row(p));
    }
    const Tensor weight_gradient = torch::mm(messages.t(), saved[1]);
    const Tensor means = torch::mm(messages, weight);
    Tensor rows = torch::zeros({ctx->saved_data["rows"].toInt(), means.size(1)});
    const Matrix mean(means);
    const Matrix to(rows);
    EdgeView(edges).ForEach([&](std::int64_t group, std::int32_t child, float scale) {
      AddScaled(to.Row(child), mean.Row(group), scale, to.width);
    });
    return {all, rows, weight_gradient, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

class AddCategoryFunction : public torch::autograd::Function<AddCategoryFunction> {
 public:
  static Tensor forward(AutogradContext* ctx, Tensor sums, const Tensor& table,
                        const Tensor& words) {
    const Matrix from(table);
    const Matrix to(sums);
    const auto* word = words.data_ptr<std::int32_t>();
    for (std::int64_t row = 0; row < to.rows; ++row) {
      AddScaled(to.Row(row), from.Row(word[row]), 1.0F, to.width);
    }
    ctx->save_for_backward({words});
    ctx->saved_data["size"] = table.size(0);
    ctx->mark_dirty({sums});
    return sums;
  }

  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    const Tensor all = gradients[0].contiguous();
    const Tensor words = ctx->get_saved_variables()[0];
    Tensor table = torch::zeros({ctx->saved_data["size"].toInt(), all.size(1)});
    const Matrix from(all);
    const Matrix to(table);
    const auto* word = words.data_ptr<std::int32_t>();
    for (std::int64_t row = 0; row < from.rows; ++row) {
      AddScaled(to.Row(word[row]), from.Row(row), 1.0F, to.width);
    }
    return {all, table, Tensor()};
  }
};

}  // namespace

Tensor AddMessages(const Tensor& sums, const Tensor& rows, const Tensor& weight,
                   const MessageEdges& edges) {
  return AddMessagesFunction::apply(sums, rows, weight, edges.parents, edges.offsets,
                                    edges.children, edges.scales);
}

Tensor AddCategory(const Tensor& sums, const Tensor& table, const Tensor& words) {
  return AddCategoryFunction::apply(sums, table, words);
}

}  // namespace recoup::model
