# shellcheck shell=bash
# Rust comes from rustup and is never installed here: a toolchain is a developer's own choice.

rust_needed() { sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -n 1; }
rust_version() { cargo --version 2>/dev/null | awk '{ print $2 }'; }

check_rust() {
  local needed found
  needed="$(rust_needed)"
  have cargo || die "cargo is not on the PATH and not in ~/.cargo/bin. Install Rust $needed or later with rustup."
  found="$(rust_version)"
  [ -n "$found" ] || die "cargo is there but does not start: run \"cargo --version\" to see why."
  version_at_least "$found" "$needed" ||
    die "Rust $found is too old, $needed or later is needed. With rustup: rustup update stable"
}
