"""``python -m sim``: the command line, also where the script ``sim`` is not on the path."""

from sim.cli import main

if __name__ == "__main__":
    main()
