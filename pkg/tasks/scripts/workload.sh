#!/bin/sh
# Objects whose rollout is awaited. This file is merged into the scripts that source it,
# which define fail.

# workload fails unless a text is KIND/NAME.
workload() { # INPUT TEXT
  case $2 in
  *[!A-Za-z0-9./-]* | [!A-Za-z]* | */*/* | */ | */[!A-Za-z0-9]*) fail "$1 '$2' is not KIND/NAME" ;;
  */*) ;;
  *) fail "$1 '$2' is not KIND/NAME" ;;
  esac
}
