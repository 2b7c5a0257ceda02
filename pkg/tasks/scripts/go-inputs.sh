#!/bin/sh
# Functions of all tasks that run the go command. The scripts that source this file
# define fail.

# modules prepares a module cache of which only the downloads are shared. The go
# command trusts what it finds extracted in a module cache, and the hash next to a
# download. Here it extracts what it uses anew, and computes the hashes anew, which
# it compares with go.sum. The files of the hashes are emptied, not deleted: a
# concurrent run may be about to read them.
modules() { # DIRECTORY
  [ ! -L "$cache/download" ] || rm -f "$cache/download"
  mkdir -p "$1/cache" "$cache/download" "$cache/build" || fail "user $(id -u) may not write to the cache workspace: set an fsGroup for the pod of the run"
  # Links lead elsewhere, and to read a pipe could take forever.
  find "$cache/download" ! -type f ! -type d -exec rm -f {} + || fail "cannot remove links from the cache workspace"
  find "$cache/download" -type f -name '*.ziphash' -exec sh -c 'for file; do : >"$file"; done' sh {} + ||
    fail "cannot write to the downloads in the cache workspace"
  ln -sfn "$cache/download" "$1/cache/download"
  export GOMODCACHE="$1" GOCACHE="$cache/build"
}

# toolchain sets the environment of the go command. Empty inputs are not set, so
# that the values of the image and of go.env apply.
toolchain() {
  cache=$HOME/go-cache
  [ "$CACHE_BOUND" = false ] || cache=$CACHE_PATH
  modules "$HOME/go-modules"
  export GOPATH="$HOME/go"
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
