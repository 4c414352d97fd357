"""Importing without the collector."""

import gc
import importlib

import pytest

import sim.console.importing
from sim.console.importing import loading, own_process


def test_the_collector_rests_while_loading_and_goes_on_afterwards() -> None:
    assert gc.isenabled()
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ModuleNotFoundError), loading():
        importlib.import_module("sim.nowhere")
    assert gc.isenabled()


def test_whoever_had_no_collector_gets_none() -> None:
    gc.disable()
    try:
        with loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_only_a_process_of_its_own_is_never_looked_through_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sim.console.importing, "_ours", False)
    try:
        with loading():
            pass
        assert gc.get_freeze_count() == 0
        own_process()
        with loading():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
