"""Includes follow the layers of the architecture: see layers.txt."""

import fnmatch
import os
import re

import repo

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
OURS = ("base/", "server/", "storage/", "migrations/", "clients/", "tests/")


class Table:
    def __init__(self, path):
        self.layers, self.only, self.tests = {}, {}, []
        with open(path, encoding="utf-8") as file:
            for line in file:
                left, colon, right = line.partition("#")[0].partition(":")
                if colon:
                    self._add(left.split(), right.split())

    def _add(self, left, right):
        if left[0] == "tests":
            self.tests = right
        else:
            {"layer": self.layers, "only": self.only}[left[0]][left[1]] = right

    def layer_of(self, path):
        matching = [folder for folder in self.layers if repo.within(path, [folder])]
        return max(matching, key=len, default=None)

    def problem(self, path, header):
        """Why the file may not include the header, or None."""
        for prefix, folders in self.only.items():
            allowed = folders + ["tests"]
            if repo.is_test(path) and prefix in self.tests:
                continue
            if header.startswith(prefix) and not repo.within(path, allowed):
                return f"only {' '.join(allowed)} may"
        layer = self.layer_of(path)
        if not header.startswith(OURS) or self.layer_of(header) == layer:
            return None
        prefixes = self.layers[layer] + (self.tests if repo.is_test(path) else [])
        if any(fnmatch.fnmatch(header, prefix + "*") for prefix in prefixes):
            return None
        return f"layer {layer} may not"


    def missing(self, root):
        """The folders that the table names and that do not exist."""
        named = set(self.layers).union(*self.only.values())
        return sorted(name for name in named if not os.path.isdir(os.path.join(root, name.removesuffix("/*"))))


def check(root):
    table = Table(os.path.join(root, "tests/lint/layers.txt"))
    errors = [f"layers.txt: there is no folder {name}" for name in table.missing(root)]
    for path in repo.files(root, ".h", ".cc"):
        if table.layer_of(path) is None:
            errors.append(f"{path}: belongs to no layer of layers.txt")
            continue
        for match in INCLUDE.finditer(repo.text(root, path)):
            header = match.group(1) or match.group(2)
            problem = table.problem(path, header)
            if problem:
                errors.append(f"{path}: includes {header}: {problem}")
    return errors, []
