#!/bin/sh
set -eu
# Builds an image with buildah, and may push it. Inputs are in the environment; the arguments are
# build arguments, --next--, insecure registries, --next--, additional arguments.

tool=buildah

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=image-inputs.sh
. ./image-inputs.sh

# shellcheck source-path=SCRIPTDIR source=image-results.sh
. ./image-results.sh

# shellcheck source-path=SCRIPTDIR source=image-reference.sh
. ./image-reference.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# shellcheck source-path=SCRIPTDIR source=exact-values.sh
. ./exact-values.sh

# reach adds the mirror to the configuration of the registries, which is written without
# escaping.
reach() {
  [ -n "$MIRROR" ] || return 0
  mirror=${MIRROR#*://}
  while [ "${mirror%/}" != "$mirror" ]; do
    mirror=${mirror%/}
  done
  registry mirror "$mirror"
  plain=false
  case $MIRROR in
  http://*) plain=true ;;
  esac
  printf '[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "%s"\ninsecure = %s\n' "$mirror" "$plain" >>"$work/registries.conf"
}

reference image "$IMAGE"
case $IMAGE in
*@*) fail "image '$IMAGE' has a digest" ;;
esac
recipe
# buildah reads files as CSV, in which both characters become a newline.
return=$(printf '\r')
case $file in
*"$return
"*) fail "dockerfile '$file' contains a carriage return before a newline, which buildah removes" ;;
esac
boolean push "$PUSH"
login
[ "$DOCKER_CONFIG_BOUND" = false ] || export REGISTRY_AUTH_FILE="$DOCKER_CONFIG/config.json"
work=$(mktemp -d)
echo 'unqualified-search-registries = ["docker.io"]' >"$work/registries.conf"
reach

marks=0 count=$#
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-*)
    build_argument "$1"
    set -- "$@" "--build-arg=$1"
    ;;
  1-) ;;
  1-*)
    registry insecure "$1"
    printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$1" >>"$work/registries.conf"
    ;;
  2-*) set -- "$@" "$1" ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 2 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"

# A pod has no device for an overlay in a user namespace, and no process sandbox.
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot CONTAINERS_REGISTRIES_CONF="$work/registries.conf"
list_item "$SOURCE/$file"
buildah build "--file=$quoted" "--tag=$IMAGE" "$@" -- "$context" || fail "the build failed"
[ "$PUSH" = true ] || unpushed
buildah push "--digestfile=$work/digest" -- "$IMAGE" "docker://$IMAGE" || fail "the push failed"

digest=$(cat "$work/digest") || digest=
case ${#digest}-$digest in
71-sha256:*[!0-9a-f]*) fail "buildah wrote an invalid digest, '$digest'" ;;
71-sha256:*) ;;
*) fail "buildah wrote an invalid digest, '$digest'" ;;
esac
pushed "$digest"
