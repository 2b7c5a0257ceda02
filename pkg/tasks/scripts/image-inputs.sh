#!/bin/sh
# Functions of all tasks that build an image. The scripts that source this file
# define fail.

inside() { # INPUT PATH
  case $2 in
  /*) fail "$1 '$2' is absolute, want a path in the source" ;;
  esac
  case /$2/ in
  */../*) fail "$1 '$2' leads out of the source" ;;
  esac
}

# login copies the registry credentials to a directory that the builder can write
# to. Without the workspace, those of the service account are used.
login() {
  [ "$DOCKER_CONFIG_BOUND" = true ] || return 0
  for name in config.json .dockerconfigjson; do
    [ -f "$DOCKER_CONFIG_PATH/$name" ] || continue
    (umask 077 && mkdir -p "$HOME/login" && cat "$DOCKER_CONFIG_PATH/$name" >"$HOME/login/config.json") ||
      fail "cannot copy the docker-config workspace to '$HOME'"
    export DOCKER_CONFIG="$HOME/login"
    return
  done
  fail "the docker-config workspace has neither config.json nor .dockerconfigjson"
}
