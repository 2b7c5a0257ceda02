#!/bin/sh
# Names of objects in a cluster. This file is merged into the scripts that source it, which
# define fail. The tools repeat a name in their messages as it is, so one with a newline
# would start a line that looks like one of the script.

# object_name fails unless a text can be the name of a namespace or of a release.
object_name() { # INPUT TEXT
  case $2 in
  '') fail "$1 is empty" ;;
  *[!a-z0-9.-]* | [!a-z0-9]* | *[!a-z0-9]) fail "$1 '$2' is not a name: want lower-case letters, digits, dashes and dots" ;;
  esac
}
