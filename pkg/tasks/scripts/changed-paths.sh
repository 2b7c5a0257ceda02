#!/bin/sh
set -eu
# Lists the directories of a repository that differ between two revisions. Inputs are in
# the environment; the arguments are directories, --next--, shared paths. Nothing is
# checked out, and no repository is used that another task could have written.

tool=changed-paths

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=json.sh
. ./json.sh

# shellcheck source-path=SCRIPTDIR source=git-remote.sh
. ./git-remote.sh

# revision checks a revision, which may be empty.
revision() { # INPUT VALUE
  case $2 in
  '') return 0 ;;
  [-+]*) fail "$1 '$2' starts with a dash or a plus" ;;
  esac
  git check-ref-format --allow-onelevel "$2" || fail "$1 '$2' is not the name of a branch, tag, ref or commit"
}

# path sets $path to a path of the repository without . and slashes at its ends.
path() { # INPUT VALUE
  path=$2
  case $path in
  *[[:cntrl:]]*) fail "$1 '$2' contains a control character" ;;
  /*) fail "$1 '$2' is absolute, want a path in the repository" ;;
  *\*\**) fail "$1 '$2' contains '**', but a star matches one part of a path" ;;
  esac
  while [ "${path#./}" != "$path" ]; do
    path=${path#./}
  done
  while [ "${path%/}" != "$path" ]; do
    path=${path%/}
  done
  case /$path/ in
  */./* | */../* | *//*) fail "$1 '$2' is not a path in the repository" ;;
  esac
}

check_inputs() { # DIRECTORY… --next-- SHARED…
  boolean merge-base "$MERGE_BASE"
  boolean names "$NAMES"
  case $RESULT_SIZE in
  '' | *[!0-9]* | ????????*) fail "result-size is '$RESULT_SIZE', want a number of bytes" ;;
  esac
  check_url
  revision revision "$REVISION"
  revision base "$BASE"
  case $REVISION in
  '' | *[!0]*) ;;
  *) fail "revision '$REVISION' is all zeros: the branch was deleted" ;;
  esac
  case $BASE in
  *[!0]*) ;;
  ?*) [ ${#BASE} -lt 40 ] || new=true ;;
  esac
  marks=0 directories=0
  for item; do
    case $marks-$item in
    [0-9]---next--) marks=$((marks + 1)) ;;
    0-*)
      path directory "$item"
      directories=$((directories + 1))
      printf 'P%s\n' "$path" >>"$work/patterns"
      ;;
    1-) ;;
    1-*)
      path 'shared path' "$item"
      printf 'S%s\n' "$path" >>"$work/patterns"
      ;;
    esac
  done
  [ "$marks" -eq 1 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"
  [ "$directories" -gt 0 ] || fail "directories is empty"
}

# fetch fetches without the contents of files where the server can do that.
fetch() { # REFSPEC…
  git fetch --quiet --force --no-tags --no-recurse-submodules --filter=blob:none $depth -- origin "$@"
}

is_commit() { git rev-parse --quiet --verify "$1^{commit}" >/dev/null 2>&1; }

# locate fetches a revision and sets $commit to its hash, or to nothing if the repository
# does not have it.
locate() { # REVISION
  commit=
  case ${#1}-$1 in
  *-*[!0-9a-fA-F]*) whole=false ;;
  40-* | 64-*) whole=true ;;
  *) whole=false ;;
  esac
  if [ "$whole" = false ]; then
    fetch "$1" || return 0
    commit=$(git rev-parse --quiet --verify 'FETCH_HEAD^{commit}') || fail "revision '$1' is not a commit"
    return
  fi
  if ! is_commit "$1" && ! fetch "$1" 2>/dev/null; then
    depth=
    fetch '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*' || fail "cannot fetch from '$URL'"
  fi
  ! is_commit "$1" || commit=$(git rev-parse "$1^{commit}")
}

# compare sets $from to the commit to compare with, or to nothing if everything is to
# count as changed.
compare() {
  from=
  if [ "$new" = true ]; then
    warn "base '$BASE' is all zeros, as for a new branch: everything counts as changed"
  elif [ -z "$BASE" ]; then
    from=$(git rev-parse --quiet --verify "$to^1") || warn "$to has no parent: everything counts as changed"
  else
    locate "$BASE"
    from=$commit
    if [ -z "$from" ]; then
      git ls-remote --quiet -- origin HEAD >/dev/null || fail "cannot list the refs of '$URL'"
      [ "$whole" = true ] || fail "no branch, tag or ref '$BASE' in '$URL'"
      warn "base '$BASE' is not in the repository, as after a force push: everything counts as changed"
    elif [ "$MERGE_BASE" = true ]; then
      from=$(git merge-base "$from" "$to") || {
        from=
        warn "base '$BASE' has no commit in common with the revision: everything counts as changed"
      }
    fi
  fi
}

# sort_out prints the directories that have changed with a c before them, those that were
# deleted with a d, and with an x those whose name cannot be passed on. It prints with an m
# what has changed in a directory that git does not list, because its entry has a slash in
# its name. git quotes paths with special characters. The last line of the input is Z, and
# that of the output, also when it is sorted, is z: without it, something was lost.
sort_out() {
  LC_ALL=C awk '
    function plain(text) {
      if (substr(text, 1, 1) != "\"") return text
      text = substr(text, 2, length(text) - 2)
      gsub(/\\([abfnrtv"\\]|[0-7][0-7][0-7])/, "\001", text)
      return text
    }
    # like returns whether a part of a path matches that of a pattern.
    function like(text, pattern,  at, piece) {
      at = index(pattern, "*")
      if (!at) return text == pattern
      if (substr(text, 1, at - 1) != substr(pattern, 1, at - 1)) return 0
      if (at == 1 && substr(text, 1, 1) == ".") return 0
      text = substr(text, at)
      pattern = substr(pattern, at + 1)
      while (at = index(pattern, "*")) {
        piece = substr(pattern, 1, at - 1)
        pattern = substr(pattern, at + 1)
        at = index(text, piece)
        if (!at) return 0
        text = substr(text, at + length(piece))
      }
      return length(text) >= length(pattern) && substr(text, length(text) - length(pattern) + 1) == pattern
    }
    # directory returns the start of a path, of n parts, that matches a pattern.
    function directory(path, n, k,  i, out) {
      if (n < parts[k] || (n == parts[k] && !(path in now) && !(path in before))) return ""
      for (i = 1; i <= parts[k]; i++) {
        if (!like(part[i], want[k, i])) return ""
        out = out (i > 1 ? "/" : "") part[i]
      }
      return out
    }
    function show(kind, path) {
      if (ENVIRON["NAMES"] == "true") sub(/.*\//, "", path)
      print (path ~ /[\001$]/ ? "x" : kind) path
    }
    # changed shows a directory, unless there is no such one or it was shown already.
    function changed(path) {
      if (path == "" || path in seen) return
      seen[path]
      if (path in now) show("c", path)
      else if (path in before) show("d", path)
    }
    /^P/ {
      if (!index($0, "*")) {
        literal[substr($0, 2)]
        next
      }
      n = split(substr($0, 2), part, "/")
      parts[++patterns] = n
      for (i = 1; i <= n; i++) want[patterns, i] = part[i]
    }
    /^S/ { shared[substr($0, 2)] }
    /^N/ { now[plain(substr($0, 2))] }
    /^O/ { before[plain(substr($0, 2))] }
    /^E/ { everything = 1 }
    /^Z/ { complete = 1 }
    /^C/ {
      path = plain(substr($0, 2))
      n = split(path, part, "/")
      start = ""
      for (i = 1; i <= n; i++) {
        start = start (i > 1 ? "/" : "") part[i]
        if (i < n && !(start in now) && !(start in before)) print "m" path
        if (start in shared) everything = 1
        if (start in literal) changed(start)
      }
      for (k = 1; k <= patterns; k++) changed(directory(path, n, k))
    }
    END {
      if (!complete) exit 1
      if (everything) for (path in now) {
        if (path in literal) show("c", path)
        n = split(path, part, "/")
        for (k = 1; k <= patterns; k++) if (n == parts[k] && directory(path, n, k) == path) show("c", path)
      }
      print "z"
    }'
}

# keep writes the directories with a letter before them as a result. It adds the size
# that the result has in the message in which Tekton passes results on.
keep() { # LETTER PATH
  list=$(sed -n "s/^$1//p" "$work/sorted") || fail "cannot compare the revisions"
  list=$(json_list "$list") || {
    rm -f "$RESULT_CHANGED" "$RESULT_DELETED"
    fail "the name of a directory is not UTF-8, or there is no memory for the list"
  }
  printf '%s\n' "$list" >"$2"
  passed=$(printf '%s\n' "$list" | sed -e 's/["\\]/xx/g' -e 's/[<>&]/xxxxxx/g') || fail "cannot compare the revisions"
  count=$(printf '%s\n' "$passed" | wc -c)
  size=$((size + count))
}

# fits fails if the results are larger than they may be.
fits() { # BYTES
  [ "$1" -gt "$RESULT_SIZE" ] || return 0
  rm -f "$RESULT_CHANGED" "$RESULT_DELETED"
  fail "$(($(wc -l <"$work/sorted") - 1)) directories have changed, more than $RESULT_SIZE bytes can hold: list fewer directories, or only their names"
}

new=false depth='' size=0 whole=false
work=$(mktemp -d)
check_inputs "$@"
prepare
export GIT_DIR="$work/repository" GIT_NO_LAZY_FETCH=1
git init --quiet --bare --template= || fail "cannot create a repository in '$work'"
git config remote.origin.url "$URL"
git config core.quotePath false
if [ "$MERGE_BASE" = false ]; then
  depth=--depth=1
  [ -n "$BASE" ] || depth=--depth=2
fi
locate "${REVISION:-HEAD}"
to=$commit
[ -n "$to" ] || fail "no branch, tag, ref or commit '${REVISION:-HEAD}' in '$URL'"
compare
: >"$work/before" && : >"$work/changed"
# A few objects can be a tree of any size.
(
  ulimit -f 524288 # blocks of 512 bytes
  git ls-tree -r -d --name-only "$to" >"$work/now" && {
    [ -z "$from" ] || {
      git ls-tree -r -d --name-only "$from" >"$work/before" &&
        git diff-tree -r --no-renames --name-only "$from" "$to" >"$work/changed"
    }
  }
) || fail "cannot compare the revisions, or the names in them have more than 256 MiB"
{
  cat "$work/patterns" &&
    { [ -n "$from" ] || echo E; } &&
    sed 's/^/N/' "$work/now" &&
    sed 's/^/O/' "$work/before" &&
    sed 's/^/C/' "$work/changed" &&
    echo Z
} | sort_out >"$work/found" || fail "cannot compare the revisions"
LC_ALL=C sort -u "$work/found" >"$work/sorted" || fail "cannot compare the revisions"
# BusyBox's programs do not notice that the disk is full.
last=$(tail -n 1 "$work/sorted")
[ "$last" = z ] || fail "cannot compare the revisions: not all of the result could be written"
malformed=$(sed -n '/^m/{s///p;q;}' "$work/sorted")
[ -z "$malformed" ] || fail "a tree contains an entry with a slash in its name, in the path '$malformed'"
odd=$(sed -n '/^x/{s///p;q;}' "$work/sorted")
[ -z "$odd" ] || fail "directory '$odd' has a name that cannot be passed on: it contains a dollar sign, a quote, a backslash or a control character"
count=$(wc -c <"$work/sorted")
fits "$count" # a JSON array is larger, and takes time
keep c "$RESULT_CHANGED"
keep d "$RESULT_DELETED"
fits $((size + 280)) # with the names of the results, and what Tekton adds
changes=$(awk '/^c/ { n++ } END { print n + 0 }' "$work/sorted") || fail "cannot compare the revisions"
any=true
[ "$changes" -gt 0 ] || any=false
printf '%s' "$any" >"$RESULT_ANY"
say "$changes directories have changed in $to"
