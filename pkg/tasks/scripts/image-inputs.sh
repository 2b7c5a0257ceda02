#!/bin/sh
# What the tasks that build an image have in common. Whoever sources it has a
# function fail.

inside() { # INPUT PATH
  case $2 in
  /*) fail "$1 '$2' is absolute, want a path in the source" ;;
  esac
  case /$2/ in
  */../*) fail "$1 '$2' leads out of the source" ;;
  esac
}

# login copies the registries' credentials to where the builder may write beside
# them. Without the workspace, those of the run's account hold.
login() {
  [ "$DOCKER_CONFIG_BOUND" = true ] || return 0
  for name in config.json .dockerconfigjson; do
    [ -f "$DOCKER_CONFIG_PATH/$name" ] || continue
    (umask 077 && mkdir -p "$HOME/login" && cat "$DOCKER_CONFIG_PATH/$name" >"$HOME/login/config.json") ||
      fail "cannot copy the docker-config workspace to '$HOME'"
    export DOCKER_CONFIG="$HOME/login"
    return
  done
  fail "the docker-config workspace holds neither config.json nor .dockerconfigjson"
}
