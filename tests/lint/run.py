#!/usr/bin/env python3
"""Runs one lint check over the repository: run.py CHECK [ROOT]

CHECK is one of CHECKS. Prints warnings and errors; ends with 1 when there are errors.
"""

import importlib
import os
import sys

CHECKS = ("layers", "namespaces", "sizes", "sql", "format", "strays", "links", "requirements")


def main(arguments):
    if not arguments or arguments[0] not in CHECKS:
        sys.exit(f"{__doc__}\nCHECKS: {' '.join(CHECKS)}")
    here = os.path.dirname(os.path.abspath(__file__))
    root = arguments[1] if len(arguments) > 1 else os.path.dirname(os.path.dirname(here))
    errors, warnings = importlib.import_module(arguments[0]).check(root)
    for warning in warnings:
        print(f"warning: {warning}")
    for error in errors:
        print(f"error: {error}")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main(sys.argv[1:]))
