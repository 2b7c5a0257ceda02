#!/bin/sh
# Messages of a script. This file is merged into the scripts that source it, which set
# $tool to the name of the task. It needs only builtins of the shell.

# controls has all control characters, and ends with one that the shell keeps.
controls=$(printf '\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037\177')

# tell prints a message in one line. Inputs and names in a repository can contain
# newlines, which would start a line that looks like one of the script, and escape
# sequences. It also hides who logs in to a URL, which can be a token.
tell() ( # TEXT
  case $- in
  *x*) { set +x; } 2>/dev/null ;;
  esac
  text=$1 line=
  while :; do
    case $text in
    *://*) ;;
    *) break ;;
    esac
    line=$line${text%%://*}://
    text=${text#*://}
    authority=${text%%[/?# ]*} # a quote may be part of a password
    case $authority in
    *@*) text="***@${text#"${authority%@*}@"}" ;;
    esac
  done
  set -f
  IFS=$controls
  # shellcheck disable=SC2086 # to split it
  set -- $line$text
  IFS='?'
  # shellcheck disable=SC2154 # the script sets it
  printf '%s: %s\n' "$tool" "$*"
)

say() { tell "$1"; }

warn() { tell "$1" >&2; }

fail() {
  warn "$1"
  exit 1
}
