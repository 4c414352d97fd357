"""Luck: every random number is a pure function of (seed, who, day, purpose).

Philox 4x32-10 of Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as
1, 2, 3". Nothing advances and nothing is stored: a household meets the same luck under every
strategy, in any order, on any thread.
"""

import zlib

from sim.compilation.compiled import compiled

WORD = 0xFFFFFFFF
OF_WORD = 2.0**-32  # exact

# Who is drawing: keeps household 7 and group 7 apart.
HOUSEHOLD, GROUP, SYNTHESIS, NEIGHBOURS, CITY = 0, 1, 3, 4, 5

# What a household draws for, four purposes to a block.
LOOK, REACT, ASK = 0, 2, 3
TELL, LEAVE, JOIN, LAND = 4, 5, 6, 7
SHOP_PRIVATE, SHOP_PUBLIC, SHOP_PLATFORM, SHOP_SPECIALIST = 8, 9, 10, 11
SHOP_OFFLINE, SHOP_WAIT, IMPULSE, IMPULSE_WHAT = 12, 13, 14, 15
DEFECT, COMPLAIN, RESOLVED, DELIVERY = 16, 17, 18, 19
REDEEM, CONSENT, ENROL, CROSS_SELL = 20, 21, 22, 23
CHECK_IN, LIVESTREAM, CONSIDER, UNFILLED = 24, 25, 26, 27
NEXT_NEED = 28  # one purpose per category: 28 to 35
KOC_POSTS, PASSING_TASTE = 100, 101


@compiled
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Philox 4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key."""
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            ((p1 >> 32) & WORD) ^ c1 ^ k0,
            p1 & WORD,
            ((p0 >> 32) & WORD) ^ c3 ^ k1,
            p0 & WORD,
        )
        k0 = (k0 + 0x9E3779B9) & WORD
        k1 = (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


@compiled
def uniform(seed: int, kind: int, who: int, day: int, purpose: int) -> float:
    """A number strictly between 0 and 1, the same whenever it is asked for.

    Parameters
    ----------
    seed
        Seed of the run, below 2**62.
    kind
        Who is drawing: HOUSEHOLD, GROUP, SYNTHESIS, NEIGHBOURS or CITY.
    who
        Index of the household, group and so on, below 2**32.
    day
        Day of the run, may be negative (warm-up).
    purpose
        What the number decides.
    """
    words = philox(
        int(who) & WORD,
        int(day) & WORD,
        int(purpose) >> 2,
        kind,
        int(seed) & WORD,
        (int(seed) >> 32) & WORD,
    )
    word = purpose & 3
    if word == 0:
        bits = words[0]
    elif word == 1:
        bits = words[1]
    elif word == 2:
        bits = words[2]
    else:
        bits = words[3]
    return between(bits)


@compiled
def between(word: int) -> float:
    """A number strictly between 0 and 1 from 32 random bits."""
    return (word + 0.5) * OF_WORD


def named_purpose(name: str) -> int:
    """A purpose for a lever, a shock or a new rule, from its name: adding one moves no other.

    The three purposes that follow it are its too.
    """
    return 0x40000000 | (zlib.crc32(name.encode()) & 0x3FFFFFFC)


OWN_DEAL = named_purpose("own deal")  # and the next
MESSAGE_OFFER = named_purpose("offer of a message")  # and the next
POST_OFFER = named_purpose("offer of a post")  # and the next
NOTICE, FOLLOW = named_purpose("notice an offer"), named_purpose("follow a message")
FOLLOW_LETTER = named_purpose("follow a personal message")
FOLLOW_CALL, INVITE = named_purpose("follow a friend's call"), named_purpose("invite a friend")
PLEDGE, DUE_WHAT = named_purpose("put one's name down"), named_purpose("what was pledged")
SHOP_ON_VISIT, COMPARE = named_purpose("shop on a visit"), named_purpose("compare stores")
PAY_FEE, MAKE = named_purpose("pay a membership fee"), named_purpose("help to make a product")
SELL, FORGIVE = named_purpose("sell on to friends"), named_purpose("forgive a failure")
UNFOLLOW = named_purpose("leave the private domain")
UNSUBSCRIBE = named_purpose("stop messages")
EXIT, REVIEW = named_purpose("exit after a failure"), named_purpose("write a review")
UNASKED = named_purpose("data used unasked")
SEND_BACK = named_purpose("send an order back")
LOST_POINTS = named_purpose("notice that points lost worth")
TRY_SAMPLE, SAMPLE_DEFECT = named_purpose("try a sample"), named_purpose("defect of a sample")
READ_PROOF, READ_REPORT = named_purpose("read a proof of origin"), named_purpose("read a report")
NOTICE_TALK = named_purpose("notice what members use")
IMPRESSION = named_purpose("first impression")
FAMILY_COVER, TRIP_COVER = named_purpose("cover of a family"), named_purpose("cover of a trip")
TOP_UP = named_purpose("top up")
BUNDLE = 36  # one purpose per category: 36 to 43
COME_TO_EVENT = named_purpose("come to an event")
LOOK_AT_RECOMMENDED = named_purpose("look at a recommendation")
CONSULT = named_purpose("ask for a consultation")
SHOP_ON_CALL = named_purpose("shop with the deal that friends called to")
