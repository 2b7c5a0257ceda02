#!/bin/sh
# Functions of all tasks that run the go command. The scripts that source this file
# define fail.

# toolchain sets the environment of the go command. Empty inputs are not set, so
# that the values of the image and of go.env apply.
toolchain() {
  cache=$HOME/go-cache
  [ "$CACHE_BOUND" = false ] || cache=$CACHE_PATH
  mkdir -p "$cache/mod" "$cache/build" || fail "user $(id -u) may not write to the cache workspace: set an fsGroup for the pod of the run"
  export GOPATH="$HOME/go" GOMODCACHE="$cache/mod" GOCACHE="$cache/build"
  # To record the commit in a program, go would run git or hg in the source. They run
  # commands from a configuration that the source, or an earlier task, can have.
  export GOFLAGS="-buildvcs=false${GOFLAGS:+ $GOFLAGS} -modcacherw"
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
  [ -z "$TARGET_OS" ] || export GOOS="$TARGET_OS"
  [ -z "$TARGET_ARCH" ] || export GOARCH="$TARGET_ARCH"
  [ -z "$CGO" ] || export CGO_ENABLED="$CGO"
  [ -z "$MODULE_PROXY" ] || export GOPROXY="$MODULE_PROXY"
  [ -z "$PRIVATE_MODULES" ] || export GOPRIVATE="$PRIVATE_MODULES"
  [ -z "$SUM_DATABASE" ] || export GOSUMDB="$SUM_DATABASE"
}
