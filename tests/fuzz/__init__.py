"""The fuzzer: odd command lines, files and folders, and what the program must never do with them.

`case.py` says what a case is, `words.py`, `files.py` and `stored.py` make them up, `kinds.py`
lists them, `sandbox.py` lets `repurchase` live through one, `judge.py` says what was wrong with it.
The fast suite tries a few (`tests/project/test_fuzz.py`), `make fuzz` (`__main__.py`) as many as
an hour holds.
"""
