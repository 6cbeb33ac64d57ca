# shellcheck shell=bash
# Which Ruby this is: the developer's own (rbenv, mise, Homebrew, ...), or Debian's. And its gems.

RUBY_NEEDED=3.2

# os_release FIELD
os_release() { sed -n "s/^$1=//p" "${OS_RELEASE:-/etc/os-release}" 2>/dev/null | tr -d '"'; }

on_debian() { [ "$(os_release ID)" = debian ] && have apt-get; }

# Debian 12 and before need a newer suite; testing has no number and is new enough.
debian_is_older_than_13() {
  local number
  number="$(os_release VERSION_ID)"
  [ -n "$number" ] && [ "$number" -lt 13 ]
}

ruby_version() { ruby -e 'print RUBY_VERSION' 2>/dev/null || echo 0; }

ruby_is_new_enough() { version_at_least "$(ruby_version)" "$RUBY_NEEDED"; }

# A Ruby that did not come from Debian's packages.
own_ruby() {
  have ruby || return 1
  on_debian || return 0
  case "$(ruby -e 'print RbConfig.ruby' 2>/dev/null)" in
    /usr/bin/*) return 1 ;;
  esac
}

check_own_ruby() {
  ruby_is_new_enough ||
    die "Ruby $(ruby_version) at $(command -v ruby) is too old, $RUBY_NEEDED or later is needed."
  have bundle || die "bundle is not on the PATH of Ruby $(ruby_version). Run: gem install bundler"
}

no_ruby() {
  die "no Ruby found. Install Ruby $RUBY_NEEDED or later (rbenv, mise, your system's packages) and run bin/setup again."
}

# Debian 12's own Ruby 3.1 counts as missing, with all its gems: they move to the newer suite together.
missing_ruby() {
  if have ruby && ruby_is_new_enough; then ruby_packages | missing_packages
  else ruby_packages | first_words; fi
}

missing_system() { system_packages | missing_packages; }

# install_ruby PACKAGE...
install_ruby() {
  if debian_is_older_than_13; then
    ensure_keyring
    add_suite "$RUBY_SUITE" "$(os_release VERSION_CODENAME)"
    apt_install -t "$RUBY_SUITE" "$@"
  else
    case " $* " in *" ruby-vcr "*) add_suite "$OLD_SUITE" "$(os_release VERSION_CODENAME)" ;; esac
    apt_install "$@"
  fi
}

# Debian's gems are the packages: nothing is fetched.
resolve_gems() {
  gems_fit || bundle install --local --quiet ||
    die "the gems that Debian's packages brought do not fit the Gemfile, see above."
}

install_gems() {
  gems_fit && return
  step "bundle install (Ruby $(ruby_version) is your own, so no system package is touched)"
  bundle install || die "bundle install failed, see above."
}

gems_fit() { bundle check >/dev/null 2>&1; }
