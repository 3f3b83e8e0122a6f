"""exp, log, power, sine and table lookup written out as vector instructions: no calls, no branches.

Relative errors are a few 1e-16. Numbers below 2.3e-308 count as 0 (as an argument of log and power, and as a
result of exp and power), and exp overflows from 709.43 on, not 709.78. Infinities and what is not a number
pass as in NumPy, but that infinite exponents, 1 ** nan, nan ** 0, inf ** 0 and broken powers of -inf give what is
not a number, and for the sign of zero.
"""

import math
from collections.abc import Sequence

from pujiang.engine.kernel.text import Text

_LOG2_E, _LOG2_E_REST = 1.4426950408889634, 2.0355273740931033e-17
_LN2_HIGH, _LN2_LOW = 0.6931471805598903, 5.497923018708371e-14  # the high part times a whole number is exact
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to a whole number, which stands in the low bits
_SMALLEST = 2.2250738585072014e-308
_ONE_BITS = 0x3FF0000000000000
_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
_MANTISSA = 0x000FFFFFFFFFFFFF
_TWO_52_BITS = 0x4330000000000000

# (2^r - 1) / r for |r| <= 1/2, interpolated at Chebyshev points: 2.0e-17 of 2^r.
_POWER_OF_TWO = (
    0.6931471805599453, 0.24022650695910097, 0.0555041086648216, 0.009618129107606871, 0.0013333558146416927,
    0.00015403530441765088, 1.5252733829851596e-05, 1.321544257022465e-06, 1.0178062436412765e-07,
    7.072589488396345e-09, 4.4549624846332125e-10,
)  # fmt: skip
_HALF_PI = (
    1.5707963267341256,
    6.077100506303966e-11,
    2.0222662487959506e-21,
)  # the sum; products of the first are exact
# sin(r) / r - 1 and cos(r) - 1 + r^2 / 2 in z = r^2 for |r| <= pi / 4, over z and z^2.
_SINE = (
    -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-06,
    -2.5050760253406863e-08, 1.58969099521155e-10,
)  # fmt: skip
_COSINE = (
    0.0416666666666666, -0.001388888888887411, 2.480158728947673e-05, -2.7557314351390663e-07,
    2.087572321298175e-09, -1.1359647557788195e-11,
)  # fmt: skip
# arctan(r) / r - 1 in z = r^2 for |r| <= tan(pi / 8), over z: the series itself, to where it falls below rounding.
_ARCTANGENT = tuple((-1) ** k / (2 * k + 1) for k in range(1, 22))
# (2 atanh(s) - 2 s) / s^3 in z = s^2 for m = (1 + s) / (1 - s) from root(1/2) to root(2): 4.6e-18 of the logarithm.
_LOG = (
    0.666666666666667, 0.39999999999899444, 0.2857142862600327, 0.22222211130259878,
    0.18182889455674947, 0.15331710618210773, 0.14616585424888623,
)  # fmt: skip


def _polynomial(t: Text, coefficients: Sequence[float], x: str) -> str:
    """By halves: a few more products than Horner's scheme, in a third of the time from first to last."""
    if len(coefficients) == 1:
        return t.constant(coefficients[0])
    powers = [x]
    terms = [t.constant(c) for c in coefficients]
    while len(terms) > 1:
        pairs = [t.fused(b, powers[-1], a) for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[len(pairs) * 2 :]
        if len(terms) > 1:
            powers.append(t.float("fmul", powers[-1], powers[-1]))
    return terms[0]


def _rounded(t: Text, x: str) -> str:
    """The nearest whole number, below 2**51 (older processors have no instruction for it)."""
    shifted = t.value(f"fadd {t.vector} {x}, {t.constant(_ROUND)}")
    return t.value(f"fsub {t.vector} {shifted}, {t.constant(_ROUND)}")


def _power_of_two(t: Text, r: str, rounded: str) -> str:
    """2 ** (r + n), where `rounded` is n + _ROUND and n runs from -1023 (gives 0) to 1024 (gives infinity)."""
    bits = t.on_bits("add", t.shifted("shl", t.as_bits(rounded), 52), _ONE_BITS)
    small = t.fused(r, _polynomial(t, _POWER_OF_TWO, r), t.constant(1.0))
    return t.value(f"fmul {t.vector} {small}, {t.as_doubles(bits)}")


def write_exp(t: Text, x: str) -> str:
    """Exponential: x log2 e = n + r, a polynomial in r, and n into the exponent bits."""
    x = t.greater(t.constant(-709.2), t.lesser(t.constant(710.0), x))
    rounded = t.fused(x, t.constant(_LOG2_E), t.constant(_ROUND))
    n = t.value(f"fsub {t.vector} {rounded}, {t.constant(_ROUND)}")
    r = t.fused(x, t.constant(_LOG2_E), t.value(f"fneg {t.vector} {n}"))
    return _power_of_two(t, t.fused(x, t.constant(_LOG2_E_REST), r), rounded)


def floor(t: Text, x: str) -> str:
    """The largest whole number not above x; from 2**51 on all numbers are as good as whole."""
    near = _rounded(t, x)
    below = t.value(f"fsub {t.vector} {near}, {t.constant(1.0)}")
    found = t.select(t.compare("ogt", near, x), below, near)
    return t.select(t.compare("olt", t.unary("fabs", x), t.constant(2.0**51)), found, x)


def sine(t: Text, x: str) -> str:
    """Sine of an angle below a million, else not a number: the rest of its quarter turns, and two polynomials."""
    return _turned(t, x, 0.0)


def cosine(t: Text, x: str) -> str:
    """Cosine: the sine a quarter turn on."""
    return _turned(t, x, 1.0)


def _turned(t: Text, x: str, quarters: float) -> str:
    turns = _rounded(t, t.value(f"fmul {t.vector} {x}, {t.constant(2 / math.pi)}"))
    r = x
    for part in _HALF_PI:
        r = t.fused(turns, t.constant(-part), r)
    z = t.float("fmul", r, r)
    sin = t.fused(t.float("fmul", r, z), _polynomial(t, _SINE, z), r)
    cos = t.fused(t.float("fmul", z, z), _polynomial(t, _COSINE, z), t.fused(z, t.constant(-0.5), t.constant(1.0)))
    turns = t.value(f"fadd {t.vector} {turns}, {t.constant(quarters)}")
    halves = floor(t, t.float("fmul", turns, t.constant(0.5)))
    odd = t.compare("une", t.fused(halves, t.constant(-2.0), turns), t.constant(0.0))
    value = t.select(odd, cos, sin)
    negated = t.value(f"fneg {t.vector} {value}")
    whole = floor(t, t.float("fmul", halves, t.constant(0.5)))
    value = t.select(t.compare("une", t.fused(whole, t.constant(-2.0), halves), t.constant(0.0)), negated, value)
    return t.select(t.compare("olt", t.unary("fabs", x), t.constant(1e6)), value, t.constant(math.nan))


def arctangent(t: Text, x: str) -> str:
    """Angle of a slope: near 0 a series; beyond tan(pi / 8) from pi / 4, beyond tan(3 pi / 8) from pi / 2 back."""
    size, one = t.unary("fabs", x), t.constant(1.0)
    middle, far = (t.compare("ogt", size, t.constant(math.tan(part * math.pi / 8))) for part in (1, 3))
    less = t.float("fdiv", t.value(f"fsub {t.vector} {size}, {one}"), t.value(f"fadd {t.vector} {size}, {one}"))
    back = t.float("fdiv", t.constant(-1.0), size)
    r = t.select(far, back, t.select(middle, less, size))
    start = t.select(far, t.constant(math.pi / 2), t.select(middle, t.constant(math.pi / 4), t.constant(0.0)))
    z = t.float("fmul", r, r)
    angle = t.value(f"fadd {t.vector} {start}, {t.fused(t.float('fmul', r, z), _polynomial(t, _ARCTANGENT, z), r)}")
    return t.select(t.compare("olt", x, t.constant(0.0)), t.value(f"fneg {t.vector} {angle}"), angle)


def _split(t: Text, x: str) -> tuple[str, str]:
    """A positive normal x as (e, log m) with x = 2**e * m and m from root(1/2) to root(2)."""
    above = t.on_bits("sub", t.as_bits(x), _ROOT_HALF_BITS)
    biased = t.shifted("lshr", t.on_bits("add", above, _ONE_BITS), 52)
    e = t.as_doubles(t.on_bits("or", biased, _TWO_52_BITS))
    e = t.value(f"fsub {t.vector} {e}, {t.constant(2.0**52 + 1023)}")
    m = t.as_doubles(t.on_bits("add", t.on_bits("and", above, _MANTISSA), _ROOT_HALF_BITS))
    f = t.value(f"fsub {t.vector} {m}, {t.constant(1.0)}")
    s = t.value(f"fdiv {t.vector} {f}, {t.value(f'fadd {t.vector} {m}, {t.constant(1.0)}')}")
    z = t.float("fmul", s, s)
    # log m = f - s (f - z P(z)): f is exact, and what is taken off it is small.
    inner = t.fused(t.value(f"fneg {t.vector} {z}"), _polynomial(t, _LOG, z), f)
    return e, t.fused(t.value(f"fneg {t.vector} {s}"), inner, f)


def write_log(t: Text, x: str) -> str:
    """Natural logarithm: -inf at 0, not a number below."""
    e, log_m = _split(t, x)
    below = t.select(t.compare("olt", x, t.constant(0.0)), t.constant(math.nan), t.constant(-math.inf))
    e = t.select(t.compare("olt", x, t.constant(_SMALLEST)), below, e)
    e = t.select(t.compare("uge", x, t.constant(math.inf)), x, e)
    return t.fused(e, t.constant(_LN2_HIGH), t.fused(e, t.constant(_LN2_LOW), log_m))


def power(t: Text, x: str, y: str, sign: str | None) -> str:
    """x ** y as 2 ** (y log2 x), the whole part of y * e taken off before it can cost digits.

    Args:
        sign: what the power of -|x| is to that of |x| (see sign_of_power); None where x is never negative.
    """
    size = x if sign is None else t.unary("fabs", x)
    e, log_m = _split(t, size)
    e = t.select(t.compare("olt", size, t.constant(_SMALLEST)), t.constant(-1e308), e)  # finite, for 0 ** 0 = 1
    e = t.select(t.compare("uge", size, t.constant(math.inf)), size, e)
    part = t.float("fmul", y, t.value(f"fmul {t.vector} {log_m}, {t.constant(_LOG2_E)}"))
    held = t.greater(t.constant(-1023.0), t.lesser(t.constant(1024.0), t.fused(y, e, part)))
    rounded = t.value(f"fadd {t.vector} {held}, {t.constant(_ROUND)}")
    n = t.value(f"fsub {t.vector} {rounded}, {t.constant(_ROUND)}")
    r = t.value(f"fadd {t.vector} {t.fused(y, e, t.value(f'fneg {t.vector} {n}'))}, {part}")
    result = _power_of_two(t, t.greater(t.constant(-1.0), r), rounded)
    if sign is None:
        return result
    return t.select(t.compare("olt", x, t.constant(0.0)), t.float("fmul", result, sign), result)


def sign_of_power(t: Text, y: str) -> str:
    """(-1) ** y: 1 for even whole y, -1 for odd ones, else not a number."""
    half = t.float("fmul", y, t.constant(0.5))
    even = t.compare("oeq", _rounded(t, half), half)
    whole = t.compare("oeq", _rounded(t, y), y)
    return t.select(even, t.constant(1.0), t.select(whole, t.constant(-1.0), t.constant(math.nan)))


def whole_power(t: Text, x: str, n: int) -> str:
    """x ** n for a small whole n, by multiplication."""
    result, square, left = None, x, abs(n)
    while left:
        if left & 1:
            result = square if result is None else t.float("fmul", result, square)
        left >>= 1
        if left:
            square = t.float("fmul", square, square)
    if result is None:
        return t.constant(1.0)
    return t.float("fdiv", t.constant(1.0), result) if n < 0 else result


def lookup(t: Text, x: str, points: Sequence[tuple[float, float]]) -> str:
    """A clamped piecewise linear function: the segment is chosen by masks, so knots and ends are exact."""
    x = t.lesser(t.constant(points[-1][0]), t.greater(t.constant(points[0][0]), x))
    start, height, slope = (t.constant(c) for c in (*points[0], _slope(points, 0)))
    for k in range(1, len(points)):
        beyond = t.compare("oge", x, t.constant(points[k][0]))
        start = t.select(beyond, t.constant(points[k][0]), start)
        height = t.select(beyond, t.constant(points[k][1]), height)
        slope = t.select(beyond, t.constant(_slope(points, k)), slope)
    return t.fused(t.float("fsub", x, start), slope, height)


def _slope(points: Sequence[tuple[float, float]], k: int) -> float:
    if k + 1 == len(points) or points[k + 1][0] == points[k][0]:
        return 0.0
    (x0, y0), (x1, y1) = points[k : k + 2]
    return (y1 - y0) / (x1 - x0)
