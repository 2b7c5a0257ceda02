#!/bin/sh
set -eu
# Copies an image by its digest. Inputs are in the environment.

tool=image-copy

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=image-inputs.sh
. ./image-inputs.sh

# shellcheck source-path=SCRIPTDIR source=image-reference.sh
. ./image-reference.sh

# shellcheck disable=SC2153 # it is an input
by_digest from "$FROM"
from=$name@$digest
reference to "$TO"
case $TO in
*@*) fail "to '$TO' has a digest: the copy has that of the image" ;;
esac
boolean from-insecure "$FROM_INSECURE"
boolean to-insecure "$TO_INSECURE"
login
[ "$DOCKER_CONFIG_BOUND" = false ] || export REGISTRY_AUTH_FILE="$DOCKER_CONFIG/config.json"
work=$(mktemp -d)
export TMPDIR="$work"
set -- copy --all --preserve-digests --retry-times=3 "--digestfile=$work/digest"
[ "$FROM_INSECURE" = false ] || set -- "$@" --src-tls-verify=false
[ "$TO_INSECURE" = false ] || set -- "$@" --dest-tls-verify=false
skopeo "$@" "docker://$from" "docker://$TO" || fail "cannot copy '$FROM' to '$TO'"

copied=$(cat "$work/digest") || copied=
[ "$copied" = "$digest" ] || fail "the copy has digest '$copied', want $digest"
printf '%s' "$digest" >"$RESULT_DIGEST"
printf '%s' "$name@$digest" >"$RESULT_REFERENCE"
say "copied $from to $TO"
