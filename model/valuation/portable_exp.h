// exp from plain operations of IEEE 754, so that every machine and C library gives the same bytes:
// the library's own exp differs in the last bit from version to version.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace recoup::model {

/// Returns e to the x. Off by less than 1 unit in the last place; exact at 0. Less than
/// 2^-1021 is 0: below -708. Beyond the largest double it is infinite; of NaN it is that NaN.
double PortableExp(double x);

/// Replaces each value by PortableExp of it, several at a time.
void PortableExpOf(std::span<double> values);

/// How it is computed, for its twin on vectors (model/runtime/kernels/exp_rows.h).
namespace portable_exp {

// x = n ln 2 + r with |r| <= ln(2) / 2, then exp(x) = 2^n (1 + r + r^2 q(r)).
inline constexpr double kSmallest = -708.0;
inline constexpr double kLargest = 0x1.62e42fefa39efp+9;
inline constexpr double kLog2OfE = 0x1.71547652b82fep+0;
/// The upper part has so few bits that its product with any n is exact (as in fdlibm).
inline constexpr double kLn2Upper = 0x1.62e42feep-1;
inline constexpr double kLn2Lower = 0x1.a39ef35793c76p-33;
/// Adding it leaves the nearest integer in the lowest bits.
inline constexpr double kRounder = 0x1.8p+52;
inline constexpr int kExponentShift = 52;
/// 1 / 2!, 1 / 3!, ... 1 / 13!: what is left of the series is 4e-18.
inline constexpr std::array<double, 12> kTerms = {
    1.0 / 2,         1.0 / 6,          1.0 / 24,          1.0 / 120,
    1.0 / 720,       1.0 / 5'040,      1.0 / 40'320,      1.0 / 362'880,
    1.0 / 3'628'800, 1.0 / 39'916'800, 1.0 / 479'001'600, 1.0 / 6'227'020'800};

}  // namespace portable_exp
}  // namespace recoup::model
