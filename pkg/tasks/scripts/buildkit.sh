#!/bin/sh
set -eu
# Builds an image with BuildKit, and may push it. The daemon runs only during the build.
# Inputs are in the environment; the arguments are build arguments, --next--,
# insecure registries, --next--, additional arguments.

tool=buildkit

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=image-inputs.sh
. ./image-inputs.sh

# shellcheck source-path=SCRIPTDIR source=image-reference.sh
. ./image-reference.sh

# shellcheck source-path=SCRIPTDIR source=image-results.sh
. ./image-results.sh

# shellcheck source-path=SCRIPTDIR source=source-paths.sh
. ./source-paths.sh

# reach adds the mirror to the configuration of the daemon, which is written without
# escaping.
reach() {
  [ -n "$MIRROR" ] || return 0
  mirror=${MIRROR#*://}
  while [ "${mirror%/}" != "$mirror" ]; do
    mirror=${mirror%/}
  done
  registry mirror "$mirror"
  printf 'registry."docker.io".mirrors = ["%s"]\n' "$mirror" >>"$work/registries"
  case $MIRROR in
  http://*) printf 'registry."%s".http = true\n' "${mirror%%/*}" >>"$work/registries" ;;
  esac
}

destination "$IMAGE"
case $IMAGE in
*[!][A-Za-z0-9._:/@+-]*) fail "image '$IMAGE' is not an image reference" ;; # a comma would start another one
esac
recipe
boolean push "$PUSH"
login
work=$(mktemp -d)
: >"$work/registries"
reach

marks=0 count=$#
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-*)
    build_argument "$1"
    set -- "$@" --opt "build-arg:$1"
    ;;
  1-) ;;
  1-*)
    registry insecure "$1"
    printf 'registry."%s".%s = true\n' "$1" http "$1" insecure >>"$work/registries"
    ;;
  2-*) set -- "$@" "$1" ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 2 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"

folder=$SOURCE/$file
# buildctl removes white space at the end of an argument, but not from a value that is
# an argument of its own. Versions that do remove it there keep the dot.
registries=$(sort -u "$work/registries") # a key must not occur twice
printf '%s\n' "$registries" >"$work/buildkitd.toml"
export BUILDKITD_FLAGS="$BUILDKITD_FLAGS --config=$work/buildkitd.toml"
buildctl-daemonless.sh build --frontend=dockerfile.v0 --progress=plain \
  --local "context=$context/." --local "dockerfile=${folder%/*}/." --opt "filename=${file##*/}" \
  "--output=type=image,name=$IMAGE,push=$PUSH" "--metadata-file=$work/metadata" "$@" || fail "the build failed"
[ "$PUSH" = true ] || unpushed

# the digest of the image, not of a nested descriptor
digest=$(sed -n 's/^  "containerimage\.digest": "\(sha256:[0-9a-f]\{64\}\)",\{0,1\}$/\1/p' "$work/metadata") || digest=
[ -n "$digest" ] || fail "buildctl did not report a digest for '$IMAGE'"
pushed "$digest"
