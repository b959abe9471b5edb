#!/usr/bin/env python3
"""SECURITY.md and the names of tests agree about the ids of requirements.

A test says what it proves at the beginning of its name: `B7_G1_KilledServers` proves B7 and G1.
SECURITY.md has one row for each id, with links to the files of its tests:

    | B7 | a guess is counted before its answer leaves | [kill_test](tests/e2e/kill_test.cc) |

Files whose tests have another name, or none, may stand behind "also", by hand; a row without a
third cell is of something that is not built yet.

    tests/lint/requirements.py --renew    writes the links before "also" anew, and lets all others
                                          follow files that were moved
"""

import os
import re
import sys

import repo

LIST = "SECURITY.md"
SOURCES = (".cc", ".h", ".py", ".sh", ".js")
OWN = "tests/lint/requirements.py", "tests/lint/lint_test.py"  # examples and planted mistakes
ID = r"[A-Z]\d{1,2}"
NAME = re.compile(rf"\b(?:test_)?((?:{ID}_)+)[A-Za-z]")
ROW = re.compile(rf"^\| ({ID}) \|([^|]*)\|(?:([^|]*)\|)?$")
LINK = re.compile(r"\[([^\]]*)\]\(([^)#]*)\)")
MENTION = re.compile(rf"\b{ID}\b(?!\.\d)")


def proofs(root):
    """By id, the files that have it in the name of a test."""
    found = {}
    for path in repo.files(root, *SOURCES):
        if path in OWN:
            continue
        for ids in NAME.findall(repo.text(root, path)):
            for one in ids.split("_")[:-1]:
                found.setdefault(one, set()).add(path)
    return found


def links(paths):
    stems = {path: os.path.splitext(os.path.basename(path))[0] for path in sorted(paths)}
    return ", ".join(f"[{stem}]({path})" for path, stem in stems.items())


def by_hand(cell):
    """What stands behind "also", with it."""
    return re.search(r"(?:^|; )also (.*)$", cell)


def tests_cell(paths, old):
    also = by_hand(old)
    parts = ([links(paths)] if paths else []) + ([f"also {also[1]}"] if also else [])
    return "; ".join(parts)


def check_row(root, one, cell, paths):
    if cell is None:
        return [f"{LIST}: {one} is not built yet, but tested by {min(paths)}"] if paths else []
    also = by_hand(cell.strip())
    named = [path for _, path in LINK.findall(also[1])] if also else []
    gone = [path for path in named if not os.path.isfile(os.path.join(root, path))]
    if gone:
        return [f"{LIST}: {one} names {gone[0]}, which is not there"]
    if not paths and not named:
        return [f"{LIST}: {one} is in no name of a test; name one behind \"also\""]
    if cell.strip() != tests_cell(paths, cell.strip()):
        return [f"{LIST}: the tests of {one} are others by now; run tests/lint/requirements.py --renew"]
    return []


def check(root):
    found = proofs(root)
    if not os.path.isfile(os.path.join(root, LIST)):
        return ([f"{LIST}: is not there"] if found else []), []
    errors, rows, mentions = [], set(), {}
    for number, line in enumerate(repo.text(root, LIST).splitlines(), 1):
        row = ROW.match(line)
        if not row:
            mentions.update({one: number for one in MENTION.findall(line)})
            continue
        one, _, cell = row.groups()
        if one in rows:
            errors.append(f"{LIST}:{number}: {one} has a row already")
        rows.add(one)
        errors += check_row(root, one, cell, found.get(one, set()))
    for one in sorted(set(found) - rows):
        errors.append(f"{LIST}: {one} has no row, but {min(found[one])} tests it")
    for one in sorted(set(mentions) - rows - set(found)):
        errors.append(f"{LIST}:{mentions[one]}: {one} has no row")
    return errors, []


def followed(line, root, places):
    """The line with links to moved files mended, where one file has that name."""

    def mend(link):
        target = link[2]
        now = places.get(os.path.basename(target), [])
        lost = ":" not in target and not os.path.exists(os.path.join(root, target))
        return f"[{link[1]}]({now[0]})" if lost and len(now) == 1 else link[0]

    return LINK.sub(mend, line)


def renewed(line, found):
    row = ROW.match(line)
    if not row or row[3] is None:
        return line
    return f"| {row[1]} |{row[2]}| {tests_cell(found.get(row[1], set()), row[3].strip())} |"


def renew(root):
    found = proofs(root)
    places = {}
    for path in repo.files(root):
        places.setdefault(os.path.basename(path), []).append(path)
    lines = [followed(renewed(line, found), root, places) for line in repo.text(root, LIST).splitlines()]
    with open(os.path.join(root, LIST), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    if sys.argv[1:] != ["--renew"]:
        sys.exit(__doc__)
    renew(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
