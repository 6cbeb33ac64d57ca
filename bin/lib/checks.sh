# shellcheck shell=bash
# Runs checks one after another, and one beside them; goes on after a failure, and ends with a line for each. A check
# that hangs is ended with all that it started, as a run must tell how the others went, too.

# Seconds that one check may take, and that all may: several times what they need.
CHECK_LIMIT="${CHECK_LIMIT:-1200}"
RUN_LIMIT="${RUN_LIMIT:-3600}"
# Seconds between being asked to end and being killed.
GRACE="${GRACE:-15}"

RESULTS=()
REASONS=()
FAILED=0
PRINTED="$(mktemp -d)"
# A process of its own that a signal meets before it has dropped these would clear up for all.
OWNER="$BASHPID"
trap '[ "$BASHPID" != "$OWNER" ] || { end_all; rm -rf "$PRINTED"; }' EXIT
trap 'exit 130' INT TERM

# check NAME COMMAND...   runs COMMAND, remembers how it went, why, and how long it took
check() {
  local name="$1" shown turn
  shift
  step "$name"
  mkfifo "$PRINTED/pipe"
  tee "$PRINTED/now" <"$PRINTED/pipe" &
  shown=$!
  start now "$@" >"$PRINTED/pipe" 2>&1
  finish now
  # What a lost process of the check holds open is not waited for.
  for ((turn = 0; turn < 50; turn++)); do kill -0 "$shown" 2>/dev/null || break; sleep 0.1; done
  quietly kill "$shown"
  rm -f "$PRINTED/pipe"
  remember "$name" now
}

# aside NAME COMMAND...   runs COMMAND beside the checks that follow; `rejoin` waits for it and says what it printed.
aside() {
  ASIDE="$1"
  shift
  start aside "$@" >"$PRINTED/aside" 2>&1
}

rejoin() {
  finish aside
  step "$ASIDE"
  cat "$PRINTED/aside"
  remember "$ASIDE" aside
}

# ask NAME COMMAND...   a check that may ask for a password: at a terminal it has that, and all the time it needs
ask() {
  local name="$1"
  [ -t 0 ] || { check "$@"; return; }
  shift
  step "$name"
  begin now 0
  "$@" 2>&1 | tee "$PRINTED/now"
  echo "${PIPESTATUS[0]}" "$SECONDS" >"$PRINTED/now.ended"
  remember "$name" now
}

# start SLOT COMMAND...   in a process group of its own, which ends as a whole
start() {
  local slot="$1" limit=$((RUN_LIMIT - SECONDS))
  shift
  [ "$limit" -lt "$CHECK_LIMIT" ] || limit="$CHECK_LIMIT"
  [ "$limit" -gt 0 ] || limit=0
  begin "$slot" "$limit"
  set -m
  { "$@"; echo "$?" "$SECONDS" >"$PRINTED/$slot.ended"; } </dev/null &
  echo "$!" >"$PRINTED/$slot.group"
  watch "$slot" "$!" "$limit" >/dev/null 2>&1 </dev/null &
  echo "$!" >"$PRINTED/$slot.watch"
  set +m
}

# begin SLOT LIMIT
begin() {
  rm -f "$PRINTED/$1".*
  echo "$SECONDS" "$2" >"$PRINTED/$1.began"
}

# watch SLOT GROUP SECONDS
watch() {
  sleep "$3"
  touch "$PRINTED/$1.late"
  kill -TERM -- "-$2"
  sleep "$GRACE"
  kill -KILL -- "-$2"
}

# finish SLOT   waits for what was started there
finish() {
  quietly wait "$(cat "$PRINTED/$1.group")"
  # What is left of a check that was ended.
  [ ! -e "$PRINTED/$1.late" ] || end_group "$1.group" KILL
  end_group "$1.watch"
  rm -f "$PRINTED/$1.group" "$PRINTED/$1.watch"
  [ -s "$PRINTED/$1.ended" ] || echo 1 "$SECONDS" >"$PRINTED/$1.ended"
}

# remember NAME SLOT
remember() {
  local verdict=ok began limit status ended
  read -r began limit <"$PRINTED/$2.began"
  read -r status ended <"$PRINTED/$2.ended"
  if [ -e "$PRINTED/$2.late" ]; then
    verdict=HUNG
    REASONS+=("$1: was ended, as it was not done within $limit s."
      "$(tail -n 3 "$PRINTED/$2" | cut -c 1-300 | sed 's/^/  ... /')")
  elif [ "$status" != 0 ]; then
    verdict=FAILED
    REASONS+=("$1:")
  fi
  RESULTS+=("$(printf '%-7s %5ss  %s' "$verdict" "$((ended - began))" "$1")")
  [ "$verdict" != ok ] || return 0
  FAILED=$((FAILED + 1))
  REASONS+=("$(reasons "$PRINTED/$2")")
  return 1
}

end_all() {
  local slot
  for slot in now aside; do
    [ ! -e "$PRINTED/$slot.watch" ] || { end_group "$slot.watch"; end_group "$slot.group"; }
  done
}

# end_group FILE [SIGNAL]
end_group() { quietly kill -s "${2:-TERM}" -- "-$(cat "$PRINTED/$1")"; }

quietly() { "$@" 2>/dev/null || true; }

# reasons PRINTED   what the runners said of their failures, in few lines: whoever sees only the end of a log should see why.
reasons() {
  awk '/^BREACHES/ { breaches = 5 } breaches-- > 0 || /^(rspec |error|An error occurred|Chaos, seed|test .* FAILED$|[CWEF]: *[0-9]+:)/' "$1" |
    cut -c 1-300 | head -n 8 | sed 's/^/  /'
}

summary() {
  step "Summary"
  say "${RESULTS[@]}" "" ${REASONS[@]+"${REASONS[@]}" ""} "$((${#RESULTS[@]} - FAILED)) passed, $FAILED failed"
  [ "$FAILED" = 0 ] || exit 1
}

# need check|ask|rejoin ...   nothing makes sense without it
need() { "$@" || summary; }
