"""The commands, one file each: compose, call one experiment, show what came out."""
