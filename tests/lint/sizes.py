"""Files of production code have a limited length. Tests may be longer."""

import repo

LIMIT = 400


def check(root):
    errors = []
    for path in repo.files(root, ".h", ".cc"):
        lines = repo.text(root, path).count("\n")
        if lines > LIMIT and not repo.is_test(path):
            errors.append(f"{path}: {lines} lines, at most {LIMIT}")
    return errors, []
