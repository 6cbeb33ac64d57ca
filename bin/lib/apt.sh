# shellcheck shell=bash
# Debian 12 gets its Ruby packages from Debian 13, and Debian 13 the one that it has no more from Debian 12, each taken
# from the mirror that the machine uses already.

APT_DIR="${APT_DIR:-/etc/apt}"
RUBY_SUITE=trixie
OLD_SUITE=bookworm
KEYRING_NEEDED=2023.3+deb12u2

# suite_stanza FROM TO FILE.sources -> the first enabled stanza for suite FROM, as a stanza for suite TO.
# The stanza is copied, so whatever else it says (mirror, Signed-By, proxy options) holds for TO too.
suite_stanza() {
  awk -v from="$1" -v to="$2" '
    function flush() {
      if (types && suites && !disabled && !done) { printf "%s", text; done = 1 }
      text = ""; types = suites = disabled = 0; field = ""
    }
    /^#/ { next }
    /^[ \t]*$/ { flush(); next }
    /^[^ \t]/ { field = tolower($0); sub(/[ \t]*:.*/, "", field) }
    field == "types" && / deb( |$)/ { types = 1 }
    field == "types" { text = text "Types: deb\n"; next }
    field == "enabled" && tolower($2) ~ /^(no|false|0)$/ { disabled = 1 }
    field == "suites" {
      for (i = 1; i <= NF; i++) if ($i == from) suites = 1
      if (/^[^ \t]/) text = text "Suites: " to "\n"
      next
    }
    { text = text $0 "\n" }
    END { flush() }' "$3"
}

# suite_line FROM TO FILE.list -> the first "deb" line for suite FROM, as a line for suite TO
suite_line() {
  awk -v from="$1" -v to="$2" '
    { sub(/[ \t]*#.*/, "") }
    $1 != "deb" { next }
    { i = 2
      if ($i ~ /^\[/) while (i < NF && $i !~ /\]$/) i++
      if ($2 ~ /^\[/) i++
      if ($(i + 1) == from) { $(i + 1) = to; print; exit } }' "$3"
}

source_files() {
  local file
  for file in "$APT_DIR"/sources.list "$APT_DIR"/sources.list.d/*.{list,sources}; do
    [ -r "$file" ] && printf '%s\n' "$file"
  done
}

# suite_source FROM TO -> "EXTENSION" on the first line, then the text of a source file for suite TO
suite_source() {
  local file text
  while IFS= read -r file; do
    case "$file" in
      *.sources) text="$(suite_stanza "$1" "$2" "$file")" ;;
      *)         text="$(suite_line "$1" "$2" "$file")" ;;
    esac
    [ -n "$text" ] && { printf '%s\n%s\n' "${file##*.}" "$text"; return 0; }
  done < <(source_files)
  return 1
}

has_suite() { [ -n "$(suite_source "$1" "$1")" ]; }

# Pinned at 100: an installed package never moves to the suite by itself, only "-t" takes from it, and what no other has.
# pin_text SUITE
pin_text() {
  printf 'Package: *\nPin: release n=%s\nPin-Priority: 100\n' "$1"
}

# add_suite SUITE CODENAME   leaves the machine as it was when the mirror does not have the suite
add_suite() {
  has_suite "$1" && return
  say "Adding the suite $1 of this machine's mirror, pinned at 100 (nothing moves to it by itself)."
  write_suite "$1" "$2"
  apt_quiet update && return
  remove_suite "$1"
  die "the mirror of $2 does not give me $1, see above; I removed it from $APT_DIR again.
\"NO_PUBKEY\" means that the keyring named by Signed-By does not know $1: update debian-archive-keyring.
\"404\" means that the mirror lacks it: add a source for $1 yourself, pinned at 100, and run bin/setup again."
}

# write_suite SUITE CODENAME
write_suite() {
  local source
  source="$(suite_source "$2" "$1")" ||
    die "no apt source for $2 below $APT_DIR, so I cannot tell which mirror has $1.
Add a source for $1 yourself, pinned at 100, and run bin/setup again."
  mkdir -p "$APT_DIR/preferences.d" "$APT_DIR/sources.list.d"
  pin_text "$1" >"$APT_DIR/preferences.d/pwb-crm-$1"
  tail -n +2 <<<"$source" >"$APT_DIR/sources.list.d/pwb-crm-$1.$(head -n 1 <<<"$source")"
}

# remove_suite SUITE
remove_suite() {
  rm -f "$APT_DIR/preferences.d/pwb-crm-$1" "$APT_DIR/sources.list.d/pwb-crm-$1".{list,sources}
}

# Debian 12's first keyrings do not know the keys that sign Debian 13.
ensure_keyring() {
  dpkg --compare-versions "$(dpkg-query -W -f '${Version}' debian-archive-keyring 2>/dev/null)" ge "$KEYRING_NEEDED" ||
    apt_install debian-archive-keyring
}

apt_quiet() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

apt_update() {
  say "Reading the package lists."
  apt_quiet update || die "apt-get update failed, see above. Nothing was installed."
}

# apt_install [-t SUITE] PACKAGE...
apt_install() {
  local log
  refuse_removals "$@"
  log="$(mktemp "${TMPDIR:-/tmp}/pwb-crm-setup.XXXXXX")"
  apt_quiet install -y --no-install-recommends "$@" >"$log" 2>&1 && { rm -f "$log"; return; }
  tail -n 30 "$log" >&2
  die "apt-get install failed, see above (all of it in $log). It is safe to run bin/setup again."
}

refuse_removals() {
  local lost
  lost="$(apt_quiet -s install -y --no-install-recommends "$@" 2>/dev/null | removed_packages | tr '\n' ' ')"
  [ -z "$lost" ] || die "installing $* would remove $lost- nothing was done.
Remove or upgrade these yourself, or use a Ruby of your own (rbenv, mise) and run bin/setup again."
}

# The removals that "apt-get -s install" announces, but for libfoo that becomes libfoo-t64 in Debian 13.
removed_packages() {
  awk '$1 == "Remv" { gone[$2] } $1 == "Inst" { here[$2] }
    END { for (p in gone) if (!((p "t64") in here)) print p }'
}
