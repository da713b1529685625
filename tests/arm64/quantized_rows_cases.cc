#include <string>
#include <vector>

#include "model/runtime/kernels/quantized_rows.h"
#include "tests/arm64/drawn_numbers.h"
#include "tests/arm64/kernel_cases.h"

namespace recoup::model::testing {
namespace {

using Floats = AlignedVector<float>;

struct MapShape {
  std::size_t in = 4;
  std::size_t out = 16;
  std::size_t group = 4;
};
constexpr MapShape kShapes[] = {{4, 16, 4},  {8, 16, 8},   {12, 48, 8},
                                {64, 64, 8}, {64, 64, 64}, {68, 32, 32}};

std::string NameOf(const std::string& kernel, const MapShape& shape, std::size_t count) {
  return kernel + "/" + std::to_string(shape.in) + "x" + std::to_string(shape.out) +
         "/group=" + std::to_string(shape.group) + "/rows=" + std::to_string(count);
}

PackedMap DrawMap(const MapShape& shape, DrawnNumbers& draw) {
  const std::size_t groups = (shape.in + shape.group - 1) / shape.group;
  return {shape.in, shape.out, shape.group,
          draw.Weights<AlignedVector<std::int8_t>>(shape.in * shape.out, 127),
          draw.Around<Floats>(groups * shape.out, 0x1p-9F)};
}

void PrintMaps(const ByteLines& lines, const MapShape& shape) {
  for (const std::size_t count : {1, 2, 3, 4, 5, 9}) {
    DrawnNumbers draw(count);
    const PackedMap map = DrawMap(shape, draw);
    const std::vector<float> bias = draw.Floats(shape.out, 1.0F);
    const std::vector<std::uint8_t> u = draw.Bytes(count * shape.in);
    std::vector<float> y(count * shape.out);
    StartRows(map, bias.data(), u.data(), count, y.data());
    lines.Print(NameOf("start_rows", shape, count), y);
    AddRow(map, u.data(), y.data());
    lines.Print(NameOf("add_row", shape, count), {y.data(), shape.out});
  }
}

// Rows as wide as vectors are loaded: messages have no other.
void PrintMessages(const ByteLines& lines) {
  const MapShape shape{64, 64, 64};
  for (const std::size_t count : {1, 2, 3, 7, 500}) {
    for (const float gain : {1.0F, 17.0F}) {
      DrawnNumbers draw(count);
      const PackedMap map = DrawMap(shape, draw);
      const std::vector<std::uint8_t> rows = draw.Bytes(9 * shape.in, gain == 1.0F ? 255 : 15);
      std::vector<std::uint32_t> children(count);
      for (std::uint32_t& child : children) child = draw.Below(9);
      const std::vector<float> ones(count, 1.0F);
      const std::vector<float> shares = draw.Around(count, 0.5F);
      for (const std::vector<float>* weights : {&ones, &shares}) {
        RowScratch scratch;
        std::vector<float> y = draw.Floats(shape.out, 1.0F);
        AddMessage(map, {rows.data(), children.data(), weights->data(), count, gain}, scratch,
                   y.data());
        lines.Print(NameOf(weights == &ones ? "message" : "weighted_message", shape, count) +
                        (gain == 1.0F ? "/bits=8" : "/bits=4"),
                    y);
      }
    }
  }
}

// One to eight parents with one to three children each: parents go through the map four at a time.
void PrintMessagesToMany(const ByteLines& lines) {
  const MapShape shape{64, 64, 64};
  for (std::uint32_t parents = 1; parents <= 8; ++parents) {
    DrawnNumbers draw(parents);
    const PackedMap map = DrawMap(shape, draw);
    const std::vector<std::uint8_t> rows = draw.Bytes(9 * shape.in);
    std::vector<std::uint32_t> to;
    std::vector<std::uint32_t> children;
    for (std::uint32_t parent = 0; parent < parents; ++parent) {
      for (std::uint32_t child = draw.Below(3) + 1; child > 0; --child) {
        to.push_back(parent);
        children.push_back(draw.Below(9));
      }
    }
    const std::vector<float> weights = draw.Around(to.size(), 0.5F);
    RowScratch scratch;
    std::vector<float> y = draw.Floats(parents * shape.out, 1.0F);
    AddMessages(map, {rows.data(), to.data(), children.data(), weights.data(), to.size(), 1.0F},
                scratch, y.data());
    lines.Print(NameOf("messages", shape, parents), y);
  }
}

void PrintEmbeddings(const ByteLines& lines) {
  for (const std::size_t width : {1, 7, 16, 21}) {
    for (const std::size_t count : {1, 3, 4, 6}) {
      DrawnNumbers draw(width);
      const MapShape shape{(width + 3) / 4 * 4, 48, 8};
      PackedInput input;
      input.width = width;
      input.inverse_steps.assign(PaddedWidth(width), 0.0F);
      input.zeros.assign(PaddedWidth(width), 0.0F);
      for (std::size_t c = 0; c < width; ++c) {
        input.inverse_steps[c] = 30.0F + draw.Float(16.0F);
        input.zeros[c] = static_cast<float>(draw.Below(256));
      }
      input.numeric = DrawMap(shape, draw);
      input.bias = draw.Floats<Floats>(shape.out, 64.0F);
      input.categories = {draw.Floats<Floats>(3 * shape.out, 32.0F),
                          draw.Floats<Floats>(5 * shape.out, 32.0F)};
      input.steps = {draw.Around<Floats>(shape.out, 1.0F), count == 3 ? 15.0F : 255.0F};
      const std::vector<float> numeric = draw.Floats(count * width, 8.0F);
      std::vector<std::int32_t> words;
      for (std::size_t row = 0; row < count; ++row) {
        words.push_back(static_cast<std::int32_t>(draw.Below(3)));
        words.push_back(static_cast<std::int32_t>(draw.Below(5)));
      }
      RowScratch scratch;
      std::vector<std::uint8_t> out(count * shape.out);
      EmbedRows(input, numeric.data(), words.data(), count, scratch, out.data());
      lines.Print(NameOf("embed_rows", {width, shape.out, shape.group}, count), out);
    }
  }
}

// Halves are ties, and what lies outside of a byte is clamped.
void PrintRounding(const ByteLines& lines) {
  constexpr std::size_t kWidth = 64;
  Floats y(16 * kWidth);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<float>(i) * 0.5F - 64.0F;
  y[0] = -0x1p100F;
  y[1] = 0x1p100F;
  y[2] = -0.0F;
  y[3] = 0x1.FFFFFEp-2F;  // just below a half
  for (const float levels : {15.0F, 255.0F}) {
    for (const float inverse : {1.0F, 0.25F, 0.3F}) {
      std::vector<std::uint8_t> u(y.size());
      FinishRows({Floats(kWidth, inverse), levels}, y.data(), 16, kWidth, u.data());
      lines.Print("finish_rows/levels=" + std::to_string(static_cast<int>(levels)) +
                      "/inverse=" + std::to_string(inverse),
                  u);
    }
  }
}

void PrintContexts(const ByteLines& lines) {
  for (const std::size_t in : {0, 1, 7}) {
    DrawnNumbers draw(in);
    const std::vector<float> x = draw.Floats(in, 4.0F);
    const std::vector<float> weights = draw.Floats(in * 48, 1.0F);
    std::vector<float> y = draw.Floats(48, 1.0F);
    AddFloats(x.data(), in, weights.data(), 48, y.data());
    lines.Print("add_floats/" + std::to_string(in), y);
  }
}

}  // namespace

void PrintQuantizedRows(const ByteLines& lines) {
  for (const MapShape& shape : kShapes) PrintMaps(lines, shape);
  PrintMessages(lines);
  PrintMessagesToMany(lines);
  PrintEmbeddings(lines);
  PrintRounding(lines);
  PrintContexts(lines);
}

}  // namespace recoup::model::testing
