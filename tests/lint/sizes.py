"""Files stay small enough to be read at once. Tests may be longer."""

import repo

AIM = 150
LIMIT = 300


def check(root):
    errors, warnings = [], []
    for path in repo.files(root, ".h", ".cc"):
        if repo.is_test(path):
            continue
        lines = repo.text(root, path).count("\n")
        if lines > LIMIT:
            errors.append(f"{path}: {lines} lines, at most {LIMIT}")
        elif lines > AIM:
            warnings.append(f"{path}: {lines} lines, aim for {AIM}")
    return errors, warnings
