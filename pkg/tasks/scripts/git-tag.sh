#!/bin/sh
set -eu
# Creates a tag in a repository. Inputs are in the environment. Nothing is checked out.

tool=git-tag

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=git-remote.sh
. ./git-remote.sh

# shellcheck source-path=SCRIPTDIR source=git-author.sh
. ./git-author.sh

check_inputs() {
  check_url
  TAG=${TAG#refs/tags/}
  case $TAG in
  '') fail "tag is empty" ;;
  -*) fail "tag '$TAG' starts with a dash" ;;
  esac
  git check-ref-format "refs/tags/$TAG" || fail "tag '$TAG' is not a valid name of a tag"
  # shellcheck disable=SC2153 # it is an input
  case ${#COMMIT}-$COMMIT in
  *-*[!0-9a-fA-F]*) fail "commit '$COMMIT' is not the full hash of a commit" ;;
  40-* | 64-*) ;;
  *) fail "commit '$COMMIT' is not the full hash of a commit" ;;
  esac
  case $COMMIT in
  *[!0]*) ;;
  *) fail "commit '$COMMIT' is all zeros: the branch was deleted" ;;
  esac
  case $MESSAGE in
  '' | *[![:space:]]*) ;;
  *) fail "message is blank" ;;
  esac
  boolean move "$MOVE"
  person author-name "$AUTHOR_NAME"
  person author-email "$AUTHOR_EMAIL"
}

# look sets $old to the object of the tag in the repository, and $tagged to the commit that
# it points to. Both are empty if there is no such tag.
look() {
  listed=$(git ls-remote -- origin "refs/tags/$TAG" "refs/tags/$TAG^{}") || fail "cannot list the refs of '$URL'"
  old='' tagged=''
  while IFS=$tab read -r hash ref; do
    case $ref in
    "refs/tags/$TAG") old=$hash ;;
    "refs/tags/$TAG^{}") tagged=$hash ;;
    esac
  done <<LIST
$listed
LIST
  [ -n "$tagged" ] || tagged=$old
}

finish() { # CREATED
  printf '%s' "$1" >"$RESULT_CREATED"
  printf '%s' "$tagged" >"$RESULT_COMMIT"
  exit 0
}

tab=$(printf '\t')

check_inputs
prepare
work=$(mktemp -d)
export GIT_DIR="$work/repository" GIT_COMMITTER_NAME="$AUTHOR_NAME" GIT_COMMITTER_EMAIL="$AUTHOR_EMAIL"
git init --quiet --bare --template= || fail "cannot create a repository in '$work'"
git config remote.origin.url "$URL"
look
commit=$(printf '%s' "$COMMIT" | tr 'A-F' 'a-f')
if [ "$tagged" = "$commit" ]; then
  say "tag $TAG is at $commit already"
  finish false
fi
[ -z "$old" ] || [ "$MOVE" = true ] || fail "tag '$TAG' is at $tagged already: set move to move it"

# A commit that is not the latest one of a branch may have to be fetched with it.
git fetch --quiet --depth=1 --no-tags --no-recurse-submodules -- origin "$commit" 2>/dev/null ||
  git fetch --quiet --no-tags --no-recurse-submodules -- origin '+refs/heads/*:refs/remotes/origin/*' ||
  fail "cannot fetch from '$URL'"
kind=$(git cat-file -t "$commit" 2>/dev/null) || fail "no commit '$COMMIT' in '$URL'"
[ "$kind" = commit ] || fail "'$COMMIT' is not a commit"
new=$commit
if [ -n "$MESSAGE" ]; then
  tagger=$(git var GIT_COMMITTER_IDENT) || fail "cannot create the tag"
  printf 'object %s\ntype commit\ntag %s\ntagger %s\n\n' "$commit" "$TAG" "$tagger" >"$work/tag"
  printf '%s\n' "$MESSAGE" | git stripspace >>"$work/tag"
  new=$(git mktag <"$work/tag") || fail "cannot create the tag"
fi
# The lease is for what look has seen: a tag that another run creates meanwhile stays.
git push --quiet --no-verify "--force-with-lease=refs/tags/$TAG:$old" -- origin "$new:refs/tags/$TAG" || {
  look
  [ "$tagged" = "$commit" ] || fail "cannot push tag '$TAG' to '$URL'"
  say "tag $TAG is at $commit already"
  finish false
}
tagged=$commit
say "tag $TAG is at $commit"
finish true
