#include "model/gnn/segment_sums.h"

#include <algorithm>
#include <cstdint>

namespace recoup::model {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class SegmentSumsFunction : public torch::autograd::Function<SegmentSumsFunction> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& rows, const Tensor& offsets) {
    ctx->save_for_backward({offsets});
    ctx->saved_data["rows"] = rows.size(0);
    const Tensor from = rows.contiguous();
    const std::int64_t width = from.size(1);
    Tensor sums = torch::zeros({offsets.size(0) - 1, width});
    const float* row = from.data_ptr<float>();
    float* sum = sums.data_ptr<float>();
    const auto* ends = offsets.data_ptr<std::int32_t>();
    for (std::int64_t s = 0; s < sums.size(0); ++s, sum += width) {
      for (std::int32_t m = ends[s]; m < ends[s + 1]; ++m, row += width) {
        for (std::int64_t i = 0; i < width; ++i) sum[i] += row[i];
      }
    }
    return sums;
  }

  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    const Tensor offsets = ctx->get_saved_variables()[0];
    const Tensor from = gradients[0].contiguous();
    const std::int64_t width = from.size(1);
    Tensor rows = torch::empty({ctx->saved_data["rows"].toInt(), width});
    const float* sum = from.data_ptr<float>();
    float* row = rows.data_ptr<float>();
    const auto* ends = offsets.data_ptr<std::int32_t>();
    for (std::int64_t s = 0; s < from.size(0); ++s, sum += width) {
      for (std::int32_t m = ends[s]; m < ends[s + 1]; ++m) row = std::copy_n(sum, width, row);
    }
    return {rows, Tensor()};
  }
};

}  // namespace

Tensor SegmentSums(const Tensor& rows, const Tensor& offsets) {
  return SegmentSumsFunction::apply(rows, offsets);
}

}  // namespace recoup::model
