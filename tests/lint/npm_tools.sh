# What the checks share that use packages of npm; sourced by them.

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# install_packages FOLDER: installs the packages of the lock file in FOLDER into the working folder,
# unless they are there.
install_packages() {
  cmp -s "$1/package-lock.json" installed-lock.json && return
  command -v npm >/dev/null || fail "npm is not installed"
  rm -rf node_modules
  cp "$1/package.json" "$1/package-lock.json" "$1/.npmrc" .
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json installed-lock.json
}
