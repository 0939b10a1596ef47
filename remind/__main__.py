"""`python -m remind` is the command `remind`."""

from remind.cli.start import main

if __name__ == "__main__":
    main()
