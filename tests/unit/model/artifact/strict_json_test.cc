#include "model/artifact/strict_json.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace recoup::model {
namespace {

bool Parses(std::string_view text) { return ParseStrictJson(text).has_value(); }

std::string Nested(int levels) {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, '[') + std::string(count, ']');
}

TEST_CASE("JSON is read, anything else is nothing") {
  CHECK(Parses(R"({"a": [1, true, null, "x"]})"));
  CHECK(Parses("3"));
  for (const char* bad : {"", " ", "{", "{'a':1}", "[1,]", "1 2", "nan", "// x\n1", "\xff"}) {
    INFO(bad);
    CHECK_FALSE(Parses(bad));
  }
}

TEST_CASE("A name that occurs twice in one object is refused") {
  CHECK_FALSE(Parses(R"({"a":1,"a":1})"));
  CHECK_FALSE(Parses(R"({"x":[{"a":1,"b":2,"a":3}]})"));
  CHECK_FALSE(Parses(R"({"a":1,"\u0061":2})"));  // the same name in another spelling
}

TEST_CASE("The same name in two objects is no repetition") {
  CHECK(Parses(R"({"a":{"a":1},"b":{"a":2}})"));
  CHECK(Parses(R"([{"a":1},{"a":1}])"));
}

TEST_CASE("Sixteen levels may be nested, not more") {
  CHECK(Parses(Nested(16)));
  CHECK_FALSE(Parses(Nested(18)));
  CHECK_FALSE(Parses(Nested(100'000)));
}

TEST_CASE("A whole number is taken up to its largest value") {
  const auto object = *ParseStrictJson(R"({"n":7,"z":0,"m":-1,"f":7.0,"s":"7","b":true})");
  CHECK(UnsignedMember(object, "n", 7) == 7U);
  CHECK(UnsignedMember(object, "z", 7) == 0U);
  CHECK_FALSE(UnsignedMember(object, "n", 6).has_value());
  for (const char* name : {"m", "f", "s", "b", "absent"}) {
    CHECK_FALSE(UnsignedMember(object, name, 100).has_value());
  }
}

TEST_CASE("The largest whole number is read exactly, a larger one is none") {
  const auto object = *ParseStrictJson(R"({"n":18446744073709551615,"m":18446744073709551616})");
  CHECK(UnsignedMember(object, "n", UINT64_MAX) == UINT64_MAX);
  CHECK_FALSE(UnsignedMember(object, "m", UINT64_MAX).has_value());
}

TEST_CASE("A number is taken if it is finite") {
  const auto object = *ParseStrictJson(R"({"f":-0.5,"n":3,"s":"3"})");
  CHECK(NumberMember(object, "f") == -0.5);
  CHECK(NumberMember(object, "n") == 3.0);
  CHECK_FALSE(NumberMember(object, "s").has_value());
  CHECK_FALSE(NumberMember(nlohmann::json{{"i", HUGE_VAL}}, "i").has_value());
}

TEST_CASE("What is no object has no members") {
  for (const char* text : {"[7]", "7", "null"}) {
    const auto value = *ParseStrictJson(text);
    CHECK_FALSE(UnsignedMember(value, "n", 100).has_value());
    CHECK_FALSE(NumberMember(value, "n").has_value());
  }
}

}  // namespace
}  // namespace recoup::model
