#!/bin/sh
# Messages of a script. This file is merged into the scripts that source it, which set
# $tool to the name of the task. It needs only builtins of the shell.

# controls has all control characters, and ends with one that the shell keeps.
controls=$(printf '\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037\177')

# Control characters that are not ASCII, and characters that end a line or change the
# direction of text, separated by bars.
unseen=$(printf '\302\200|\302\201|\302\202|\302\203|\302\204|\302\205|\302\206|\302\207|\302\210|\302\211|\302\212|\302\213|\302\214|\302\215|\302\216|\302\217|\302\220|\302\221|\302\222|\302\223|\302\224|\302\225|\302\226|\302\227|\302\230|\302\231|\302\232|\302\233|\302\234|\302\235|\302\236|\302\237|\330\234|\342\200\216|\342\200\217|\342\200\250|\342\200\251|\342\200\252|\342\200\253|\342\200\254|\342\200\255|\342\200\256|\342\201\246|\342\201\247|\342\201\250|\342\201\251')

# tell prints a message in one line. Inputs and names in a repository can contain
# newlines, which would start a line that looks like one of the script, and escape
# sequences. It also hides who logs in to a URL, which can be a token.
tell() ( # TEXT
  case $- in
  *x*) { set +x; } 2>/dev/null ;;
  esac
  text=$1 line=
  if [ ${#text} -gt 4000 ]; then # which would take too long
    text=$(printf '%.4000s' "$text")
    case $text in
    *://*) authority=${text##*://} ;;
    *) authority=/ ;;
    esac
    case $authority in
    *[/?#]*) ;;
    *) text=${text%"$authority"} ;; # its user may have been cut
    esac
    text=$text...
  fi
  while :; do
    case $text in
    *://*) ;;
    *) break ;;
    esac
    line=$line${text%%://*}://
    text=${text#*://}
    authority=${text%%[/?#]*} # a quote or a blank may be part of a password
    case $authority in
    *@*) text="***@${text#"${authority%@*}@"}" ;;
    esac
  done
  set -f
  IFS=$controls
  # shellcheck disable=SC2086 # to split it
  set -- $line$text
  IFS='?'
  text=$*
  IFS='|'
  for character in $unseen; do
    line=
    while :; do
      case $text in
      *"$character"*) ;;
      *) break ;;
      esac
      line="$line${text%%"$character"*}?"
      text=${text#*"$character"}
    done
    text=$line$text
  done
  # shellcheck disable=SC2154 # the script sets it
  printf '%s: %s\n' "$tool" "$text"
)

say() { tell "$1"; }

warn() { tell "$1" >&2; }

fail() {
  warn "$1"
  exit 1
}
