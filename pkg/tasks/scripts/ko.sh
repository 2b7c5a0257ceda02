#!/bin/sh
set -eu
# Builds a Go program into an image with ko, and may push it. Inputs are in the environment;
# the arguments are platforms, --next--, additional arguments.

tool=ko

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=go-inputs.sh
. ./go-inputs.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# shellcheck source-path=SCRIPTDIR source=image-inputs.sh
. ./image-inputs.sh

# shellcheck source-path=SCRIPTDIR source=image-results.sh
. ./image-results.sh

# shellcheck source-path=SCRIPTDIR source=image-reference.sh
. ./image-reference.sh

inside directory "$DIRECTORY"
case $CGO in
'' | 0 | 1) ;;
*) fail "cgo is '$CGO', want 0 or 1" ;;
esac
[ -d "$SOURCE/$DIRECTORY" ] || fail "no directory '$DIRECTORY' in the source"
case $PACKAGE in
'') fail "package is empty" ;;
-* | *[[:space:][:cntrl:]]*) fail "package '$PACKAGE' is not a package" ;;
esac
reference image "$IMAGE"
case $IMAGE in
*@*) fail "image '$IMAGE' has a digest" ;;
esac
tag=latest
[ "$name" = "$IMAGE" ] || tag=${IMAGE#"$name:"}
[ -z "$BASE_IMAGE" ] || (reference base-image "$BASE_IMAGE") || exit 1
boolean insecure "$INSECURE"
boolean push "$PUSH"

marks=0 count=$# platforms=
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-) ;;
  0-*[!a-z0-9/._]*) fail "platform '$1' is not OS/ARCHITECTURE" ;;
  0-*) platforms=${platforms:+$platforms,}$1 ;;
  1-*) set -- "$@" "$1" ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 1 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"

newline='
'
# ko puts the files of kodata into the image, and follows links there.
folders=$(find "$SOURCE" -name kodata) || fail "cannot search the source for kodata"
odd=$(find "$SOURCE" -name kodata -path '*
*') || fail "cannot search the source for kodata"
[ -z "$odd" ] || fail "kodata '${odd#"$SOURCE"/}' has a newline in its path"
while [ -n "$folders" ]; do
  found=${folders%%"$newline"*}
  folders=${folders#"$found"}
  folders=${folders#"$newline"}
  [ ! -d "$found" ] || contained kodata "${found#"$SOURCE"/}"
done
login
[ "$DOCKER_CONFIG_BOUND" = true ] || [ ! -f "$HOME/.docker/config.json" ] || export DOCKER_CONFIG="$HOME/.docker"
toolchain
# ko runs git in the source, which would run commands of a .git that an earlier task has
# written. The go command sets its own.
export GIT_DIR=/dev/null KO_DOCKER_REPO="$name" KOCACHE="$HOME/ko-cache"
[ -z "$BASE_IMAGE" ] || export KO_DEFAULTBASEIMAGE="$BASE_IMAGE"
work=$(mktemp -d)
cd "$SOURCE/$DIRECTORY"
[ -z "$platforms" ] || set -- "--platform=$platforms" "$@"
[ "$INSECURE" = false ] || set -- --insecure-registry "$@"
[ "$PUSH" = true ] || set -- --push=false "$@"
ko build --bare "--tags=$tag" "--image-refs=$work/references" "$@" -- "$PACKAGE" >/dev/null || fail "the build failed"
[ "$PUSH" = true ] || unpushed

digest=$(sed -n 's/^.*@\(sha256:[0-9a-f]\{64\}\)$/\1/p' "$work/references" | tail -n 1) || digest=
[ ${#digest} -eq 71 ] || fail "ko did not report a digest for '$IMAGE'"
pushed "$digest"
