"""The folder of a file is its namespace: server/domain/codes.h is otpgate::domain."""

import os
import re

import repo

# Folders whose namespace is not their own name.
NAMESPACES = {
    "base": "otpgate",
    "base/crypto": "otpgate::crypto",
    "base/pg": "otpgate::pg",
    "storage": "otpgate::storage",
    "storage/memory": "otpgate::storage::memory",
    "storage/postgres": "otpgate::storage::postgres",
    "storage/conformance": "otpgate::storage::conformance",
    "migrations/migrator": "otpgate::migrator",
    "clients/cpp": "otpgate::client",
}
# Folders whose sub-folders have namespaces of their own.
GROUPS = ("server", "migrations", "clients", "tests")
OPENED = re.compile(r"^namespace (otpgate[\w:]*) \{", re.MULTILINE)


def namespace_of(path):
    folders = os.path.dirname(path).split("/")
    for length in range(len(folders), 0, -1):
        name = NAMESPACES.get("/".join(folders[:length]))
        if name:
            return name
    if folders[0] in GROUPS and len(folders) > 1:
        return f"otpgate::{folders[1]}"
    return None


def check(root):
    errors = []
    for path in repo.files(root, ".h", ".cc"):
        wanted = namespace_of(path)
        for opened in OPENED.findall(repo.text(root, path)):
            if opened != wanted and not opened.startswith("otpgate::v1"):
                errors.append(f"{path}: opens namespace {opened}, its folder is {wanted}")
    return errors, []
