"""What befalls everyone, one module each; a new file here is a new shock.

A shock keeps to the contract of a lever (`sim.operator.hooks`), has a size and dates, and costs
nothing. Shocks are found by `sim.operator.discovery`, also in a folder of the user's own, once they
said that its code may run (`sim.store.sources.OWN_CODE`); nothing imports them by name.
"""

from sim.store.sources import own_folders

__path__ += [str(folder) for folder in own_folders("shocks")]
