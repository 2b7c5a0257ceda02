#!/bin/sh
set -eu
# Generates a tag for an image. Inputs are in the environment.

tool=image-tag

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

check_image() {
  case $IMAGE in
  '') fail "image is empty" ;;
  *[!][A-Za-z0-9._:/-]* | [!\[A-Za-z0-9]*) fail "image '$IMAGE' is not the name of an image" ;;
  esac
  case ${IMAGE##*/} in
  '') fail "image '$IMAGE' is not the name of an image" ;;
  *:*) fail "image '$IMAGE' has a tag already" ;;
  esac
}

stamp() {
  case $TIME in
  '') date -u +%Y%m%dT%H%M%SZ ;;
  *[!0-9]* | ????????????*) fail "time is '$TIME', want seconds since 1970" ;;
  *) date -u -d "@$TIME" +%Y%m%dT%H%M%SZ ;;
  esac
}

commit() {
  [ -n "$COMMIT" ] || fail "commit is empty, but format '$FORMAT' requires it"
  case $COMMIT in
  *[!0-9a-fA-F]*) fail "commit '$COMMIT' is not the hash of a commit" ;;
  *[!0]*) ;;
  *) fail "commit '$COMMIT' is all zeros: the branch was deleted" ;;
  esac
  { [ ${#COMMIT} -ge 4 ] && [ ${#COMMIT} -le 64 ]; } || fail "commit '$COMMIT' is not the hash of a commit"
  printf '%s' "$COMMIT"
}

# prefix prints the prefix, shortened to a length. Characters that are not allowed
# in a tag become dashes; dashes and dots at both ends are removed.
prefix() { # LENGTH
  printf '%s' "$PREFIX" | LC_ALL=C tr -cs 'A-Za-z0-9_.' - | LC_ALL=C sed 's/^[-.]*//' | cut -b "1-$1" | sed 's/[-.]*$//'
}

check_image
case $FORMAT in
timestamp) tag=$(stamp) ;;
commit) tag=$(commit) ;;
timestamp-commit)
  tag=$(stamp)
  name=$(commit)
  tag=$tag-$name
  ;;
*) fail "format is '$FORMAT', want timestamp, commit or timestamp-commit" ;;
esac
if [ -n "$PREFIX" ]; then
  before=$(prefix $((127 - ${#tag})))
  [ -n "$before" ] || fail "prefix '$PREFIX' contains no character that is allowed in a tag"
  tag=$before-$tag
fi

printf '%s' "$tag" >"$RESULT_TAG"
printf '%s' "$IMAGE:$tag" >"$RESULT_REFERENCE"
say "$IMAGE:$tag"
