"""Whether a configuration of Envoy serves the API of the OpenAPI document.

    agrees.py BOOTSTRAP.JSON OPENAPI.JSON OTPGATE.BINPB

Every path has a route to a cluster that exists; exactly the methods that take a bearer token have a
rule that checks it; the transcoder knows the services.
"""

import json
import re
import subprocess
import sys

bootstrap, openapi = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
problems = []


def find(value, name):
    """All members with this name, however deep."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key == name:
                yield member
            yield from find(member, name)
    elif isinstance(value, list):
        for element in value:
            yield from find(element, name)


def matches(match, path):
    if "path" in match:
        return path == match["path"]
    return path.startswith(match["prefix"])


def first(entries, path):
    return next((entry for entry in entries if matches(entry["match"], path)), None)


def need_of(rule, providers):
    """"none", "optional" or "required", as Envoy reads the rule."""
    needs = (rule or {}).get("requires")
    if not needs:
        return "none"
    if needs.get("providerName") in providers:
        return "required"
    alternatives = needs.get("requiresAny", {}).get("requirements", [])
    names = [name for alternative in alternatives for name in alternative]
    return "optional" if sorted(names) == ["allowMissing", "providerName"] else "unknown"


def security_of(operation):
    schemes = operation["security"]
    if not schemes:
        return "none"
    return "optional" if {} in schemes else "required"


def check_routes():
    clusters = {cluster["name"] for cluster in next(find(bootstrap, "clusters"))}
    public = next(l for l in next(find(bootstrap, "listeners")) if l["name"] == "rest")
    routes = next(find(public, "routes"))
    authn = next(a for a in find(public, "typedConfig") if "providers" in a)
    for template, operations in openapi["paths"].items():
        path = re.sub(r"\{\w+\}", "x", template)
        route = first(routes, path)
        if route is None or "route" not in route:
            problems.append(f"{template} has no route")
        for operation in operations.values():
            wanted = security_of(operation)
            found = need_of(first(authn["rules"], path), authn["providers"])
            if found != wanted:
                problems.append(f"{template}: a token is {found}, not {wanted}")
    used = set(find(bootstrap, "cluster")) | {
        name for names in find(bootstrap, "clusterMinHealthyPercentages") for name in names
    }
    problems.extend(f"there is no cluster {name}" for name in sorted(used - clusters))


def check_services():
    protoc = ["protoc", "--decode=google.protobuf.FileDescriptorSet", "google/protobuf/descriptor.proto"]
    with open(sys.argv[3], "rb") as descriptors:
        text = subprocess.run(protoc, stdin=descriptors, capture_output=True, check=True).stdout.decode()
    known = set()
    package = ""
    for line in text.splitlines():
        if line.startswith("  package: "):
            package = line.split('"')[1]
        if line == "  service {":
            known.add(None)
        elif None in known and line.startswith("    name: "):
            known.remove(None)
            known.add(package + "." + line.split('"')[1])
    for services in find(bootstrap, "services"):
        problems.extend(f"there is no service {name}" for name in services if name not in known)


check_routes()
check_services()
sys.exit("\n".join(problems) if problems else 0)
