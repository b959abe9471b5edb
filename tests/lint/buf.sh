#!/bin/sh
# Checks the public API: comments and style (buf lint), format (buf format), and that nothing callers
# rely on was changed since proto/baseline.txtpb (buf breaking; REST routes and log marks too).
# Each run proves, with a broken copy, that each check can fail.
#
#   tests/lint/buf.sh           check; ends with 1 when something is wrong
#   tests/lint/buf.sh --renew   make the current API the baseline, after a release or on purpose
#
# Needs protoc, npm and the google/api protos. buf is installed in $OTPGATE_LINT_DIR, default
# build/lint, by its lock file, with the binary packages that @bufbuild/buf launches.
set -eu
. "$(dirname "$0")/npm_tools.sh"

root=$(cd "$(dirname "$0")/../.." && pwd)
work=${OTPGATE_LINT_DIR:-$root/build/lint}
google=${OTPGATE_GOOGLEAPIS:-/usr/share/gocode/src/github.com/gogo/googleapis}
baseline=$root/proto/baseline.txtpb

buf() { BUF_CACHE_DIR=$work/cache "$work"/npm/node_modules/@bufbuild/buf-linux-*/bin/buf "$@"; }

# files FOLDER: prints our protos in it, relative to it, for protoc.
files() { (cd "$1" && find otpgate -name '*.proto' | sort); }

# image FOLDER OUT: writes a descriptor set with imports and comments.
image() {
  # shellcheck disable=SC2046  # names of ours hold no blanks
  protoc -I"$1" -I"$google" --include_imports --include_source_info --descriptor_set_out="$2" \
    $(files "$1")
}

# api FOLDER: prints our protos in the form of the baseline: text, without imports and comments.
api() {
  # shellcheck disable=SC2046
  protoc -I"$1" -I"$google" --descriptor_set_out="$work/api.binpb" $(files "$1")
  protoc -I"$root/proto" -I"$google" --decode=google.protobuf.FileDescriptorSet \
    google/api/annotations.proto otpgate/v1/options.proto <"$work/api.binpb"
}

# Writes the baseline in binary form, with the google files that it imports.
baseline_image() {
  imports=$(sed -n 's/^ *dependency: "\(google\/.*\)"$/\1/p' "$baseline" | sort -u)
  # shellcheck disable=SC2086
  protoc -I"$google" --include_imports --descriptor_set_out="$work/imports.binpb" $imports
  protoc -I"$root/proto" -I"$google" --encode=google.protobuf.FileDescriptorSet \
    google/api/annotations.proto otpgate/v1/options.proto <"$baseline" |
    cat - "$work/imports.binpb" >"$work/baseline.binpb"
}

# Prints the options that buf does not compare: "Method get: /path", "Message.field [mark]: true".
options() {
  awk '/^    name: /            { outer = $2 }
       /^      name: /          { inner = $2 }
       /^ *(get|put|post|delete|patch|body): / { print outer, inner, $1, $2 }
       /^ *\[otpgate\.v1\./     { print outer, inner, $1, $2 }' | sort
}

lint() { image "$1" "$work/new.binpb" && buf lint "$work/new.binpb" --config "$root/proto/buf.yaml"; }

format() { buf format --diff --exit-code "$1" --config "$root/proto/buf.yaml"; }

breaking() {
  image "$1" "$work/new.binpb"
  buf breaking "$work/new.binpb" --against "$work/baseline.binpb" --config "$root/proto/buf.yaml" ||
    return 1
  options <"$baseline" >"$work/old.options"
  api "$1" | options >"$work/new.options"
  lost=$(comm -23 "$work/old.options" "$work/new.options")
  [ -z "$lost" ] || { echo "lost since the baseline: $lost" && return 1; }
}

# must_fail CHECK EDIT: expects CHECK to refuse a copy of the protos that EDIT (sed) changed.
must_fail() {
  rm -rf "$work/broken"
  cp -r "$root/proto" "$work/broken"
  sed -i "$2" "$work"/broken/otpgate/v1/*.proto
  ! diff -rq "$root/proto" "$work/broken" >/dev/null || fail "self-test: '$2' changes nothing"
  image "$work/broken" "$work/new.binpb" || fail "self-test: '$2' does not compile"
  ! "$1" "$work/broken" >/dev/null 2>&1 || fail "self-test: $1 does not notice '$2'"
}

self_test() {
  must_fail lint '/Seconds until the code expires/d'
  must_fail lint 's/\bJwk\b/jwk/'
  must_fail lint 's/returns (GetJwksResponse)/returns (stream GetJwksResponse)/'
  must_fail format 's/^  string handle/     string handle/'
  must_fail breaking 's/uint32 expires_in = /uint32 ttl = /'
  must_fail breaking 's/bool new_user = 9/bool new_user = 19/'
  must_fail breaking '/ERROR_REASON_SEND_LIMIT/d'
  must_fail breaking 's|/v1/users/me|/v1/me|'
  must_fail breaking 's/string code = 2 .*/string code = 2;/'
}

mkdir -p "$work"
if [ "${1:-}" = --renew ]; then
  {
    echo '# The published API, which changes may extend but not break.'
    echo '# Made by tests/lint/buf.sh --renew; do not edit.'
    api "$root/proto"
  } >"$work/baseline.txtpb"
  mv "$work/baseline.txtpb" "$baseline"
  exit
fi
[ $# -eq 0 ] || fail "unknown argument: $1"
mkdir -p "$work/npm"
(cd "$work/npm" && install_packages "$root/tests/lint/buf")
baseline_image
ok=0
lint "$root/proto" || ok=1
format "$root/proto" || ok=1
breaking "$root/proto" || ok=1
[ $ok -eq 0 ] || fail "the API breaks a rule (see above)"
self_test
echo "buf.sh: API is clean"
