#!/bin/sh
# Boolean inputs. This file is merged into the scripts that source it, which define fail.

boolean() { # INPUT VALUE
  case $2 in
  true | false) ;;
  *) fail "$1 is '$2', want true or false" ;;
  esac
}
