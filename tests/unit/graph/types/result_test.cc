#include "graph/types/result.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string>

namespace recoup {
namespace {

const Error kBroken{ErrorCode::kNotFound, "no such thing: 7"};

Result<int> Half(int number) {
  if (number % 2 != 0) return kBroken;
  return number / 2;
}

Result<int> Quarter(int number) {
  RECOUP_ASSIGN(const int half, Half(number));
  RECOUP_ASSIGN(int quarter, Half(half));
  return quarter;
}

Result<void> OnlyEven(int number) {
  RECOUP_TRY(Half(number));
  return {};
}

TEST_CASE("A result holds a value or an error") {
  const Result<int> good = Half(4);
  CHECK(good.has_value());
  CHECK(static_cast<bool>(good));
  CHECK(*good == 2);
  CHECK(good.value_or(9) == 2);
  const Result<int> bad = Half(3);
  CHECK_FALSE(bad.has_value());
  CHECK(bad.error() == kBroken);
  CHECK(bad.value_or(9) == 9);
}

TEST_CASE("An error passes through the functions that try") {
  CHECK(*Quarter(8) == 2);
  CHECK(Quarter(6).error() == kBroken);
  CHECK(OnlyEven(2).has_value());
  CHECK(OnlyEven(1).error() == kBroken);
}

TEST_CASE("A result moves what cannot be copied") {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 5);
}

TEST_CASE("Context stands before the message and keeps the code") {
  const Error annotated = Annotate(kBroken, "fact 3");
  CHECK(annotated.code == ErrorCode::kNotFound);
  CHECK(annotated.message == "fact 3: no such thing: 7");
}

TEST_CASE("Codes have gRPC's names and numbers") {
  CHECK(ErrorCodeName(ErrorCode::kInvalidArgument) == "INVALID_ARGUMENT");
  CHECK(ErrorCodeName(ErrorCode::kDataLoss) == "DATA_LOSS");
  CHECK(static_cast<int>(ErrorCode::kUnavailable) == 14);
  CHECK(static_cast<int>(ErrorCode::kUnauthenticated) == 16);
}

}  // namespace
}  // namespace recoup
