# A private PostgreSQL cluster and one server on it, all below one folder. Source after common.sh.
#
#   DATA   the folder; socket, secrets and database.url are in it
#   PORT   of the server

start_cluster() {
  mkdir -p "$DATA"
  SOCKET=$(mktemp -d /tmp/otpgate-XXXXXX)  # paths of sockets end at 107 bytes
  chmod 755 "$SOCKET"
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$SOCKET"
    mkdir -p "$DATA/postgres" && chown postgres "$DATA/postgres"
    chmod 700 "$DATA/postgres"
    make_reachable "$DATA"
  fi
  if [ ! -s "$DATA/postgres/PG_VERSION" ]; then
    as_database_user "$PG_BIN/initdb" -D "$DATA/postgres" -U postgres -A trust --encoding=UTF8 \
      --locale=C.UTF-8 >"$DATA/initdb.log" 2>&1 || die "initdb failed, see $DATA/initdb.log"
  fi
  as_database_user "$PG_BIN/pg_ctl" -D "$DATA/postgres" -w -t 60 \
    -l "$DATA/postgres/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$SOCKET' -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0" \
    start >/dev/null || die "PostgreSQL did not start, see $DATA/postgres/server.log"
  OWNER_URL="host=$SOCKET dbname=otpgate user=postgres"
  as_database_user "$PG_BIN/psql" -h "$SOCKET" -U postgres -Atqc \
    "SELECT 1 FROM pg_database WHERE datname = 'otpgate'" postgres | grep -q 1 ||
    as_database_user "$PG_BIN/createdb" -h "$SOCKET" -U postgres otpgate
  printf '%s\n' "$OWNER_URL" >"$DATA/database.url"
}

# Another user must be able to pass through every folder above the cluster.
make_reachable() {
  as_database_user test -x "$1" && return 0
  die "the user postgres cannot enter $1; put the checkout elsewhere, or run as an ordinary user"
}

stop_cluster() {
  as_database_user "$PG_BIN/pg_ctl" -D "$DATA/postgres" -m fast -w stop >/dev/null 2>&1 || true
  [ -n "${SOCKET:-}" ] && rm -rf "$SOCKET"
}

# One key file per use, made once.
make_secrets() {
  mkdir -p "$DATA/secrets"
  chmod 700 "$DATA/secrets"
  for name in pepper handle refresh master; do
    [ -s "$DATA/secrets/$name.keys" ] && continue
    (umask 077 && printf 'k1 %s\n' "$(openssl rand -base64 32)" >"$DATA/secrets/$name.keys")
  done
}

# Starts the server in the background; SERVER is its process id. Waits until it serves or ends.
start_server() {
  "$ROOT/build/release/server/otpgate-server" \
    --database.url="host=$SOCKET dbname=otpgate user=otpgate_app" \
    --secrets.pepper_file="$DATA/secrets/pepper.keys" \
    --secrets.handle_key_file="$DATA/secrets/handle.keys" \
    --secrets.refresh_key_file="$DATA/secrets/refresh.keys" \
    --secrets.master_key_file="$DATA/secrets/master.keys" \
    --listen.addresses="127.0.0.1:$PORT" --development.reveal_codes=true "$@" \
    2>"$DATA/server.log" &
  SERVER=$!
  for _ in $(seq 300); do
    kill -0 "$SERVER" 2>/dev/null || { tail -n 5 "$DATA/server.log" >&2; die "the server ended"; }
    grep -q '"event":"DATABASE_AVAILABLE"' "$DATA/server.log" &&
      grep -q '"event":"LISTENING"' "$DATA/server.log" && break
    sleep 0.1
  done
  PORT=$(sed -n 's/.*"event":"LISTENING".*"port":\([0-9]*\).*/\1/p' "$DATA/server.log" | head -n 1)
  [ -n "$PORT" ] || die "the server does not listen, see $DATA/server.log"
}
