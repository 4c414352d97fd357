"""Threads that live through the same days, and meet where one must wait for the others.

Coming back to Python twice a day would cost a town more than its households do. So each thread
stays in compiled code and waits here, giving its processor away while it does.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

ARRIVALS, OVER = range(2)  # places of a barrier: threads that came, ever; whether all shall leave

_yield_processor = types.ExternalFunction("sched_yield", types.intc())


def new_barrier() -> np.ndarray[Any, np.dtype[np.int64]]:
    """A barrier at which nobody has arrived yet."""
    return np.zeros(2, np.int64)


def wait_for_all(barrier: Any, threads: int) -> bool:
    """Wait until all threads have come here as often as this one.

    Parameters
    ----------
    barrier
        Of `new_barrier`, the same for all threads.
    threads
        How many meet; a single one never waits.

    Returns
    -------
    bool
        False if the meeting was called off with `abort`: then nothing else may be done.
    """
    if threads > 1:
        raise RuntimeError("Only compiled code can meet other threads.")
    return True


def abort(barrier: Any) -> None:
    """Let nobody wait any more: one thread will never come."""
    barrier[OVER] = 1


def _count_arrival(context: Any, barrier: Any) -> Any:
    """Count one arrival more; returns how many there were before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature, arguments, ARRIVALS)
        return builder.atomic_rmw("add", place, ir.Constant(ir.IntType(64), 1), "seq_cst")

    return types.int64(barrier), generate


def _look_up(context: Any, barrier: Any, place: Any) -> Any:
    """What stands in a place of the barrier now, whichever thread wrote it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature, arguments, arguments[1])
        return builder.load_atomic(place, "seq_cst", 8)

    return types.int64(barrier, types.int64), generate


def _place(context: Any, builder: Any, signature: Any, arguments: Any, index: Any) -> Any:
    """Address of a place of the barrier."""
    kind = signature.args[0]
    array = context.make_array(kind)(context, builder, arguments[0])
    where = index if isinstance(index, ir.Value) else ir.Constant(ir.IntType(64), index)
    return cgutils.get_item_pointer(context, builder, kind, array, [where])  # type: ignore[no-untyped-call]


_arrive: Any = intrinsic(_count_arrival)
_seen: Any = intrinsic(_look_up)


@overload(wait_for_all)
def _wait_for_all(barrier: Any, threads: int) -> Any:
    def compiled(barrier: Any, threads: int) -> bool:
        if threads == 1:
            return True
        arrived = _arrive(barrier) + 1
        everybody = (arrived + threads - 1) // threads * threads
        while _seen(barrier, ARRIVALS) < everybody:
            if _seen(barrier, OVER) != 0:
                return False
            _yield_processor()
        return True

    return compiled
