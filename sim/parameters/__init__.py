"""Declaring parameters: each with unit, range and meaning, in one tree of dataclasses."""
