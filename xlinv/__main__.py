"""`python -m xlinv` is the command line."""

from xlinv.hosts.cli import main

main(prog_name="xlinv")
