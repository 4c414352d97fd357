"""Exponential, logarithm and normal quantile that give the same bits on every machine.

The C library's versions may differ in the last bit from one processor to the next, and a
last bit decides a choice sooner or later. These use only operations that IEEE 754 fixes
(+, -, *, /, square root, scaling by powers of two), so compiled code, plain Python and every
machine agree.
"""

import math

import numpy as np

from sim.compilation.compiled import compiled

LOG2_E = 1.4426950408889634
LN2 = 0.6931471805599453
LN2_HIGH = 6.93147180369123816490e-01  # ln 2 in two parts, as in fdlibm
POWERS_OF_TWO = np.ldexp(1.0, np.arange(-1022, 1023))  # exact; cheaper than ldexp
LN2_LOW = 1.90821492927058770002e-10
TAYLOR = tuple(1.0 / math.factorial(k) for k in range(14))


@compiled
def exp(x: float) -> float:
    """E to the power x, within 2 units in the last place; x is held to [-700, 700]."""
    x = min(max(x, -700.0), 700.0)
    k = math.floor(x * LOG2_E + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    # Taylor's series in Estrin's order: terms wait for few others.
    r2 = r * r
    r4 = r2 * r2
    to_3 = (TAYLOR[0] + TAYLOR[1] * r) + (TAYLOR[2] + TAYLOR[3] * r) * r2
    to_7 = (TAYLOR[4] + TAYLOR[5] * r) + (TAYLOR[6] + TAYLOR[7] * r) * r2
    to_11 = (TAYLOR[8] + TAYLOR[9] * r) + (TAYLOR[10] + TAYLOR[11] * r) * r2
    to_13 = TAYLOR[12] + TAYLOR[13] * r
    series = to_3 + to_7 * r4 + (to_11 + to_13 * r4) * (r4 * r4)
    return series * float(POWERS_OF_TWO[int(k) + 1022])


@compiled
def decay_factor(time: float, half_life: float) -> float:
    """Share of a fading quantity that is left after some time, in the unit of its half-life."""
    return exp(-LN2 * time / half_life)


@compiled
def log(x: float) -> float:
    """Natural logarithm of x > 0, within 2 units in the last place."""
    fraction, exponent = math.frexp(x)
    if fraction < 0.7071067811865476:
        fraction = fraction * 2.0
        exponent = exponent - 1
    s = (fraction - 1.0) / (fraction + 1.0)
    t = s * s
    series = 1.0 / 21.0
    series = 1.0 / 19.0 + t * series
    series = 1.0 / 17.0 + t * series
    series = 1.0 / 15.0 + t * series
    series = 1.0 / 13.0 + t * series
    series = 1.0 / 11.0 + t * series
    series = 1.0 / 9.0 + t * series
    series = 1.0 / 7.0 + t * series
    series = 1.0 / 5.0 + t * series
    series = 1.0 / 3.0 + t * series
    return exponent * LN2_HIGH + (2.0 * s + (2.0 * s * t * series + exponent * LN2_LOW))


@compiled
def power(base: float, exponent: float) -> float:
    """Base > 0 to a real power."""
    return exp(exponent * log(base))


@compiled
def logistic(x: float) -> float:
    """1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exp(-x))


@compiled
def normal(u: float) -> float:
    """Standard normal quantile of u in (0, 1): Wichura (1988), algorithm AS 241 (PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
        top = (top * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4
        top = (top * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
        top = (top * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
        low = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
        low = (low * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4
        low = (low * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
        low = (low * r + 4.2313330701600911252e1) * r + 1.0
        return q * top / low
    r = math.sqrt(-log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r = r - 1.6
        top = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
        top = (top * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0
        top = (top * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0
        top = (top * r + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
        low = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
        low = (low * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1
        low = (low * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0
        low = (low * r + 2.05319162663775882187e0) * r + 1.0
    else:
        r = r - 5.0
        top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        top = (top * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2
        top = (top * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0
        top = (top * r + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
        low = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
        low = (low * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4
        low = (low * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1
        low = (low * r + 5.99832206555887937690e-1) * r + 1.0
    return top / low if q > 0.0 else -top / low
