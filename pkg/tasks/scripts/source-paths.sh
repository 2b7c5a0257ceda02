#!/bin/sh
# Paths in the source workspace. This file is merged into the scripts that source it,
# which define fail. A repository can contain symbolic links, and a link that leads
# out of the source would reach other workspaces of the step, such as a kubeconfig.

# inside fails unless a path is in the source when its symbolic links are resolved.
# It is relative to a directory of the source, by default the source itself. A path
# that does not exist is in the source if the directory is that it would be created
# in.
inside() { # INPUT PATH [DIRECTORY]
  [ ${#2} -lt 4096 ] || fail "$1 is longer than a path can be"
  case $2 in
  /*) fail "$1 '$2' is absolute, want a path in the source" ;;
  esac
  case /$2/ in
  */../*) fail "$1 '$2' leads out of the source" ;;
  esac
  existing=$SOURCE/${3-}/$2
  until [ -e "$existing" ]; do
    [ ! -h "$existing" ] || fail "$1 '$2' goes through a symbolic link that leads nowhere"
    [ "$existing" != "$SOURCE" ] || fail "no source workspace at '$SOURCE'"
    existing=${existing%/*}
  done
  resolve "$existing" || fail "$1 '$2' leads out of the source through a symbolic link"
}

# resolve sets $real to a path without symbolic links, and returns false if that is
# not in the source. The path must exist.
resolve() { # PATH
  # The dot keeps newlines at the end of a path.
  root=$(realpath "$SOURCE" && echo .) || return 1
  real=$(realpath "$1" && echo .) || return 1
  root=${root%??} real=${real%??}
  case $real/ in
  "$root"/*) ;;
  *) return 1 ;;
  esac
}

# contained fails if a symbolic link below a directory leads out of the source. It
# also searches the directories that the links lead to, for tools that follow links.
# Links can be limited to those whose names end with a suffix, " .yaml .yml ", and to a
# depth. A function can be called for each directory that was searched.
contained() { # INPUT DIRECTORY [SUFFIXES [DEPTH [FUNCTION]]]
  subject="$1 '$2'" suffixes=${3-} depth=${4-} each=${5-}
  resolve "$SOURCE/$2" || fail "$subject leads out of the source through a symbolic link"
  # The directories to search are numbered files, and each one searched or to be searched
  # is an empty file at its path below "known": looking one up takes no longer when there
  # are many.
  lists=$(mktemp -d) || fail "cannot create a temporary directory"
  mkdir "$lists/queue" || fail "cannot create a temporary directory"
  last=0
  remember
  number=0
  while [ "$number" -lt "$last" ]; do
    number=$((number + 1))
    folder=$(cat "$lists/queue/$number" && echo .) || fail "cannot search $subject for symbolic links"
    folder=${folder%.}
    # Only the start of a path contains //. A line without it continues a name that
    # contains a newline.
    links=$(cd "$folder" && find .//. ${depth:+-maxdepth "$depth"} -type l && echo .//.) || fail "cannot search $subject for symbolic links"
    link=
    while IFS= read -r link; do
      case $link in
      .//.) break ;;
      .//./*) ;;
      *) fail "$subject contains a symbolic link with a newline in its path" ;;
      esac
      case ${suffixes:-" .${link##*.} "} in
      *" .${link##*.} "*) ;;
      *) continue ;;
      esac
      link=$folder/${link#.//./}
      [ -e "$link" ] || fail "$subject contains a symbolic link that leads nowhere: '${link#"$root"/}'"
      resolve "$link" || fail "$subject contains a symbolic link that leads out of the source: '${link#"$root"/}'"
      [ ! -d "$real" ] || remember
    done <<LINKS
$links
LINKS
    [ "$link" = .//. ] || fail "cannot search $subject for symbolic links"
  done
  number=0
  while [ -n "$each" ] && [ "$number" -lt "$last" ]; do
    number=$((number + 1))
    folder=$(cat "$lists/queue/$number" && echo .) || fail "cannot search $subject for symbolic links"
    "$each" "${folder%.}"
  done
  rm -rf "$lists"
}

# remember adds the directory $real to the lists, unless one above it is known.
remember() {
  mark=$lists/known${real#"$root"}
  above=$mark
  until [ -e "$above" ]; do
    above=${above%/*}
  done
  [ ! -f "$above" ] || return 0
  # Directories below it may be known.
  last=$((last + 1))
  { rm -rf "$mark" && mkdir -p "${mark%/*}" && : >"$mark" && printf '%s' "$real" >"$lists/queue/$last"; } ||
    fail "cannot search $subject for symbolic links"
}
