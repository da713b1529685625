#include <limits>
#include <string>
#include <vector>

#include "model/runtime/kernels/float_rows.h"
#include "tests/arm64/drawn_numbers.h"
#include "tests/arm64/kernel_cases.h"

namespace recoup::model::testing {
namespace {

// Around the vectors' sizes of all instruction sets, and with something left over.
constexpr std::size_t kSizes[] = {1, 3, 8, 21, 64, 67};

void PrintMaps(const ByteLines& lines) {
  for (const std::size_t in : kSizes) {
    for (const std::size_t out : kSizes) {
      for (const std::size_t count : {1, 2, 4, 7}) {
        DrawnNumbers draw(in);
        const std::vector<float> weights = draw.Floats(in * out, 2.0F);
        const std::vector<float> x = draw.Floats(count * in, 4.0F);
        std::vector<float> y = draw.Floats(count * out, 1.0F);
        AddFloatRows({in, out, weights.data()}, x.data(), count, y.data());
        lines.Print("float_map/" + std::to_string(in) + "x" + std::to_string(out) +
                        "/rows=" + std::to_string(count),
                    y);
      }
    }
  }
}

void PrintMeans(const ByteLines& lines) {
  const std::vector<std::uint32_t> children = {4, 0, 4, 2, 3};
  for (const std::size_t width : kSizes) {
    for (std::size_t count = 1; count <= children.size(); ++count) {
      DrawnNumbers draw(width);
      const std::vector<float> rows = draw.Floats(5 * width, 4.0F);
      const std::vector<float> weights = draw.Around(count, 0.5F);
      const std::string name =
          "float_mean/" + std::to_string(width) + "/children=" + std::to_string(count);
      std::vector<float> mean(width);
      MeanOfChildren({rows.data(), children.data(), nullptr, count}, width, mean.data());
      lines.Print(name, mean);
      MeanOfChildren({rows.data(), children.data(), weights.data(), count}, width, mean.data());
      lines.Print(name + "/weighted", mean);
    }
  }
}

}  // namespace

void PrintFloatRows(const ByteLines& lines) {
  PrintMaps(lines);
  PrintMeans(lines);
  std::vector<float> y = DrawnNumbers(1).Floats(67, 1.0F);
  y[0] = y[66] = std::numeric_limits<float>::quiet_NaN();
  y[1] = y[65] = -0.0F;
  y[2] = y[64] = -std::numeric_limits<float>::infinity();
  y[3] = y[63] = -std::numeric_limits<float>::denorm_min();
  RectifyFloats(y.data(), y.size());
  lines.Print("float_rectify", y);
}

}  // namespace recoup::model::testing
