#!/bin/sh
# Texts as JSON. This file is merged into the scripts that source it, which
# define fail.

# json_program reads bytes as numbers. It prints a string, of at most "most" characters
# if that is set, or with "list" an array of the lines. What is not UTF-8 becomes U+FFFD,
# and in a list it is an error. Each line of numbers has an offset before it, and the last
# one is the offset alone: the size, which shows that no byte is missing.
# shellcheck disable=SC2016 # it is for awk
json_program='
  function code(point) {
    if (point >= 65536) {
      point -= 65536
      return sprintf("\\u%04x\\u%04x", 55296 + int(point / 1024), 56320 + point % 1024)
    }
    if (point < 32 || point == 34 || point == 92 || point > 126) return sprintf("\\u%04x", point)
    return sprintf("%c", point)
  }
  # next_point returns the character at a byte, and sets size to the number of its bytes.
  function next_point(at,  b, more, point, least, i) {
    b = byte[at]
    size = 1
    if (b < 128) return b
    if (b >= 194 && b < 224) { more = 1; point = b - 192; least = 128 }
    else if (b >= 224 && b < 240) { more = 2; point = b - 224; least = 2048 }
    else if (b >= 240 && b < 245) { more = 3; point = b - 240; least = 65536 }
    else { wrong = 1; return 65533 }
    for (i = 1; i <= more; i++) {
      if (at + i >= bytes || byte[at + i] < 128 || byte[at + i] >= 192) { wrong = 1; return 65533 }
      point = point * 64 + byte[at + i] - 128
    }
    if (point < least || point > 1114111 || (point >= 55296 && point < 57344)) { wrong = 1; return 65533 }
    size = more + 1
    return point
  }
  {
    for (i = 2; i <= NF; i++) byte[bytes++] = $i + 0
    total = $1
    sub(/^0+/, "", total) # some versions of awk would read an octal number
    complete = NF == 1 && total + 0 == bytes + 0
  }
  END {
    if (!complete) exit 1
    printf "%s", list ? "[" : "\""
    for (at = 0; at < bytes; at += size) {
      point = next_point(at)
      if (list && point == 10) {
        printf "\""
        open = 0
        continue
      }
      if (list && !open) {
        printf "%s", items++ ? ",\"" : "\""
        open = 1
      }
      if (!list && most && ++points > most) break
      if (list && point > 126) { # as it is, because each byte counts
        for (i = 0; i < size; i++) printf "%c", byte[at + i]
        continue
      }
      printf "%s", code(point)
    }
    print list ? "]" : "\""
    exit list && wrong
  }'

# json_string sets $json to a text as a JSON string in ASCII.
# shellcheck disable=SC2034 # the scripts read it
json_string() { # TEXT [MOST]
  json=$(printf '%s' "$1" | od -Ad -v -tu1 | LC_ALL=C awk -v "most=${2-0}" "$json_program") ||
    fail "cannot convert a text to JSON"
}

# json_list prints the lines of a text as an array of strings. It returns false if one is
# not UTF-8.
json_list() { # TEXT
  printf '%s' "${1:+$1
}" | od -Ad -v -tu1 | LC_ALL=C awk -v list=1 "$json_program"
}
