"""A keyed shuffle that needs no memory, and a cheap hash for what is asked very often.

The shuffle is a Feistel network (Luby & Rackoff 1988) over the smallest power of two that holds
the numbers, walked until it lands among them (Black & Rogaway 2002). The hash is the finaliser
of MurmurHash3 (Appleby 2011): good enough to scatter, a tenth of the price of Philox.
"""

from sim.compilation.compiled import compiled
from sim.world.draws import OF_WORD, WORD

TURNS = 4  # Feistel rounds; three already look random (Luby & Rackoff)


@compiled
def mixed(x: int) -> int:
    """Scatter 32 bits."""
    x = int(x)  # for the plain twin: NumPy's integers overflow, Python's grow
    x = (x ^ (x >> 16)) * 0x85EBCA6B & WORD
    x = (x ^ (x >> 13)) * 0xC2B2AE35 & WORD
    return x ^ (x >> 16)


@compiled
def secret_of(seed: int, key: int) -> int:
    """32 bits that tell one shuffle, or one kind of lot, from another."""
    return mixed(mixed(int(seed ^ (seed >> 32)) & WORD) ^ mixed((key ^ 0x9E3779B9) & WORD))


@compiled
def lot(who: int, secret: int) -> float:
    """A number in [0, 1), by hash: for standing lots that are asked again and again."""
    return mixed(mixed(who & WORD) ^ secret) * OF_WORD


@compiled
def bits_of(size: int) -> int:
    """Bits of the smallest power of two, at least 4, that holds `size` numbers."""
    bits = 2
    while (1 << bits) < size:
        bits += 1
    return bits


@compiled
def permuted(x: int, size: int, bits: int, secret: int) -> int:
    """Where a keyed shuffle of 0 to size-1 puts x.

    Parameters
    ----------
    x
        0 to size - 1.
    size
        How many numbers are shuffled.
    bits
        `bits_of(size)`.
    secret
        `secret_of` the shuffle.
    """
    while True:
        for turn in range(TURNS):
            x = _turned(x, bits, secret, turn)
        if x < size:
            return x


@compiled
def unpermuted(x: int, size: int, bits: int, secret: int) -> int:
    """What a keyed shuffle of 0 to size-1 puts at x; the inverse of `permuted`."""
    while True:
        for turn in range(TURNS):
            x = _turned(x, bits, secret, TURNS - 1 - turn)
        if x < size:
            return x


@compiled
def _turned(x: int, bits: int, secret: int, turn: int) -> int:
    """One Feistel round, its own inverse: one half is changed by a hash of the other."""
    x, bits, secret = int(x), int(bits), int(secret)  # for the plain twin, as in `mixed`
    low_bits = bits - bits // 2
    if turn & 1:
        hashed = ((x >> low_bits) ^ secret) * 0x9E3779B1 + turn * 0x7F4A7C15
        hashed = ((hashed ^ (hashed >> 15)) & WORD) * 0x85EBCA6B & WORD
        return x ^ (hashed >> (32 - low_bits))
    hashed = ((x & ((1 << low_bits) - 1)) ^ secret) * 0x9E3779B1 + turn * 0x7F4A7C15
    hashed = ((hashed ^ (hashed >> 15)) & WORD) * 0x85EBCA6B & WORD
    return x ^ (hashed >> (32 - bits // 2) << low_bits)


@compiled
def partner(x: int, size: int, bits: int, secret: int, share: float) -> int:
    """The one beside x in a shuffled order of 0 to size-1, if the lot pairs them.

    Parameters
    ----------
    x, size, bits, secret
        As in `permuted`.
    share
        Share of the pairs that are formed.

    Returns
    -------
    int
        The partner, whose partner is x; or x itself, if it has none.
    """
    shuffled = permuted(x, size, bits, secret)
    beside = shuffled ^ 1
    if beside >= size or lot(shuffled >> 1, secret) >= share:
        return x
    return unpermuted(beside, size, bits, secret)
