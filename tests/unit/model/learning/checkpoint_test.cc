#include "model/learning/checkpoint.h"

#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>

#include "tests/support/temporary_directory.h"

namespace recoup::model {
namespace {

namespace fs = std::filesystem;

using Numbers = std::vector<double>;

std::string BytesOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void Put(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST_CASE("A finished step is read back bit for bit") {
  const TemporaryDirectory folder;
  const Checkpoint checkpoint(folder / "deeper" / "steps", "run 1");
  const Numbers numbers = {0.1, -0.0, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::denorm_min()};
  REQUIRE(checkpoint.Write("fit-2009", numbers).has_value());
  REQUIRE(checkpoint.Write("nothing", {}).has_value());
  const auto read = Checkpoint(folder / "deeper" / "steps", "run 1").Read("fit-2009");
  REQUIRE(read.has_value());
  REQUIRE(read->size() == numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    CHECK(std::bit_cast<std::uint64_t>((*read)[i]) == std::bit_cast<std::uint64_t>(numbers[i]));
  }
  CHECK(checkpoint.Read("nothing") == Numbers{});
  CHECK_FALSE(checkpoint.Read("fit-2010").has_value());
}

TEST_CASE("The newest numbers of a step count") {
  const TemporaryDirectory folder;
  const Checkpoint checkpoint(folder.path(), "run 1");
  REQUIRE(checkpoint.Write("step", Numbers{1.0, 2.0}).has_value());
  REQUIRE(checkpoint.Write("step", Numbers{3.0}).has_value());
  CHECK(checkpoint.Read("step") == Numbers{3.0});
}

TEST_CASE("A step of another run counts as absent") {
  const TemporaryDirectory folder;
  REQUIRE(Checkpoint(folder.path(), "run 1").Write("step", Numbers{1.0}).has_value());
  CHECK_FALSE(Checkpoint(folder.path(), "run 2").Read("step").has_value());
  CHECK_FALSE(Checkpoint(folder.path(), "").Read("step").has_value());
  CHECK(Checkpoint(folder.path(), "run 1").Read("step").has_value());
}

TEST_CASE("A file that is damaged anywhere, cut or longer counts as absent") {
  const TemporaryDirectory folder;
  const Checkpoint checkpoint(folder.path(), "run 1");
  REQUIRE(checkpoint.Write("step", Numbers{0.25, 0.5}).has_value());
  const fs::path path = folder / "step.step";
  const std::string whole = BytesOf(path);
  REQUIRE(whole.size() > 2 * sizeof(double));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    Put(path, damaged);
    INFO("byte " << i);
    REQUIRE_FALSE(checkpoint.Read("step").has_value());
    Put(path, whole.substr(0, i));
    REQUIRE_FALSE(checkpoint.Read("step").has_value());
  }
  Put(path, whole + std::string(sizeof(double), '\0'));
  CHECK_FALSE(checkpoint.Read("step").has_value());
  Put(path, "what somebody else keeps under this name, and that is longer than a digest of 64");
  CHECK_FALSE(checkpoint.Read("step").has_value());
  Put(path, whole);
  CHECK(checkpoint.Read("step") == Numbers{0.25, 0.5});
}

TEST_CASE("A half-written step counts as absent and does not hinder the next try") {
  const TemporaryDirectory folder;
  const Checkpoint checkpoint(folder.path(), "run 1");
  REQUIRE(checkpoint.Write("step", Numbers{1.0}).has_value());
  fs::rename(folder / "step.step", folder / "step.step.partial");  // written, but not renamed
  CHECK_FALSE(checkpoint.Read("step").has_value());
  REQUIRE(checkpoint.Write("step", Numbers{2.0}).has_value());
  CHECK(checkpoint.Read("step") == Numbers{2.0});
  CHECK_FALSE(fs::exists(folder / "step.step.partial"));
}

TEST_CASE("A folder that cannot be written is an error, and no folder keeps nothing") {
  const TemporaryDirectory folder;
  Put(folder / "file", "x");
  const auto failed = Checkpoint(folder / "file" / "steps", "run 1").Write("step", Numbers{1.0});
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == ErrorCode::kUnavailable);
  const Checkpoint none("", "run 1");
  CHECK(none.Write("step", Numbers{1.0}).has_value());
  CHECK_FALSE(none.Read("step").has_value());
  CHECK_FALSE(fs::exists("step.step"));
  none.Clear();
}

TEST_CASE("Clearing forgets all steps, and leaves what is not one") {
  const TemporaryDirectory folder;
  const Checkpoint checkpoint(folder / "steps", "run 1");
  REQUIRE(checkpoint.Write("a", Numbers{1.0}).has_value());
  REQUIRE(checkpoint.Write("b", Numbers{2.0}).has_value());
  Put(folder / "steps" / "notes.txt", "mine");
  checkpoint.Clear();
  CHECK_FALSE(checkpoint.Read("a").has_value());
  CHECK_FALSE(checkpoint.Read("b").has_value());
  CHECK(BytesOf(folder / "steps" / "notes.txt") == "mine");
  fs::remove(folder / "steps" / "notes.txt");
  checkpoint.Clear();
  CHECK_FALSE(fs::exists(folder / "steps"));
  checkpoint.Clear();  // of a folder that is not there
}

}  // namespace
}  // namespace recoup::model
