"""From files and words on the command line to one checked configuration."""
