"""`python -m octavo.cli` is the command `octavo`."""

from octavo.cli import main

main(prog_name="octavo")
