// Named blocks of fp32 numbers: what a network is made of.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace recoup::model {

/// Shape: values[product of shape], row-major.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;

  bool operator==(const Tensor&) const = default;
};

/// Ordered by name, so that equal networks give equal bytes.
using TensorMap = std::map<std::string, Tensor>;

}  // namespace recoup::model
