"""The first installation, from inside the wheel: PYTHONPATH=WHEEL python3 -m phonepay.upgrading FOLDER WHEEL."""

import sys
from pathlib import Path

from phonepay.upgrading.refusal import UpgradeRefused
from phonepay.upgrading.steps import install


def main(words: list[str]) -> int:
    match words:
        case [folder, wheel]:
            try:
                install(home=Path(folder), wheel=Path(wheel), say=_say)
            except UpgradeRefused as refused:
                return _complain(str(refused), 1)
            return 0
    return _complain("usage: PYTHONPATH=WHEEL python3 -m phonepay.upgrading FOLDER WHEEL", 2)


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
