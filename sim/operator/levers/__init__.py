"""The operator's levers, one module each; a new file here is a new lever.

Levers of the user's own stand in a folder of theirs, which is searched too once they said that its
code may run: see `sim.store.sources.OWN_CODE`.
"""

from sim.store.sources import own_folders

__path__ += [str(folder) for folder in own_folders("levers")]
