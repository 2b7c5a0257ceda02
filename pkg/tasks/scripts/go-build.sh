#!/bin/sh
set -eu
# Builds Go programs in the source workspace. Inputs are in the environment; the
# arguments are flags, --next--, packages.

tool=go-build

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=go-inputs.sh
. ./go-inputs.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# deliver moves the programs to the directory. It sets $binary to the path of the
# program or, if there are several, of the directory.
deliver() { # DIRECTORY
  programs=0
  for program in "$stage"/*; do
    [ -f "$program" ] || continue
    programs=$((programs + 1))
    name=${program##*/}
    [ ! -h "$1/$name" ] || rm -f "$1/$name" # mv would move into a directory that it leads to
    [ ! -d "$1/$name" ] || fail "cannot write '$1/$name', which is a directory"
    mv -f "$program" "$1/$name" || fail "cannot write '$1/$name'"
  done
  rmdir "$stage"
  case $programs in
  0) fail "none of the packages is a program" ;;
  1) binary=$1/$name ;;
  *) binary=$1 ;;
  esac
}

inside directory "$DIRECTORY"
case $CGO in
'' | 0 | 1) ;;
*) fail "cgo is '$CGO', want 0 or 1" ;;
esac
[ -n "$OUTPUT" ] || fail "output is empty"
[ -d "$SOURCE/$DIRECTORY" ] || fail "no directory '$DIRECTORY' in the source"
cd "$SOURCE/$DIRECTORY"
inside output "$OUTPUT" "$DIRECTORY"
[ -w . ] || fail "user $(id -u) may not write to the source workspace: set an fsGroup for the pod of the run"
toolchain

binary=./$OUTPUT stage=
case $OUTPUT in
*/) stage=wanted ;;
*) [ ! -d "$binary" ] || stage=wanted ;;
esac
if [ -n "$stage" ]; then
  mkdir -p "$binary" || fail "cannot create the directory '$OUTPUT'"
  stage=$(mktemp -d "$binary/.build.XXXXXX")
  target=$stage/
else
  mkdir -p "${binary%/*}" || fail "cannot create the directory of '$OUTPUT'"
  target=$binary
fi

marks=0 count=$#
set -- "$@" build -trimpath
[ -z "$LDFLAGS" ] || set -- "$@" "-ldflags=$LDFLAGS"
while [ "$count" -gt 0 ]; do
  case $1 in
  --next--)
    marks=$((marks + 1))
    set -- "$@" -o "$target"
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

if ! go "$@"; then
  [ -z "$stage" ] || rm -rf "$stage"
  fail "go build failed"
fi
[ -z "$stage" ] || deliver "${binary%/}"
[ -f "$binary" ] || [ -d "$binary" ] || fail "go build did not write '$OUTPUT': is the package a program?"

# The path relative to the workspace, without a leading ./.
path=${DIRECTORY:+${DIRECTORY%/}/}${binary#./}
while [ "${path#./}" != "$path" ]; do
  path=${path#./}
done
printf '%s' "$path" >"$RESULT_BINARY"
say "built $path"
