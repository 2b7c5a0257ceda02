#!/bin/sh
set -eu
# Sets the image of a container in a manifest of a repository, commits and pushes.
# Inputs are in the environment. Nothing is checked out: the Git blob is changed
# directly, so that filters and symbolic links have no effect.

tool=gitops-update

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=git-remote.sh
. ./git-remote.sh

# shellcheck source-path=SCRIPTDIR source=manifest-image.sh
. ./manifest-image.sh

# shellcheck source-path=SCRIPTDIR source=git-author.sh
. ./git-author.sh

# shellcheck source-path=SCRIPTDIR source=image-reference.sh
. ./image-reference.sh

check_inputs() {
  check_url
  BRANCH=${BRANCH#refs/heads/}
  [ -z "$BRANCH" ] || git check-ref-format "refs/heads/$BRANCH" || fail "branch '$BRANCH' is not a valid branch name"
  while [ "${FILE#./}" != "$FILE" ]; do
    FILE=${FILE#./}
  done
  case $FILE in
  '' | */) fail "file '$FILE' is not the path of a file" ;;
  /*) fail "file '$FILE' is absolute, want a path in the repository" ;;
  esac
  case /$FILE/ in
  */../*) fail "file '$FILE' leads out of the repository" ;;
  esac
  case $OBJECT in
  '') ;;
  /* | */ | */*/*) fail "object is '$OBJECT', want KIND/NAME" ;;
  */*) ;;
  *) fail "object is '$OBJECT', want KIND/NAME" ;;
  esac
  reference image "$IMAGE"
  case $SOURCE_COMMIT in
  '') ;;
  *[!0-9a-fA-F]*) fail "source-commit '$SOURCE_COMMIT' is not the hash of a commit" ;;
  *[!0]*) ;;
  *) fail "source-commit '$SOURCE_COMMIT' is all zeros: the branch was deleted" ;;
  esac
  case $MESSAGE in
  '' | *[![:space:]]*) ;;
  *) fail "message is blank" ;;
  esac
  person author-name "$AUTHOR_NAME"
  person author-email "$AUTHOR_EMAIL"
}

# choose_branch sets BRANCH to the default branch of the remote if it is empty.
choose_branch() {
  [ -z "$BRANCH" ] || return 0
  listed=$(git ls-remote --symref -- origin HEAD) || fail "cannot list the refs of '$URL'"
  BRANCH=$(printf '%s\n' "$listed" | sed -n "s|^ref: refs/heads/\(.*\)${tab}HEAD\$|\1|p")
  [ -n "$BRANCH" ] || fail "'$URL' has no default branch: set the branch"
  git check-ref-format "refs/heads/$BRANCH" || fail "the default branch of '$URL', '$BRANCH', is not a valid branch name"
}

# fetch_tip sets $tip to the latest commit of the branch.
fetch_tip() {
  git fetch --quiet --force --depth=1 --no-tags --no-recurse-submodules -- \
    origin "+refs/heads/$BRANCH:refs/remotes/origin/$BRANCH" || fail "cannot fetch branch '$BRANCH' of '$URL'"
  tip=$(git rev-parse --quiet --verify "refs/remotes/origin/$BRANCH^{commit}") || fail "branch '$BRANCH' does not point to a commit"
}

# edit writes the changed file of the latest commit to $work/after.
edit() {
  entry=$(GIT_LITERAL_PATHSPECS=1 git ls-tree "$tip" -- "$FILE") || fail "cannot read branch '$BRANCH'"
  case $entry in
  '') fail "no file '$FILE' in branch '$BRANCH'" ;;
  100644\ blob\ * | 100755\ blob\ *) ;;
  *) fail "'$FILE' in branch '$BRANCH' is not a regular file" ;;
  esac
  mode=${entry%% *}
  blob=${entry#* blob }
  git cat-file blob "${blob%%"$tab"*}" >"$work/before" || fail "cannot read '$FILE' in branch '$BRANCH'"
  set_image "$work/name" <"$work/before" >"$work/after" || fail "file '$FILE': $(cat "$work/after")"
  # BusyBox's awk does not notice that the disk is full.
  { size=$(wc -c <"$work/after") && wrote=$(cat "$work/name.size") && [ "$size" = "$wrote" ]; } ||
    fail "file '$FILE': cannot write all of it"
}

# message writes the message of the commit to $work/message.
message() {
  container=$(cat "$work/name") || return 1
  printf '%s\n' "${MESSAGE:-Set ${container:-the container} to $IMAGE}" >"$work/text" || return 1
  git stripspace <"$work/text" >"$work/message" || return 1
  [ -n "$SOURCE_COMMIT" ] || return 0
  git interpret-trailers --no-divider --in-place --trailer "Source-Commit: $SOURCE_COMMIT" "$work/message"
}

# record creates the commit on top of the latest one.
record() {
  {
    blob=$(git hash-object -w --no-filters -- "$work/after") &&
      git read-tree "$tip" &&
      git update-index --cacheinfo "$mode,$blob,$FILE" &&
      tree=$(git write-tree) &&
      message &&
      commit=$(git commit-tree -p "$tip" -F "$work/message" "$tree")
  } || fail "cannot create the commit"
}

finish() { # CHANGED COMMIT
  printf '%s' "$1" >"$RESULT_CHANGED"
  printf '%s' "$2" >"$RESULT_COMMIT"
  exit 0
}

tab=$(printf '\t')

check_inputs
prepare
work=$(mktemp -d)
export GIT_DIR="$work/repository" GIT_AUTHOR_NAME="$AUTHOR_NAME" GIT_AUTHOR_EMAIL="$AUTHOR_EMAIL" \
  GIT_COMMITTER_NAME="$AUTHOR_NAME" GIT_COMMITTER_EMAIL="$AUTHOR_EMAIL"
git init --quiet --bare --template= || fail "cannot create a repository in '$work'"
git config remote.origin.url "$URL"
choose_branch
fetch_tip

# If another run pushes first, the change is made again on top of its commit.
tries=1 still=0
while :; do
  edit
  same=0
  cmp -s "$work/before" "$work/after" || same=$?
  case $same in
  0)
    say "$FILE has the image already, at $tip"
    finish false "$tip"
    ;;
  1) ;;
  *) fail "cannot compare '$FILE' with what is in branch '$BRANCH'" ;;
  esac
  record
  if git push --quiet --no-verify -- origin "$commit:refs/heads/$BRANCH"; then
    say "set the image in $FILE at $commit"
    finish true "$commit"
  fi
  [ "$tries" -lt 10 ] || fail "cannot push to branch '$BRANCH' of '$URL': other commits were pushed first, 10 times"
  sleep "$tries"
  tries=$((tries + 1))
  before=$tip
  fetch_tip
  if [ "$tip" = "$commit" ]; then
    say "set the image in $FILE at $commit"
    finish true "$commit"
  elif [ "$tip" != "$before" ]; then
    still=0
    warn "another commit was pushed first: making the change on top of $tip"
  else
    still=$((still + 1))
    [ "$still" -lt 3 ] || fail "cannot push to branch '$BRANCH' of '$URL'"
  fi
done
