"""Faults at every write: what a full disk, a broken disk, a kill or a power cut leaves behind.

How it works. `shim.c` is loaded before the C library (``LD_PRELOAD``) and sees every open, read,
write, flush, rename, removal and close below the results and the cache, native code's too. One
process (`serving`) imports everything and computes once; for each n it forks a child that gives a
command of the laboratory and meets its n-th operation: refused, written by half, killed there
(`walking`). Or the whole log of operations is written down, and the disks that a power cut may
leave are built from it (`power`). Or memory is refused, at a choice of moments (`memory`). After
each fault three things must hold:

1. The command ended in a sentence, or completed with the right bytes.
2. Nothing in the results that the laboratory takes for whole differs from the undisturbed results.
3. The same command again completes to the same bytes and computes no finished run again.

``make faults`` does all of it with the real model, 200 households, and tells the numbers; the fast
tests do it with made-up runs (`tests/project/test_faults.py`). A C compiler is needed.
"""
