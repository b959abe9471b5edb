"""The files of the repository, for the lint checks."""

import os
import subprocess

# Folders without files of the project: outputs and installed packages.
SKIPPED = {".git", "build", ".data", ".cache", "node_modules", "__pycache__"}


def _listed_by_git(root):
    command = ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None  # an unpacked archive, or a checkout that belongs to someone else
    return done.stdout.decode().split("\0")[:-1]


def _walked(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def files(root, *endings):
    """Paths relative to `root` with one of the endings (all without), sorted."""
    paths = _listed_by_git(root)
    if paths is None:
        paths = _walked(root)
    return sorted(
        path
        for path in paths
        if (not endings or path.endswith(endings)) and os.path.isfile(os.path.join(root, path))
    )


def text(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def within(path, folders):
    """Whether `path` lies in one of the folders; "folder/*" means directly in it."""
    return any(
        os.path.dirname(path) == folder[:-2] if folder.endswith("/*") else path.startswith(folder + "/")
        for folder in folders
    )


def is_test(path):
    return path.endswith("test.cc") or path.startswith("tests/")
