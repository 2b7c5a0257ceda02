#!/bin/sh
set -eu
# Clones one revision of a repository into the output workspace. Inputs are in the
# environment; the arguments are the directories of a sparse checkout.

tool=git-clone

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

check_inputs() { # DIRECTORY…
  boolean submodules "$SUBMODULES"
  boolean delete-existing "$DELETE_EXISTING"
  boolean verbose "$VERBOSE"
  case $DEPTH in
  '' | *[!0-9]* | ??????????*) fail "depth is '$DEPTH', want a number, or 0 for the whole history" ;;
  esac
  check_url
  [ "$VERBOSE" = false ] || case $SUBDIRECTORY$REFSPEC$* in
  *://*@*) fail "subdirectory, refspec or sparse-checkout contains a URL with a user, which verbose would log" ;;
  *[[:cntrl:]]*) fail "subdirectory '$SUBDIRECTORY', refspec '$REFSPEC' or sparse-checkout '$*' contains a control character, which verbose would log" ;;
  esac
  case $REVISION in
  '') return ;;
  [-+]*) fail "revision '$REVISION' starts with a dash or a plus" ;;
  *[!0]*) ;;
  *) fail "revision '$REVISION' is all zeros: the branch was deleted" ;;
  esac
  git check-ref-format --allow-onelevel "$REVISION" ||
    fail "revision '$REVISION' is not the name of a branch, tag, ref or commit"
}

# enter changes to the directory to clone into, and creates it if necessary. It
# follows no symbolic links, so it cannot leave the workspace. $top is whether the
# directory is that of the workspace, and $made the name of the directory if it is new.
enter() {
  cd "$OUTPUT" || fail "no output workspace at '$OUTPUT'"
  case $SUBDIRECTORY in
  /*) fail "subdirectory '$SUBDIRECTORY' is absolute" ;;
  esac
  rest=$SUBDIRECTORY top=true made=
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in
    */*) rest=${rest#*/} ;;
    *) rest= ;;
    esac
    case $part in
    '' | .) continue ;;
    .. | .git) fail "subdirectory '$SUBDIRECTORY' contains '$part', which is not allowed" ;;
    esac
    [ ! -h "./$part" ] || fail "subdirectory '$SUBDIRECTORY' goes through a symbolic link, '$part'"
    made=
    [ -d "./$part" ] || { mkdir "./$part" && made=$part; } || unwritable
    cd "./$part" || fail "cannot enter subdirectory '$SUBDIRECTORY'"
    top=false
  done
  [ -w . ] || unwritable
}

unwritable() {
  fail "user $(id -u) may not write to the output workspace: set an fsGroup for the pod of the run"
}

# erase deletes a path, even if it contains directories that nobody may write to, such
# as those of a Go module cache.
erase() { # PATH
  rm -rf "$1" 2>/dev/null || { find "$1" -type d -exec chmod u+rwx {} \; && rm -rf "$1"; }
}

# empty deletes the contents of the directory, but not the directory.
empty() {
  [ -r . ] || chmod u+r . 2>/dev/null || fail "user $(id -u) may not list the output workspace"
  for entry in ./* ./.[!.]* ./..?*; do
    if [ "$entry" = ./lost+found ] && [ "$top" = true ]; then
      erase "$entry" 2>/dev/null || sealed "$entry" || fail "cannot delete '$entry' from an earlier run"
    else
      erase "$entry" || fail "cannot delete '$entry' from an earlier run"
    fi
  done
}

# abandon deletes what a clone that fails has put into the directory, so that no task takes
# it for a clone. What was there before stays, and so do new directories above, in which
# others may clone.
abandon() {
  [ $? -ne 0 ] || return 0
  set +ef
  case $ours in
  all)
    for entry in ./* ./.[!.]* ./..?*; do
      case $top$entry in
      true./lost+found) ;;
      *) erase "$entry" 2>/dev/null ;;
      esac
    done
    ;;
  repository) erase ./.git 2>/dev/null ;;
  esac
  [ -z "$made" ] || { cd -P .. && rmdir "./$made"; } 2>/dev/null
}

# sealed reports whether a directory is root's and closed to this user, as lost+found of a
# new file system is: no task that ran as this user has put anything there.
sealed() { # PATH
  [ -d "$1" ] && [ ! -r "$1" ] && [ ! -w "$1" ] && [ ! -x "$1" ] && [ -n "$(find "$1" -prune -type d -user 0)" ]
}

# renew deletes the .git of an earlier run. Its configuration, its hooks and what it
# links to could run commands beside the credentials, or lead out of the workspace.
# Only its list of files is kept, so that those can go that the commit does not have.
renew() {
  if [ ! -e ./.git ] && [ ! -h ./.git ]; then
    ours=${ours:-repository}
    return 0
  fi
  if [ ! -h ./.git ] && [ -f ./.git/index ] && [ ! -h ./.git/index ]; then
    cp ./.git/index "$private/index" || fail "cannot read .git/index of an earlier run"
  fi
  erase ./.git || fail "cannot delete the .git of an earlier run"
}

# relist takes the files of an earlier run into the new index. git refuses names that
# lead elsewhere.
relist() {
  [ -f "$private/index" ] || return 0
  GIT_INDEX_FILE=$private/index git ls-files --stage -z >"$private/files" 2>/dev/null &&
    git update-index -z --index-info <"$private/files" 2>/dev/null && return 0
  warn "cannot read the list of files of an earlier run: those that the commit does not have stay"
  rm -f ./.git/index
}

# read_all sets $printed to what a program prints, and fails if it does not end well. Unlike
# a file, it cannot be cut off by a full disk, which BusyBox's programs do not notice.
read_all() { # WHAT PROGRAM ARGUMENT…
  what=$1
  shift
  printed=$("$@") || fail "cannot list $what"
}

# forget takes a .gitattributes in each directory of the commit into the new index, so
# that git deletes those of an earlier run. They would change the files of the commit.
forget() {
  read_all "the directories of $commit" git hash-object -t blob --stdin </dev/null
  none=$printed
  git ls-tree -r -d "$commit" >"$private/directories" || fail "cannot list the directories of $commit"
  # git quotes a path that contains a quote or a newline
  read_all "the directories of $commit" \
    sed -e "s|^[^$tab]*$tab|100644 $none 0$tab|" -e '/"$/!s|$|/.gitattributes|' -e 's|"$|/.gitattributes"|' "$private/directories"
  printf '100644 %s 0\t.gitattributes\n%s' "$none" "${printed:+$printed$newline}" >"$private/attributes"
  git update-index --index-info <"$private/attributes" || fail "cannot list the directories of $commit"
}

# renew_submodules deletes the directories of submodules, whose .git is of an earlier
# run, too.
renew_submodules() {
  git ls-files --stage >"$private/staged" || fail "cannot list the submodules"
  read_all "the submodules" sed -n "s/^160000 [^$tab]*$tab//p" "$private/staged"
  set -f
  IFS=$newline
  for path in $printed; do
    case $path in
    '"'*) fail "submodule $path has a name that only a clone with delete-existing=true can have" ;;
    esac
    rest=$path above=.
    while [ -n "$rest" ]; do
      above=$above/${rest%%/*}
      [ ! -h "$above" ] || fail "the path of submodule '$path' goes through a symbolic link"
      case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
      esac
    done
    erase "./$path" || fail "cannot delete submodule '$path' of an earlier run"
  done
  unset IFS
  set +f
}

# shellcheck source-path=SCRIPTDIR source=git-remote.sh
. ./git-remote.sh

shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }

fetch() { # REFSPEC…
  set -- -- origin "$@"
  if [ "$DEPTH" -gt 0 ]; then
    set -- "--depth=$DEPTH" "$@"
  elif shallow; then
    set -- --unshallow --tags "$@"
  else
    set -- --tags "$@"
  fi
  git fetch --force --update-head-ok --no-recurse-submodules "$@"
}

# fetch_all fetches all branches and tags with their history. It is needed for a
# commit that the server does not allow to fetch by its hash.
fetch_all() {
  set -- --tags -- origin '+refs/heads/*:refs/remotes/origin/*'
  ! shallow || set -- --unshallow "$@"
  git fetch --force --update-head-ok --no-recurse-submodules "$@" || fail "cannot fetch from '$URL'"
}

fetch_refspecs() {
  set -f
  for spec in $REFSPEC; do
    case $spec in
    -*) fail "refspec '$spec' starts with a dash" ;;
    esac
    set -- "$@" "$spec"
  done
  set +f
  [ $# -eq 0 ] || fetch "$@" || fail "cannot fetch refspec '$REFSPEC' from '$URL'"
}

is_commit() { git rev-parse --quiet --verify "$1^{commit}" >/dev/null 2>&1; }

# locate fetches the revision and sets $found to it.
locate() {
  found=FETCH_HEAD
  if [ -z "$REVISION" ]; then
    [ -n "$REFSPEC" ] || fetch HEAD || fail "cannot fetch the default branch of '$URL'"
    return
  fi
  case ${#REVISION}-$REVISION in
  *-*[!0-9a-fA-F]*) named ;;
  40-* | 64-*) by_name ;;
  *) named ;;
  esac
}

# by_name fetches a commit by its full hash.
by_name() {
  if ! is_commit "$REVISION" && ! fetch "$REVISION"; then
    warn "'$URL' does not allow fetching commit $REVISION by its hash, fetching all branches and tags"
    fetch_all
    is_commit "$REVISION" || fail "no commit '$REVISION' in the branches and tags of '$URL'"
  fi
  found=$REVISION
}

# named fetches a ref. If there is no such ref, it looks among the objects that the
# refspec fetched, and then for a commit with that abbreviated hash. A ref with its whole
# name is that one, even if there is a tag refs/tags/refs/heads/main.
named() {
  set -- "refs/tags/$REVISION" "refs/heads/$REVISION" "refs/$REVISION" "$REVISION"
  case $REVISION in
  HEAD | refs/*) set -- "$REVISION" "refs/tags/$REVISION" "refs/heads/$REVISION" "refs/$REVISION" ;;
  esac
  listed=$(git ls-remote -- origin "$@") || fail "cannot list the refs of '$URL'"
  for ref; do
    case "$listed$newline" in
    *"$tab$ref$newline"*) ;;
    *) continue ;;
    esac
    case $ref in
    refs/tags/*) fetch "+$ref:$ref" ;;
    refs/heads/*) fetch "+$ref:refs/remotes/origin/${ref#refs/heads/}" ;;
    *) fetch "$ref" ;;
    esac || fail "cannot fetch '$ref' from '$URL'"
    return
  done
  found=$REVISION
  [ -z "$REFSPEC" ] || ! is_commit "$REVISION" || return 0
  case $REVISION in
  *[!0-9a-fA-F]* | ? | ?? | ???) ;;
  *)
    fetch_all
    ! is_commit "$REVISION" || return 0
    ;;
  esac
  fail "no branch, tag, ref or commit '$REVISION' in '$URL'"
}

# sparse limits what is checked out. git reads one directory a line, unquotes it, and
# removes white space around it, but not before a slash or after one.
sparse() { # DIRECTORY…
  for directory; do
    case $directory in
    *"$newline"*) fail "sparse-checkout directory '$directory' contains a newline" ;;
    '"'* | [[:space:]]*) directory=/$directory ;;
    esac
    shift
    set -- "$@" "$directory/"
  done
  if [ $# -gt 0 ]; then
    printf '%s\n' "$@" | git sparse-checkout set --cone --stdin || fail "cannot set up the sparse checkout"
  elif [ "$(git config --type=bool core.sparseCheckout || :)" = true ]; then
    git sparse-checkout disable || fail "cannot disable the sparse checkout of an earlier run"
  fi
}

submodules() {
  [ "$DELETE_EXISTING" = true ] || renew_submodules
  set -- --init --recursive --force
  [ "$DEPTH" -eq 0 ] || set -- "$@" "--depth=$DEPTH"
  { git submodule sync --quiet --recursive && git submodule update "$@"; } || fail "cannot fetch the submodules"
  # git checks out a branch that is named like the commit, and a server can have one.
  # shellcheck disable=SC2016 # it is for another shell
  git submodule --quiet foreach --recursive '[ "$(git rev-parse HEAD)" = "$sha1" ]' ||
    fail "a submodule is not at the commit that is recorded for it: does its repository have a branch with the name of a commit?"
}

newline='
'
tab=$(printf '\t')

check_inputs "$@"
enter
ours=${made:+all} # what a failure deletes
trap abandon EXIT
if [ "$DELETE_EXISTING" = true ]; then
  empty
  ours=all
fi
prepare
renew
[ "$VERBOSE" = false ] || set -x
git init --quiet --template= . || fail "cannot create a repository in the output workspace"
git config --replace-all remote.origin.url "$URL"
git config --replace-all remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
fetch_refspecs
locate
commit=$(git rev-parse --quiet --verify "$found^{commit}") || fail "revision '$REVISION' is not a commit"
sparse "$@"
relist
[ "$DELETE_EXISTING" = true ] || forget
# A refspec can fetch a branch that is named like the commit, which git would check out.
git checkout --quiet --force --detach "$commit^{commit}" || fail "cannot check out $commit"
# A .gitmodules that the commit does not have is of an earlier run.
modules=$(git ls-tree "$commit" -- .gitmodules) || fail "cannot list the submodules"
[ "$SUBMODULES" = false ] || [ -z "$modules" ] || submodules

short=$(git rev-parse --short "$commit")
time=$(git log -1 --no-show-signature --no-mailmap --format=%ct "$commit")
case $time in
????????????*) time= ;; # git shows any number of digits that a commit has
esac
printf '%s' "$commit" >"$RESULT_COMMIT"
printf '%s' "$short" >"$RESULT_SHORT_COMMIT"
printf '%s' "$time" >"$RESULT_COMMITTER_DATE"
printf '%s' "$URL" >"$RESULT_URL"
say "$URL is at $commit"
