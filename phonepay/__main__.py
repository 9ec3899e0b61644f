"""`python -m phonepay` is the command `phonepay`."""

from phonepay.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
