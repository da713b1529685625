// The one way a function in Recoup says that it failed: a value or an error, never an exception.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace recoup {

/// Numbered like gRPC's status codes, so the network edge only casts. Part of the wire; never
/// renumber.
enum class ErrorCode : std::int32_t {
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

/// Returns the code's name in gRPC's spelling, such as `INVALID_ARGUMENT`.
std::string_view ErrorCodeName(ErrorCode code);

/// What went wrong. The message has its static text first and its values last, and says what to do
/// next where that is known.
struct Error {
  ErrorCode code = ErrorCode::kUnknown;
  std::string message;

  bool operator==(const Error&) const = default;
};

/// Returns `error` with `context: ` before its message, keeping its code.
Error Annotate(Error error, std::string_view context);

/// Prints `message` to stderr and aborts. Only RECOUP_CHECK calls this.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression);

/// Stops the program on a bug of ours. Never reachable from input: bad input is an Error.
#define RECOUP_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::recoup::CheckFailed(__FILE__, __LINE__, #expression))

/// Holds a T or an Error, with the member names of std::expected.
/// Threads: like T.
template <typename T>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<T, Error>, "an Error is not a value");

 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: converts
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: converts

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// REQUIRES: has_value().
  T& value() & { return Checked(*this); }
  const T& value() const& { return Checked(*this); }
  T&& value() && { return std::move(Checked(*this)); }
  T& operator*() & { return Checked(*this); }
  const T& operator*() const& { return Checked(*this); }
  T&& operator*() && { return std::move(Checked(*this)); }
  T* operator->() { return &Checked(*this); }
  const T* operator->() const { return &Checked(*this); }

  /// REQUIRES: !has_value().
  const Error& error() const {
    RECOUP_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }

  T value_or(T fallback) const& { return has_value() ? value() : std::move(fallback); }

 private:
  template <typename Self>
  static auto& Checked(Self& self) {
    RECOUP_CHECK(self.has_value());
    return *std::get_if<0>(&self.state_);
  }

  std::variant<T, Error> state_;
};

/// Success without a value, or an Error. `return {};` is success.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT: converts

  bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }

  /// REQUIRES: has_value().
  void value() const { RECOUP_CHECK(!failed_); }

  /// REQUIRES: !has_value().
  const Error& error() const {
    RECOUP_CHECK(failed_);
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

#define RECOUP_CONCAT_INNER(a, b) a##b
#define RECOUP_CONCAT(a, b) RECOUP_CONCAT_INNER(a, b)

/// Returns the error of `expression` from the enclosing function, if it has one.
#define RECOUP_TRY(expression)                                     \
  do {                                                             \
    if (auto recoup_try = (expression); !recoup_try.has_value()) { \
      return recoup_try.error();                                   \
    }                                                              \
  } while (false)

/// Declares `variable` with the value of `expression`, or returns its error.
#define RECOUP_ASSIGN(variable, expression) \
  RECOUP_ASSIGN_INNER(RECOUP_CONCAT(recoup_result_, __LINE__), variable, expression)
#define RECOUP_ASSIGN_INNER(result, variable, expression) \
  auto result = (expression);                             \
  if (!result.has_value()) return result.error();         \
  variable = std::move(result).value()

}  // namespace recoup
