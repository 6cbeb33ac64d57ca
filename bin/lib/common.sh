# shellcheck shell=bash
# What every script in bin/ shares: where the checkout is, how it talks, which environment it runs in.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

say()  { printf '%s\n' "$@"; }
step() { printf '\n== %s\n' "$*"; }
die()  { printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# A bare machine has LANG=C, which makes Ruby read files as US-ASCII.
use_utf8() {
  [ "$(locale charmap 2>/dev/null)" = "UTF-8" ] && return
  export LANG=C.UTF-8 LC_ALL=C.UTF-8
}

# rustup installs below ~/.cargo and relies on a login shell to find it there.
find_rust() {
  have cargo && return
  local home="${CARGO_HOME:-${HOME:-/root}/.cargo}"
  [ -x "$home/bin/cargo" ] && export PATH="$home/bin:$PATH"
  return 0
}

enter_checkout() {
  cd "$ROOT" || die "cannot enter $ROOT"
  use_utf8
  find_rust
  export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}"
  export BUNDLE_GEMFILE="$ROOT/Gemfile" BUNDLE_SILENCE_ROOT_WARNING=1
}

# version_at_least 1.95.0 1.88  -> true
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}
