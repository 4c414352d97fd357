"""`python -m sim` is `repurchase`."""

from sim.cli import main

if __name__ == "__main__":  # worker processes import this file too
    main()
