"""The commands, one file each: compose, call one experiment, show what came out."""

from sim.console.working_folder import seclude

seclude()  # before any command imports a library
