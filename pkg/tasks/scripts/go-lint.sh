#!/bin/sh
set -eu
# Runs golangci-lint. Inputs are in the environment; the arguments are flags, --next--,
# packages.

tool=go-lint

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=go-inputs.sh
. ./go-inputs.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

inside directory "$DIRECTORY"
case $CGO in
'' | 0 | 1) ;;
*) fail "cgo is '$CGO', want 0 or 1" ;;
esac
[ -d "$SOURCE/$DIRECTORY" ] || fail "no directory '$DIRECTORY' in the source"
if [ -n "$CONFIG" ]; then
  inside config "$CONFIG"
  [ -f "$SOURCE/$CONFIG" ] || fail "no file '$CONFIG' in the source"
fi
toolchain
# The configuration of golangci-lint can make it run git in the source, which would run
# commands of a .git that an earlier task has written. The go command sets its own.
export GIT_DIR=/dev/null GOLANGCI_LINT_CACHE="$cache/lint"
work=$(mktemp -d)
cd "$SOURCE/$DIRECTORY"

marks=0 count=$#
set -- "$@" run "--output.json.path=$work/report" --output.text.path=stdout
[ -z "$CONFIG" ] || set -- "$@" "--config=$SOURCE/$CONFIG"
while [ "$count" -gt 0 ]; do
  case $1 in
  --next--)
    marks=$((marks + 1))
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
golangci-lint "$@" || code=$?
[ -s "$work/report" ] || fail "golangci-lint failed"
# In a string, the quote would follow a backslash.
issues=$(awk '{ n += gsub(/[{,]"FromLinter":/, "") } END { print n + 0 }' "$work/report")
printf '%s' "$issues" >"$RESULT_ISSUES"
[ "$code" -eq 0 ] || [ "$issues" -eq 0 ] || fail "golangci-lint has found $issues issues"
[ "$code" -eq 0 ] || fail "golangci-lint failed"
say "golangci-lint has found $issues issues"
