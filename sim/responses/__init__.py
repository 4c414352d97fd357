"""How rules respond to what they are given: computed, tabulated, drawn."""
