"""`python -m sim` is `repurchase`."""

from sim.console.working_folder import leave_working_folder

leave_working_folder()

from sim.commands.program import main  # noqa: E402 - only now can nothing there take a library's place

if __name__ == "__main__":  # worker processes import this file too
    main()
