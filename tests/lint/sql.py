"""SQL stands only where the database is: storage/postgres, the migrations, the CLI, and tests."""

import re

import repo

PLACES = ["storage/postgres", "migrations", "clients/ctl", "tests"]
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
STATEMENT = re.compile(
    r"\bSELECT\s[^;]{1,400}?\sFROM\b|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b"
    r"|\b(?:CREATE|ALTER|DROP)\s+(?:TABLE|INDEX|ROLE|SCHEMA|DATABASE)\b|\bSET\s+LOCAL\b"
)


def check(root):
    errors = []
    for path in repo.files(root, ".h", ".cc", ".sql"):
        if repo.within(path, PLACES) or path.endswith("_pgtest.cc"):
            continue
        if path.endswith(".sql"):
            errors.append(f"{path}: SQL file outside {' '.join(PLACES)}")
            continue
        found = STATEMENT.search(COMMENT.sub("", repo.text(root, path)))
        if found:
            errors.append(f"{path}: SQL ({found.group(0)[:40]!r}) outside {' '.join(PLACES)}")
    return errors, []
