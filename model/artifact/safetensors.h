// Tensors as bytes, in the public safetensors format, so that other tools can read our weights.
#pragma once

#include <string>
#include <string_view>

#include "graph/types/result.h"
#include "model/artifact/tensor.h"

namespace recoup::model {

/// Returns the file's bytes; equal tensors give equal bytes (docs/formats/model.md).
/// REQUIRES: each tensor holds as many values as its shape says.
std::string WriteSafetensors(const TensorMap& tensors);

/// Reads what WriteSafetensors wrote, or any safetensors file that holds fp32 only. The bytes are
/// not trusted: sizes are checked before anything is allocated.
/// Errors: kDataLoss (truncated, too long, a header that is not JSON, duplicate names, another
/// dtype, holes or overlaps, a number that is not finite; names the tensor).
Result<TensorMap> ReadSafetensors(std::string_view bytes);

}  // namespace recoup::model
