#!/bin/sh
set -eu
# Starts the daemon of DockerBuild. The entrypoint of the image creates the
# certificates and listens with TLS. Inputs are in the environment; the arguments
# are the insecure registries. Empty values set no flag.

count=$#
set -- "$@" --userland-proxy=false
while [ "$count" -gt 0 ]; do
  [ -z "$1" ] || set -- "$@" "--insecure-registry=$1"
  shift
  count=$((count - 1))
done
[ -z "$MIRROR" ] || set -- "$@" "--registry-mirror=$MIRROR"
[ -z "$STORAGE_DRIVER" ] || set -- "$@" "--storage-driver=$STORAGE_DRIVER"
exec dockerd-entrypoint.sh "$@"
