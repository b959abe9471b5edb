"""Finds what belongs to one machine or person: home paths, registry hosts, secrets, left-overs.

A line that only looks like one, such as a published test vector, says "lint: harmless".
"""

import re

import repo

PATTERNS = {
    "path of one machine": r"(?<![\w.$}~-])/(?:home|root|work|Users)/[\w.]",
    "registry host": r"\"resolved\"|https?://[\w.-]*(?:registry|artifact|nexus|mirror)[\w.-]*",
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "access key": r"\bAKIA[0-9A-Z]{16}\b|\bSG\.[\w-]{22}\.[\w-]{43}\b|\bSK[0-9a-f]{32}\b",
    "token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.",
    "left-over": r"\b(?:TODO|FIXME|XXX)\b|^(?:<{7}|>{7}) ",
}
COMPILED = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}
BINARY = (".png", ".ico", ".woff2", ".gz", ".binpb")
OWN = "tests/lint/strays.py", "tests/lint/lint_test.py"


def check(root):
    errors = []
    for path in repo.files(root):
        if path.endswith(BINARY) or path in OWN:
            continue
        for number, line in enumerate(repo.text(root, path).splitlines(), 1):
            for name, pattern in COMPILED.items():
                if pattern.search(line) and "lint: harmless" not in line:
                    errors.append(f"{path}:{number}: {name}")
    return errors, []
