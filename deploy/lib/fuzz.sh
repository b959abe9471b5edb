#!/usr/bin/env bash
# Builds the fuzz targets and runs each for some time: fuzz.sh SECONDS [TARGET...]. A run begins with
# the seeds beside the target and with what earlier runs found worth keeping, in build/fuzz/corpus.
# Ends with 1 when an input crashes, hangs or takes too much memory: it is left in build/fuzz/found,
# and the program with its path as argument runs it again.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$ROOT"

SECONDS_EACH=${1:?usage: fuzz.sh SECONDS [TARGET...]}
shift
[ $# -gt 0 ] || set -- clients/gateway/http/http_head_fuzz clients/gateway/transcode/transcode_fuzz

build fuzz fuzzers
mkdir -p build/fuzz/found
for target; do
  name=$(basename "$target") seeds=$(dirname "$target")/fuzz_seeds
  log=build/fuzz/$name.log corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus"
  if ! "build/fuzz/$target" -max_total_time="$SECONDS_EACH" -max_len=4096 -timeout=10 \
      -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="build/fuzz/found/$name-" \
      "$corpus" "$seeds" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    die "$name failed, see $log; the input is in build/fuzz/found"
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  [ "${runs:-0}" -gt "$(find "$seeds" -type f | wc -l)" ] || die "$name tried nothing, see $log"
  say "fuzz, $name: $runs inputs in $SECONDS_EACH s, $(find "$corpus" -type f | wc -l) kept"
done
