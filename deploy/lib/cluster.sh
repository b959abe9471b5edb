# A private PostgreSQL cluster, one server on it and a gateway in front, all below one folder. Source
# after common.sh.
#
#   DATA       the folder; cluster, secrets and logs are in it, for its owner alone
#   PORT       of the server; 0: start_server takes a free one and sets it
#   HTTP_PORT  of the gateway; 0: start_gateway takes a free one and sets it
#
# Logins need no password, because others cannot enter the folder of the socket. As root only the
# cluster runs as the user postgres.
SOCKET=

# Prints where a checkout keeps its data: in .data, or below /var/lib when root runs it in a place
# that other users cannot enter. Asks as nobody, because the user postgres may not exist yet.
data_folder() {
  if [ "$(id -u)" != 0 ] ||
    (cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups test -x "$ROOT"); then
    printf '%s\n' "$ROOT/.data"
  else
    printf '/var/lib/otpgate-dev/%s-%.8s\n' "$(basename "$ROOT")" "$(printf %s "$ROOT" | sha256sum)"
  fi
}

start_cluster() {
  mkdir -p "$DATA"
  close_folder
  stop_stale_cluster
  SOCKET=$(mktemp -d /tmp/otpgate-XXXXXX)  # mode 0700; paths of sockets end at 107 bytes
  [ "$(id -u)" != 0 ] || chown postgres "$SOCKET"
  if [ ! -s "$DATA/postgres/PG_VERSION" ]; then
    as_database_user "$PG_BIN/initdb" -D "$DATA/postgres" -U postgres --auth-local=trust \
      --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 >"$DATA/initdb.log" 2>&1 ||
      die "initdb failed, see $DATA/initdb.log"
  fi
  as_database_user "$PG_BIN/pg_ctl" -D "$DATA/postgres" -w -t 60 \
    -l "$DATA/postgres/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$SOCKET' -c unix_socket_permissions=0700 -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0 -c log_error_verbosity=terse" \
    start >/dev/null || die "PostgreSQL did not start, see $DATA/postgres/server.log"
  OWNER_URL="host=$SOCKET dbname=otpgate user=postgres"
  as_database_user "$PG_BIN/psql" -h "$SOCKET" -U postgres -Atqc \
    "SELECT 1 FROM pg_database WHERE datname = 'otpgate'" postgres | grep -q 1 ||
    as_database_user "$PG_BIN/createdb" -h "$SOCKET" -U postgres otpgate
}

# Closes DATA to all but its owner; the user postgres may pass through to the cluster.
close_folder() {
  if [ "$(id -u)" != 0 ]; then
    chmod 700 "$DATA"
    return
  fi
  chown root:postgres "$DATA" && chmod 710 "$DATA"
  mkdir -p "$DATA/postgres" && chown postgres "$DATA/postgres" && chmod 700 "$DATA/postgres"
  as_database_user test -x "$DATA" || die "the user postgres cannot enter $DATA"
}

# Stops the PostgreSQL that a killed run left behind. The process id in its file may be that of
# another program by now, and only the owner of a process may read its program and folder.
stop_stale_cluster() {
  local file="$DATA/postgres/postmaster.pid" pid program folder socket
  [ -s "$file" ] || return 0
  pid=$(sed -n 1p "$file")
  program=$(as_database_user readlink "/proc/$pid/exe") || return 0
  folder=$(as_database_user readlink "/proc/$pid/cwd") || return 0
  [ "${program% (deleted)}" = "$PG_BIN/postgres" ] || return 0
  [ "$folder" = "$(realpath "$DATA/postgres")" ] || return 0
  say "stopping the PostgreSQL of an earlier run"
  socket=$(sed -n 5p "$file")
  stop_cluster
  case "$socket" in /tmp/otpgate-??????) rm -rf "$socket" ;; esac
}

stop_cluster() {
  as_database_user "$PG_BIN/pg_ctl" -D "$DATA/postgres" -m fast -w stop >/dev/null 2>&1 || true
  [ -z "$SOCKET" ] || rm -rf "$SOCKET"
}

# Makes one key file per use, unless it exists.
make_secrets() {
  mkdir -p "$DATA/secrets"
  chmod 700 "$DATA/secrets"
  for name in pepper handle refresh master; do
    [ -s "$DATA/secrets/$name.keys" ] && continue
    (umask 077 && printf 'k1 %s\n' "$(openssl rand -base64 32)" >"$DATA/secrets/$name.keys")
  done
}

# Starts the server in the background and waits until it serves or ends; SERVER is its process id.
# The server stops when this script dies.
start_server() {
  setpriv --pdeathsig TERM "$ROOT/build/release/server/otpgate-server" \
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

# start_gateway [OPTION...]: REST in front of the server; GATEWAY is its process, HTTP_PORT its port.
start_gateway() {
  setpriv --pdeathsig TERM "$ROOT/build/release/clients/gateway/otpgate-gateway" \
    --listen "127.0.0.1:$HTTP_PORT" --server "127.0.0.1:$PORT" "$@" 2>"$DATA/gateway.log" &
  GATEWAY=$!
  for _ in $(seq 100); do
    kill -0 "$GATEWAY" 2>/dev/null || { cat "$DATA/gateway.log" >&2; die "the gateway ended"; }
    grep -q '"event":"LISTENING"' "$DATA/gateway.log" && break
    sleep 0.1
  done
  HTTP_PORT=$(sed -n 's/.*"event":"LISTENING".*"port":\([0-9]*\).*/\1/p' "$DATA/gateway.log")
  [ -n "$HTTP_PORT" ] || die "the gateway does not listen, see $DATA/gateway.log"
}
