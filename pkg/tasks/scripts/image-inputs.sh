#!/bin/sh
# Functions of all tasks that build an image. The scripts that source this file
# define fail.

# recipe checks the context and sets $file to the path of the Dockerfile. It does not
# check links in the context: docker and BuildKit send them as links, and kaniko runs
# the Dockerfile where it can read all that they could lead to.
recipe() {
  inside context "$CONTEXT"
  [ -d "$SOURCE/$CONTEXT" ] || fail "no directory '$CONTEXT' in the source"
  file=${DOCKERFILE:-$CONTEXT/Dockerfile}
  inside dockerfile "$file"
  [ -f "$SOURCE/$file" ] || fail "no file '$file' in the source"
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
