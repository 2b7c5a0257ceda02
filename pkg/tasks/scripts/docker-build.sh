#!/bin/sh
set -eu
# Builds an image with the daemon of the sidecar, and may push it. Inputs are in the
# environment; the arguments are build arguments, --next--, additional arguments.

tool=docker-build

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

await_daemon() {
  tries=0
  until docker version >"$work/version" 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
      cat "$work/version" >&2
      fail "the Docker daemon does not respond: see the log of the sidecar"
    fi
    sleep 1
  done
}

# push pushes the image and saves the output of docker in a file.
push() {
  {
    docker push -- "$IMAGE" 2>&1 && echo >"$work/accepted"
  } | tee "$work/push"
  [ -e "$work/accepted" ] || fail "the push failed"
}

# pushed_digest gets the digest from the output of docker push or else from the
# image, which has one for each repository that it was pushed to or pulled from.
pushed_digest() {
  said=$(sed -n 's/.*digest: \(sha256:[0-9a-f]\{64\}\) size: .*/\1/p' "$work/push" | tail -n 1)
  if [ -z "$said" ]; then
    repository=${IMAGE%@*}
    case ${repository##*/} in
    *:*) repository=${repository%:*} ;;
    esac
    docker image inspect '--format={{range .RepoDigests}}{{println .}}{{end}}' -- "$IMAGE" >"$work/digests" || :
    while IFS= read -r name; do
      [ "${name%@*}" != "$repository" ] || said=${name##*@}
    done <"$work/digests"
  fi
  printf '%s' "$said"
}

destination "$IMAGE"
recipe
boolean push "$PUSH"
login
work=$(mktemp -d)

marks=0 count=$#
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-*)
    build_argument "$1"
    set -- "$@" "--build-arg=$1"
    ;;
  1-*) set -- "$@" "$1" ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 1 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"

await_daemon
# To describe the source in the provenance, docker would run git in the context. git
# runs commands from a configuration that the source, or an earlier task, can have.
export BUILDX_GIT_INFO=false BUILDX_GIT_LABELS=false
docker build "--tag=$IMAGE" "--file=$SOURCE/$file" "$@" -- "$context" || fail "the build failed"
[ "$PUSH" = true ] || unpushed
push
digest=$(pushed_digest)
case ${#digest}-$digest in
71-sha256:*[!0-9a-f]*) fail "docker did not report a digest for '$IMAGE'" ;;
71-sha256:*) ;;
*) fail "docker did not report a digest for '$IMAGE'" ;;
esac
pushed "$digest"
