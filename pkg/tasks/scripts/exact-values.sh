#!/bin/sh
# Values that a tool would change. This file is merged into the scripts that source it,
# which define fail. What the script has checked must be what the tool uses.

# What Go's strings.TrimSpace removes, separated by bars.
spaces=$(printf '\011|\012|\013|\014|\015| |\302\205|\302\240|\341\232\200|\342\200\200|\342\200\201|\342\200\202|\342\200\203|\342\200\204|\342\200\205|\342\200\206|\342\200\207|\342\200\210|\342\200\211|\342\200\212|\342\200\250|\342\200\251|\342\200\257|\342\201\237|\343\200\200')

# exact_end fails if a value ends with white space, for tools that remove it there.
exact_end() { # INPUT VALUE TOOL
  set -f
  IFS='|'
  for space in $spaces; do
    case $2 in
    *"$space") fail "$1 '$2' ends with white space, which $3 removes" ;;
    esac
  done
  unset IFS
  set +f
}

# list_item sets $quoted to a path as the only item of a list that a tool reads as CSV:
# a comma would start the next item, and a quote a quoted one.
# shellcheck disable=SC2034 # the scripts read it
list_item() { # PATH
  # The x keeps newlines at the end.
  quoted=$(printf '%sx' "$1" | sed 's/"/""/g') || fail "cannot quote '$1'"
  quoted=\"${quoted%x}\"
}
