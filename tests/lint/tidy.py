"""clang-tidy over every file of ours: tidy.py BUILD_FOLDER, which holds compile_commands.json.

The build folder is of a unity build: several files share one pass over their headers, which costs
more than they do. A unit that was clean is not looked at again until its files, what they include,
the checks or the tool change: what was clean is remembered by content in
$XDG_CACHE_HOME/otpgate-tidy, wherever the checkout is. Removing that folder makes the next run a
whole one.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = tuple(str(ROOT / folder) + "/" for folder in ("base", "server", "storage", "migrations", "clients", "tests"))
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "otpgate-tidy"
UNITY_INCLUDE = re.compile(r'^#include "(.*\.cc)"$', re.MULTILINE)
FINDING = re.compile(r"^.*(?:error|warning):.*\[.*\]$", re.MULTILINE)


def output(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")


def tool_version():
    rules = (ROOT / ".clang-tidy").read_text()
    return output(["clang-tidy", "--version"], ROOT).stdout + rules


def files_of(entry):
    """The files of ours in a unit of compilation."""
    path = entry["file"]
    found = UNITY_INCLUDE.findall(pathlib.Path(path).read_text()) if "/Unity/" in path else [path]
    return sorted(file for file in found if file.startswith(OURS))


def name_of(entry, version):
    """The hash of all that the findings depend on; the raw files too, for their NOLINT comments."""
    command = shlex.split(entry["command"])
    del command[command.index("-o"):command.index("-o") + 2]
    command[command.index("-c")] = "-E"
    seen = output(command + ["-P"], entry["directory"])
    if seen.returncode:
        return None
    flags = [word for word in command if word.startswith(("-D", "-W", "-std"))]
    texts = [text for file in files_of(entry) for text in (file, pathlib.Path(file).read_text())]
    parts = [version, *flags, *texts, seen.stdout]
    return hashlib.sha256("\0".join(parts).replace(str(ROOT), "").encode()).hexdigest()


def look(entry, version, build):
    """(known to be clean, findings)"""
    name = name_of(entry, version)
    if name and (CACHE / name).exists():
        return True, []
    done = output(["clang-tidy", "--quiet", f"--config-file={ROOT}/.clang-tidy", "-p", build, entry["file"]], ROOT)
    if done.returncode:
        return False, FINDING.findall(done.stdout) or [f"{entry['file']}: {done.stderr.strip()}"]
    if name:
        (CACHE / name).touch()
    return False, []


def main():
    build = sys.argv[1]
    CACHE.mkdir(parents=True, exist_ok=True)
    entries = json.loads(pathlib.Path(build, "compile_commands.json").read_text())
    ours = {entry["file"]: entry for entry in entries if files_of(entry)}
    version = tool_version()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        seen = list(pool.map(lambda entry: look(entry, version, build), ours.values()))
    findings = sorted({finding for _, found in seen for finding in found})
    print("\n".join(findings[:60]), end="\n" if findings else "")
    known = sum(known for known, _ in seen)
    files = len({file for entry in ours.values() for file in files_of(entry)})
    print(f"clang-tidy: {files} files in {len(seen)} units, {known} units unchanged since they were clean;"
          f" findings: {len(findings)}")
    return 1 if findings or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
