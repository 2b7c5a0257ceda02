#!/bin/sh
# Functions of all tasks that build an image. The scripts that source this file
# define fail.

# recipe checks the context and the Dockerfile. It sets $context to the absolute path of
# the context without links, and $file to the path of the Dockerfile. Of the links in the
# context it checks only the lists of files to leave out, which buildah shows if one has a
# mistake: docker and BuildKit send links as links, and kaniko runs the Dockerfile where it
# can read all that they could lead to.
# shellcheck disable=SC2034,SC2153,SC2154 # the scripts read context, and have CONTEXT and real
recipe() {
  inside context "$CONTEXT"
  [ -d "$SOURCE/$CONTEXT" ] || fail "no directory '$CONTEXT' in the source"
  context=$real
  file=${DOCKERFILE:-$CONTEXT/Dockerfile}
  inside dockerfile "$file"
  [ -f "$SOURCE/$file" ] || fail "no file '$file' in the source"
  for list in "$CONTEXT/.dockerignore" "$CONTEXT/.containerignore" "$file.dockerignore" "$file.containerignore"; do
    { [ ! -h "$SOURCE/$list" ] || [ ! -e "$SOURCE/$list" ]; } || inside 'ignore file' "$list"
  done
}

# build_argument fails unless a text is KEY=VALUE. For a key alone, the builders would
# read the environment of the step.
build_argument() { # TEXT
  case $1 in
  *=*) ;;
  *) fail "build argument '$1' is not KEY=VALUE" ;;
  esac
}

# registry fails unless a text is the name of a registry, which may have a path. Builders
# read other characters as the start of something else.
registry() { # INPUT TEXT
  case $2 in
  *@*) fail "$1 contains a user or a password, which the builder does not use" ;;
  '' | *[!A-Za-z0-9._:/-]* | [!A-Za-z0-9]* | *//*) fail "$1 '$2' is not a registry" ;;
  esac
}

# login copies the registry credentials to a directory that the builder can write
# to. Without the workspace, those of the service account are used.
login() {
  [ "$DOCKER_CONFIG_BOUND" = true ] || return 0
  for credentials in config.json .dockerconfigjson; do
    [ -f "$DOCKER_CONFIG_PATH/$credentials" ] || continue
    (umask 077 && mkdir -p "$HOME/login" && cat "$DOCKER_CONFIG_PATH/$credentials" >"$HOME/login/config.json") ||
      fail "cannot copy the docker-config workspace to '$HOME'"
    export DOCKER_CONFIG="$HOME/login"
    return
  done
  fail "the docker-config workspace has neither config.json nor .dockerconfigjson"
}
