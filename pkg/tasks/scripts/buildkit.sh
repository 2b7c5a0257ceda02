#!/bin/sh
set -eu
# Builds and pushes an image with BuildKit, whose daemon lives as long as the
# build. Inputs come in the environment; the arguments are build args, --next--,
# insecure registries, --next--, extra args.

fail() {
  printf 'buildkit: %s\n' "$1" >&2
  exit 1
}

# shellcheck source-path=SCRIPTDIR source=image-inputs.sh
. ./image-inputs.sh

# registry fails unless a text names a registry, which the daemon's
# configuration then takes as it is.
registry() { # INPUT TEXT
  case $2 in
  *[!A-Za-z0-9._:/-]*) fail "$1 '$2' is no registry" ;;
  esac
}

# reach adds the mirror to the daemon's configuration.
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

case $IMAGE in
'') fail "image is empty" ;;
*[!][A-Za-z0-9._:/@+-]*) fail "image '$IMAGE' is no reference" ;; # a comma would begin another
esac
inside context "$CONTEXT"
inside dockerfile "$DOCKERFILE"
[ -d "$SOURCE/$CONTEXT" ] || fail "no directory '$CONTEXT' in the source"
file=${DOCKERFILE:-$CONTEXT/Dockerfile}
[ -f "$SOURCE/$file" ] || fail "no file '$file' in the source"
login
work=$(mktemp -d)
: >"$work/registries"
reach

marks=0 count=$#
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-*=*) set -- "$@" "--opt=build-arg:$1" ;;
  0-*) fail "build arg '$1' is not KEY=VALUE" ;;
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
[ "$marks" -eq 2 ] || fail "an item of a list is '--next--', which marks where the next list begins"

folder=$SOURCE/$file
sort -u "$work/registries" >"$work/buildkitd.toml" # no key may come twice
export BUILDKITD_FLAGS="$BUILDKITD_FLAGS --config=$work/buildkitd.toml"
buildctl-daemonless.sh build --frontend=dockerfile.v0 --progress=plain \
  "--local=context=$SOURCE/$CONTEXT" "--local=dockerfile=${folder%/*}" "--opt=filename=${file##*/}" \
  "--output=type=image,name=$IMAGE,push=true" "--metadata-file=$work/metadata" "$@" || fail "the build failed"

# of the image, not of a descriptor deeper in the file
digest=$(sed -n 's/^  "containerimage\.digest": "\(sha256:[0-9a-f]\{64\}\)",\{0,1\}$/\1/p' "$work/metadata") || digest=
[ -n "$digest" ] || fail "buildctl named no digest for '$IMAGE'"
printf '%s' "$digest" >"$RESULT_DIGEST"
printf '%s' "$IMAGE" >"$RESULT_URL"
printf 'buildkit: pushed %s at %s\n' "$IMAGE" "$digest"
