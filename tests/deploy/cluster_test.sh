#!/usr/bin/env bash
# Tests the private cluster of deploy/run: who can connect, and what a killed run leaves behind. As
# root it also tries to connect as another user.
set -euo pipefail
. "$(dirname "$0")/../../deploy/lib/common.sh"
. "$ROOT/deploy/lib/cluster.sh"

FAILURES=0
check() {  # TEXT COMMAND...
  local text=$1
  shift
  "$@" || { say "FAILED: $text"; FAILURES=$((FAILURES + 1)); }
}
refused() { ! "$@" >/dev/null 2>&1; }
mode() { stat -c %a "$1"; }
as_nobody() { (cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"); }
sign_in() { "$PG_BIN/psql" -h "$SOCKET" -U postgres -Atqc "SELECT 1" otpgate >/dev/null; }

DATA=$(mktemp -d /tmp/otpgate-cluster-test-XXXXXX)
BYSTANDER=
finish() {
  [ -z "$BYSTANDER" ] || kill "$BYSTANDER" 2>/dev/null || true
  stop_cluster
  rm -rf "$DATA"
}
trap finish EXIT

exec 9>"$DATA/lock"
flock -n 9
start_cluster
check "the owner signs in" sign_in
check "the folder of the socket is the owner's" [ "$(mode "$SOCKET")" = 700 ]
check "the socket is the owner's" [ "$(mode "$SOCKET/.s.PGSQL.5432")" = 700 ]
check "others cannot enter the data" [ "$(($(mode "$DATA") % 10))" = 0 ]
if [ "$(id -u)" = 0 ]; then
  check "another user is not let in" refused as_nobody "$PG_BIN/psql" -h "$SOCKET" -U postgres \
    -c "SELECT 1" otpgate
  check "another user cannot enter the data" refused as_nobody ls "$DATA/postgres"
fi

# As if deploy/run was killed: nothing is stopped, and the lock is released.
exec 9>&-
check "the cluster does not hold the lock" flock -n "$DATA/lock" true
OLD=$SOCKET
PID=$(sed -n 1p "$DATA/postgres/postmaster.pid")
start_cluster
check "the cluster left behind was stopped" refused as_database_user readlink "/proc/$PID/exe"
check "its socket is gone" [ ! -e "$OLD" ]
check "the owner signs in again" sign_in

# The process id now belongs to another program of the same user.
stop_cluster
FILE="$DATA/postgres/postmaster.pid"
as_database_user sh -c "echo \$\$ >$FILE; exec sleep 100" &
until [ -s "$FILE" ]; do :; done
BYSTANDER=$(cat "$FILE")
stop_stale_cluster
check "another program is left alone" kill -0 "$BYSTANDER"

mkdir -p "$DATA/closed/checkout" "$DATA/open"
chmod 700 "$DATA/closed"
chmod 755 "$DATA" "$DATA/open"
check "data stays in the checkout" [ "$(ROOT=$DATA/open data_folder)" = "$DATA/open/.data" ]
if [ "$(id -u)" = 0 ]; then
  case "$(ROOT=$DATA/closed/checkout data_folder)" in
    /var/lib/otpgate-dev/checkout-????????) ;;
    *) check "data leaves a closed checkout" false ;;
  esac
fi

[ "$FAILURES" = 0 ] || die "$FAILURES checks failed"
