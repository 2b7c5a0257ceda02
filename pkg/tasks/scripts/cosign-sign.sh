#!/busybox/sh
set -eu
# Signs an image with cosign. Inputs are in the environment; the arguments are
# annotations, --next--, additional arguments.

tool=cosign-sign

# shellcheck source-path=SCRIPTDIR source=messages.sh
. ./messages.sh

# shellcheck source-path=SCRIPTDIR source=boolean.sh
. ./boolean.sh

# shellcheck source-path=SCRIPTDIR source=image-inputs.sh
. ./image-inputs.sh

# shellcheck source-path=SCRIPTDIR source=image-reference.sh
. ./image-reference.sh

# shellcheck disable=SC2153 # it is an input
by_digest image "$IMAGE"
boolean transparency-log "$TRANSPARENCY_LOG"
boolean recursive "$RECURSIVE"
boolean insecure "$INSECURE"
login

return=$(printf '\r')
marks=0 count=$# password=
set -- "$@" sign --yes "--tlog-upload=$TRANSPARENCY_LOG" "--recursive=$RECURSIVE"
[ "$INSECURE" = false ] || set -- "$@" --allow-insecure-registry --allow-http-registry
while [ "$count" -gt 0 ]; do
  case $marks-$1 in
  [0-9]---next--) marks=$((marks + 1)) ;;
  0-=*) fail "annotation '$1' is not KEY=VALUE" ;;
  0-*[,\"]* | 0-*"
"*) fail "annotation '$1' contains a comma, a quote or a newline, which cosign reads as the start of another one" ;;
  0-*"$return") fail "annotation '$1' ends with a carriage return, which cosign removes" ;;
  0-*=*) set -- "$@" "--annotations=$1" ;;
  0-*) fail "annotation '$1' is not KEY=VALUE" ;;
  1-*) set -- "$@" "$1" ;;
  esac
  shift
  count=$((count - 1))
done
[ "$marks" -eq 1 ] || fail "a list contains the item '--next--', which is reserved as the separator of lists"
if [ "$KEY_BOUND" = true ]; then
  [ "$IDENTITY_BOUND" = false ] || fail "there is a key and an identity workspace: want one of them"
  [ -f "$KEY_PATH/cosign.key" ] || fail "the key workspace has no file cosign.key"
  set -- "$@" "--key=$KEY_PATH/cosign.key"
  [ ! -f "$KEY_PATH/cosign.password" ] || password=$(cat "$KEY_PATH/cosign.password")
elif [ "$IDENTITY_BOUND" = true ]; then
  [ -f "$IDENTITY_PATH/token" ] || fail "the identity workspace has no file token"
  set -- "$@" "--identity-token=$IDENTITY_PATH/token"
else
  fail "there is neither a key workspace nor an identity workspace"
fi
# cosign reads the password from its standard input.
unset COSIGN_PASSWORD
printf '%s' "$password" | cosign "$@" "$name@$digest" || fail "cannot sign '$IMAGE'"
printf '%s' "$name@$digest" >"$RESULT_REFERENCE"
say "signed $name@$digest"
