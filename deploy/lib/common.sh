# Shared by deploy/run and deploy/test. Source it; it sets ROOT and works on Debian 12.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# as_root COMMAND...: runs it as root, by sudo if need be.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages are missing; run as root, or install: $*"
  fi
}

# install_packages [PACKAGE...]: installs what is missing of packages.txt and of these.
install_packages() {
  local wanted missing=()
  wanted=$(sed 's/#.*//' "$ROOT/deploy/lib/packages.txt")
  # Node.js may be installed without a Debian package.
  command -v npm >/dev/null || wanted="$wanted npm"
  for package in $wanted "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "installing ${missing[*]}"
  as_root apt-get update -q >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    "${missing[@]}" >/dev/null || die "apt-get could not install ${missing[*]}"
}

# stage NAME COMMAND...: runs it and prints how long it took.
stage() {
  local name=$1 begin=$SECONDS result=0
  shift
  say "== $name"
  "$@" || result=$?
  say "== $name: $((SECONDS - begin)) s"
  return $result
}

# build PRESET TARGET...: configures and builds in build/PRESET.
build() {
  local preset=$1 log="$ROOT/build/$1/build.log"
  shift
  mkdir -p "$(dirname "$log")"
  if ! { (cd "$ROOT" && cmake --preset "$preset") && cmake --build "$ROOT/build/$preset" --target "$@"; } \
      >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    return 1
  fi
}

# as_database_user COMMAND...: as root, runs it as the user postgres, because PostgreSQL refuses to
# run as root. Closes descriptor 9, the lock of deploy/run: a process left behind must not hold it.
as_database_user() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@") 9>&-
  else
    "$@" 9>&-
  fi
}
PG_BIN=/usr/lib/postgresql/15/bin
