"""Each file that a *.md file links to exists, and each decision is in the index."""

import os
import re

import repo

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
DECISIONS = "deploy/decisions"
INDEX = DECISIONS + "/README.md"


def check(root):
    errors, linked = [], {}
    for path in repo.files(root, ".md"):
        folder = os.path.dirname(path)
        targets = [target for target in LINK.findall(repo.text(root, path)) if ":" not in target]
        linked[path] = {os.path.normpath(os.path.join(folder, target)) for target in targets}
        for target in sorted(linked[path]):
            if not os.path.exists(os.path.join(root, target)):
                errors.append(f"{path}: links to {target}, which is not there")
    for path in linked:
        if os.path.dirname(path) == DECISIONS and path not in linked.get(INDEX, set()) | {INDEX}:
            errors.append(f"{path}: not in {INDEX}")
    return errors, []
