# shellcheck shell=bash
# The Debian packages bin/setup installs, and why. The first word of a line is the package.

# From the machine's own suite, whatever it is.
system_packages() {
  cat <<'LIST'
ca-certificates  the roots that TLS clients trust
gcc              compiles the few C parts of the crates and of gems
libc6-dev        headers for gcc
make             drives the build of the extension
libclang-dev     lets bindgen read Ruby's headers
postgresql       the specs run on it, in a private cluster of their own
redis-server     Sidekiq's queue in the specs, on a private socket
LIST
}

# Ruby and its gems: Debian 13, because Debian 12 has Ruby 3.1 and Rails 6.1. Only ruby-vcr is Debian 12's: Debian 13
# has none.
ruby_packages() {
  cat <<'LIST'
ruby                      the language, 3.3
ruby-dev                  headers the extension is compiled against
bundler                   resolves the Gemfile
rake                      runs the build
ruby-activerecord         Rails: the tables
ruby-activejob            Rails: the queue
ruby-actionpack           Rails: the controllers
ruby-railties             Rails: the engine
ruby-actionmailer         Rails: mails of notices, which hosts need not have
ruby-sqlite3              the database of the demo and of half the specs
ruby-pg                   the database of the other half
ruby-rb-sys               builds a Rust crate as a Ruby extension
rake-compiler             rake compile
puma                      serves the fakes on loopback
ruby-async                specs under a Fiber scheduler
ruby-redis                the cache that most hosts share between their processes
ruby-sidekiq              the queue that most hosts have: specs kill its workers
ruby-faraday              what bin/bench compares with
ruby-rspec                the specs
ruby-rspec-rails          the specs of the engine
ruby-webmock              hosts stub with it: specs show that it works
ruby-vcr                  hosts record with it: specs show that it works
rubocop                   style
ruby-rubocop-performance  style
ruby-rubocop-rspec        style
yard                      checks the documentation of public methods
valgrind                  finds invalid reads and writes of the extension; here because it must fit Ruby's libc
LIST
}

# What bin/bench native compares with, besides; only it installs them.
bench_packages() {
  cat <<'LIST'
ruby-typhoeus  HTTP by libcurl
ruby-http      http.rb
LIST
}

first_words() { awk 'NF { print $1 }'; }

# missing_packages < list  -> the packages of the list that dpkg does not report as installed
missing_packages() {
  local wanted installed
  wanted="$(first_words | sort)"
  # shellcheck disable=SC2086
  installed="$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
    awk '$1 == "installed" { print $2 }' | sort -u)"
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed")
}

# explain PACKAGE... -> one line each, with the reason from the lists above
explain() {
  local package
  for package in "$@"; do
    { system_packages; ruby_packages; } |
      awk -v p="$package" '$1 == p { $1 = ""; printf "  %-26s%s\n", p, $0 }'
  done
}
