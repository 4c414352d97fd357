"""What befalls everyone, one module each; a new file here is a new shock.

A shock keeps to the contract of a lever (`sim.operator.lever`), has a size and dates, and costs
nothing. Shocks are found by `sim.operator.discovery`; nothing imports them by name.
"""
