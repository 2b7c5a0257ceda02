#!/bin/sh
set -eu
# Tests Go packages. Inputs are in the environment; the arguments are flags,
# --next--, packages.

tool=go-test

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=go-inputs.sh
. ./go-inputs.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# covered prints the percentage of statements that ran. A block may occur in a
# profile more than once.
covered() {
  awk '
    NF >= 3 && $NF ~ /^[0-9]+$/ {
      block = $0
      sub(/ [0-9]+ [0-9]+$/, "", block)
      size[block] = $(NF - 1)
      if ($NF > 0) ran[block] = 1
    }
    END {
      for (block in size) {
        all += size[block]
        if (block in ran) hit += size[block]
      }
      printf "%.1f", all ? 100 * hit / all : 0
    }' "$1"
}

boolean race "$RACE"
boolean copy "$COPY"
inside directory "$DIRECTORY"
case $CGO in
'' | 0 | 1) ;;
*) fail "cgo is '$CGO', want 0 or 1" ;;
esac
toolchain
work=$(mktemp -d)
if [ "$COPY" = true ]; then
  cp -R "$SOURCE/." "$work/source" || fail "cannot copy the source"
  SOURCE=$work/source
fi
[ -d "$SOURCE/$DIRECTORY" ] || fail "no directory '$DIRECTORY' in the source"
cd "$SOURCE/$DIRECTORY"

marks=0 count=$#
set -- "$@" test
if [ "$RACE" = true ]; then
  export CGO_ENABLED=1
  set -- "$@" -race
fi
while [ "$count" -gt 0 ]; do
  case $1 in
  --next--)
    marks=$((marks + 1))
    set -- "$@" "-coverprofile=$work/profile"
    ;;
  -*)
    [ "$marks" -eq 0 ] || fail "package '$1' starts with a dash"
    set -- "$@" "$1"
    ;;
  *) set -- "$@" "$1" ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 1 ] || fail "flags or packages contain '--next--', which is reserved as the separator of lists"

code=0
go "$@" || code=$?
# If go test fails before any test runs, the profile has only one line.
if [ -f "$work/profile" ] && { [ "$code" -eq 0 ] || [ "$(wc -l <"$work/profile")" -gt 1 ]; }; then
  coverage=$(covered "$work/profile")
  printf '%s' "$coverage" >"$RESULT_COVERAGE"
  say "$coverage% of the statements are covered"
fi
[ "$code" -eq 0 ] || fail "go test failed"
