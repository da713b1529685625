// A model's files may have been written by somebody else: whatever they hold, reading them ends
// with a value or an error, and what was read is written and read again unchanged.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/artifact/artifact_json.h"
#include "model/artifact/manifest.h"
#include "model/artifact/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tensors = recoup::model::ReadSafetensors(bytes);
  if (tensors) {
    const auto again = recoup::model::ReadSafetensors(recoup::model::WriteSafetensors(*tensors));
    if (!again || *again != *tensors) std::abort();
  }
  const auto manifest = recoup::model::ReadManifest(bytes);
  if (manifest && recoup::model::WriteManifest(*manifest) != bytes) std::abort();
  const auto features = recoup::model::ReadFeatures(bytes);
  if (features) {
    const auto again = recoup::model::ReadFeatures(recoup::model::WriteFeatures(*features));
    if (!again || *again != *features) std::abort();
  }
  const auto calibration = recoup::model::ReadCalibration(bytes);
  if (calibration) {
    const auto text = recoup::model::WriteCalibration(*calibration);
    if (recoup::model::ReadCalibration(text).value() != *calibration) std::abort();
  }
  return 0;
}
