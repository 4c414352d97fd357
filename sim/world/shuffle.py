"""A keyed shuffle that needs no memory, and a cheap hash for what is asked very often.

The shuffle is a Feistel network (Luby & Rackoff 1988) over the smallest power of two that holds
the numbers, walked until it lands among them (Black & Rogaway 2002). The hash is the finaliser
of MurmurHash3 (Appleby 2011): good enough to scatter, a tenth of the price of Philox.
"""

from sim.compiled import compiled
from sim.world.draws import WORD


@compiled
def permuted(x: int, size: int, seed: int, key: int) -> int:
    """Where a keyed shuffle of 0 to size-1 puts x."""
    low_bits, high_bits = _halves(size)
    while True:
        for turn in range(4):
            x = _turned(x, low_bits, high_bits, seed, key, turn)
        if x < size:
            return x


@compiled
def unpermuted(x: int, size: int, seed: int, key: int) -> int:
    """What a keyed shuffle of 0 to size-1 puts at x."""
    low_bits, high_bits = _halves(size)
    while True:
        for turn in range(3, -1, -1):
            x = _turned(x, low_bits, high_bits, seed, key, turn)
        if x < size:
            return x


@compiled
def _halves(size: int) -> tuple[int, int]:
    """Bits of the lower and the upper half of the smallest power of two that holds size."""
    bits = 2
    while (1 << bits) < size:
        bits += 1
    return bits - bits // 2, bits // 2


@compiled
def _turned(x: int, low_bits: int, high_bits: int, seed: int, key: int, turn: int) -> int:
    """One Feistel round, its own inverse: one half is changed by a hash of the other."""
    low = x & ((1 << low_bits) - 1)
    high = x >> low_bits
    secret = (seed ^ (seed >> 32) ^ (key * 0x632BE5AB + turn * 0x3C6EF372)) & WORD
    if turn & 1:
        low ^= mixed(high ^ secret) & ((1 << low_bits) - 1)
    else:
        high ^= mixed(low ^ secret) & ((1 << high_bits) - 1)
    return (high << low_bits) | low


@compiled
def mixed(x: int) -> int:
    """Scatter 32 bits."""
    x = (x ^ (x >> 16)) * 0x85EBCA6B & WORD
    x = (x ^ (x >> 13)) * 0xC2B2AE35 & WORD
    return x ^ (x >> 16)


@compiled
def lot(who: int, what: int, seed: int) -> float:
    """A number in [0, 1), by hash: for static lots that are asked again and again."""
    secret = (seed ^ (seed >> 32)) & WORD
    return mixed(mixed(who ^ secret) ^ mixed(what ^ 0x9E3779B9)) * 2.3283064365386963e-10


@compiled
def partner(x: int, size: int, seed: int, key: int) -> int:
    """The one next to x in a shuffled order of 0 to size-1, x itself if it is left over.

    An involution: x is the partner of its partner.
    """
    beside = permuted(x, size, seed, key) ^ 1
    if beside >= size:
        return x
    return unpermuted(beside, size, seed, key)
