#!/busybox/sh
set -eu
# Builds an image with kaniko, and may push it. Inputs are in the environment; the
# arguments are build arguments, --next--, insecure registries, --next--,
# additional arguments.
#
# kaniko may replace the file system that it runs on. After it has run, only shell
# builtins are certain to exist.

tool=kaniko

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

destination "$IMAGE"
recipe
boolean push "$PUSH"
login
[ "$DOCKER_CONFIG_BOUND" = true ] || [ ! -f "$HOME/.docker/config.json" ] || export DOCKER_CONFIG="$HOME/.docker"

marks=0 count=$#
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-*)
    build_argument "$1"
    set -- "$@" "--build-arg=$1"
    ;;
  1-) ;;
  1-*) set -- "$@" "--insecure-registry=$1" "--skip-tls-verify-registry=$1" ;;
  2-*) set -- "$@" "$1" ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 2 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"

# kaniko expects a mirror without a scheme
host=${MIRROR#*://}
host=${host%/}
if [ -n "$MIRROR" ]; then
  registry mirror "$host" # a semicolon would start the mirror of another registry
  set -- "--registry-mirror=$host" "$@"
fi
case $MIRROR in
http://*) set -- "--insecure-registry=$host" "$@" ;;
esac

if [ "$PUSH" = true ]; then
  set -- "--digest-file=$RESULT_DIGEST" "$@"
else
  set -- --no-push --no-push-cache "$@" # with a cache, it would push layers all the same
fi
# In a path that is not resolved, kaniko would end the context at the next ://.
/kaniko/executor "--context=dir://$context" "--dockerfile=$SOURCE/$file" \
  "--destination=$IMAGE" "$@" || fail "the build failed"
[ "$PUSH" = true ] || unpushed

IFS= read -r digest <"$RESULT_DIGEST" || [ -n "${digest-}" ] || fail "kaniko did not write a digest"
case $digest in
sha256:*[!0-9a-f]* | sha256:) fail "kaniko wrote an invalid digest, '$digest'" ;;
sha256:*) ;;
*) fail "kaniko wrote an invalid digest, '$digest'" ;;
esac
pushed "$digest"
