#!/bin/sh
# Sets an image in a manifest. This file is merged into the scripts that source it.

# set_image copies a manifest from its input to its output, with $IMAGE as the
# image of $CONTAINER, and writes the name of the container to a file, and the number of
# bytes of the output to the one that is called FILE.size. $OBJECT is the object that has the container, KIND/NAME. If $CONTAINER or $OBJECT is empty,
# there must be only one. No other bytes are changed. If it is unclear which image
# to change, set_image fails, and the output is the reason.
#
# It parses only as much YAML as is needed to find the lists containers and
# initContainers of a spec in block style. It skips block scalars, quoted scalars
# and flow collections.
set_image() { # FILE
  { cat && echo '-- end of the manifest --'; } | LC_ALL=C NAME_FILE=$1 awk '
    function die(reason) {
      print reason
      exit 3
    }
    function unsure(at) { die("line " at " uses YAML syntax that is not supported here: " line[at]) }

    # scalar parses the scalar at the start of a text. It sets value, style (the
    # quote) and size (the length in the text), and returns false if the text is
    # not a scalar in one line.
    function scalar(text,  rest) {
      style = substr(text, 1, 1)
      if (style == "\"" || style == q) {
        if (!match(text, style == q ? single : double)) return 0
        size = RLENGTH
        value = substr(text, 2, size - 2)
        if (style == q) gsub(q q, q, value)
        rest = substr(text, size + 1)
        return rest ~ /^[ \t]*$/ || rest ~ /^[ \t]+#/
      }
      if (text ~ /^[][{}&*!|>%@`,?#]/ || text == "") return 0
      style = ""
      size = match(text, /[ \t]+#/) ? RSTART - 1 : length(text)
      value = substr(text, 1, size)
      sub(/[ \t]+$/, "", value)
      size = length(value)
      return 1
    }

    # cut parses the key at the start of a text. It sets key and size (the offset
    # of the value), and returns false if the text does not start with a key.
    function cut(text,  first) {
      first = substr(text, 1, 1)
      if (first == "\"" || first == q) {
        if (!match(text, first == q ? single : double)) return 0
        size = RLENGTH
        key = substr(text, 2, size - 2)
        if (!match(substr(text, size + 1), /^[ \t]*:([ \t]+|$)/)) return 0
        size += RLENGTH
        return 1
      }
      if (first ~ /[][{}&*!|>%@`,#]/ || !match(text, /[ \t]*:([ \t]+|$)/)) return 0
      key = substr(text, 1, RSTART - 1)
      size = RSTART + RLENGTH - 1
      return key !~ /[ \t]#/
    }

    # pass skips quoted scalars and flow collections. It sets quote and nest to
    # what is still open at the end of the text.
    function pass(text,  i, c) {
      if ((nest > 0 || (quote == "" && text ~ /^[[{]/)) && text ~ /ontainers["\047]?[ \t]*:/) unsure(at)
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (quote != "") {
          if (c == "\\" && quote == "\"") i++
          else if (c == quote && c == q && substr(text, i + 1, 1) == q) i++
          else if (c == quote) {
            quote = ""
            if (nest == 0) return
          }
          continue
        }
        if (c == " " || c == "\t") {
          if (substr(text, i + 1, 1) == "#") return
          continue
        }
        if (fresh && (c == "\"" || c == q)) quote = c
        else if (c == "[" || c == "{") nest++
        else if (c == "]" || c == "}") {
          if (--nest == 0) return
        }
        fresh = index("[{,:", c) > 0
      }
    }

    # follow checks whether the value of a key or item in a column continues in
    # the next lines.
    function follow(text, column) {
      while (match(text, /^[&!][^ \t]*([ \t]+|$)/)) text = substr(text, RLENGTH + 1)
      if (text ~ /^[|>][-+0-9]*[ \t]*$/ || text ~ /^[|>][-+0-9]*[ \t]+#/) {
        block = 1
        margin = column
      } else if (text ~ /^["[{\047]/) {
        opened = at
        quote = ""
        nest = 0
        fresh = 1
        pass(text)
      }
    }

    function push(what, column, label) {
      depth++
      kind[depth] = what
      col[depth] = column
      label_of[depth] = label
      box[depth] = 0
    }

    # item starts an item of a list. In the lists of containers, it is a container.
    function item(column) {
      while (depth && (col[depth] > column || (col[depth] == column && kind[depth] == "item"))) depth--
      push("item", column, "")
      if (depth > 2 && kind[depth - 1] == "key" && label_of[depth - 1] ~ /^(c|initC)ontainers$/ &&
          kind[depth - 2] == "key" && label_of[depth - 2] == "spec") {
        box[depth] = ++boxes
        document_of[boxes] = document
        line_of[boxes] = at
      }
    }

    function entry(column, text, from,  in_box) {
      while (depth && col[depth] >= column) depth--
      push("key", column, key)
      if (depth == 1 && key == "kind" && scalar(text)) kind_of[document] = value
      if (depth == 2 && key == "name" && label_of[1] == "metadata" && scalar(text)) name_of[document] = value
      if (depth > 1 && key ~ /^(c|initC)ontainers$/ && kind[depth - 1] == "key" && label_of[depth - 1] == "spec" &&
          text !~ /^(\[[ \t]*\][ \t]*)?(#.*)?$/) unsure(at)
      in_box = depth > 1 ? box[depth - 1] : 0
      if (in_box && key == "name") container[in_box] = scalar(text) ? value : text
      if (in_box && key == "image") {
        if (in_box in image_at) unsure(at)
        image_at[in_box] = at
        image_from[in_box] = from
        image_col[in_box] = column
      }
      follow(text, column)
    }

    function read(text,  from, column) {
      if (block) {
        match(text, /^ */)
        if (text ~ /^[ \t]*$/ || RLENGTH > margin) return
        block = 0
      }
      if (quote != "" || nest > 0) {
        pass(text)
        return
      }
      if (text ~ /^[ \t]*(#|$)/ || text ~ /^%/) return
      if (text ~ /^(---|\.\.\.)([ \t]|$)/) {
        if (substr(text, 4) !~ /^[ \t]*(#.*)?$/) unsure(at)
        document++
        depth = 0
        return
      }
      match(text, /^ */)
      from = RLENGTH + 1
      text = substr(text, from)
      while (text ~ /^-([ \t]|$)/) {
        item(from - 1)
        match(text, /^-[ \t]*/)
        from += RLENGTH
        text = substr(text, RLENGTH + 1)
        if (text ~ /^(#|$)/) return
      }
      column = from - 1
      if (cut(text)) {
        entry(column, substr(text, size + 1), from + size)
        return
      }
      if (depth && kind[depth] == "item" && box[depth]) unsure(at)
      follow(text, depth ? col[depth] : -1)
    }

    function wanted(b) {
      if (ENVIRON["CONTAINER"] != "" && container[b] != ENVIRON["CONTAINER"]) return 0
      return ENVIRON["OBJECT"] == "" || right[document_of[b]]
    }

    BEGIN {
      q = sprintf("%c", 39)
      double = "^\"([^\"\\\\]|\\\\.)*\""
      single = "^" q "([^" q "]|" q q ")*" q
      document = 1
    }
    { line[NR] = $0 }
    END {
      # The mark at the end shows whether all was read, and whether the last line ends with
      # a newline.
      last = NR
      mark = "-- end of the manifest --"
      keep = length(line[last]) - length(mark)
      if (last == 0 || keep < 0 || substr(line[last], keep + 1) != mark) die("it could not be read to its end")
      ended = keep == 0
      if (ended) last--
      else line[last] = substr(line[last], 1, keep)
      for (at = 1; at <= last; at++) {
        text = line[at]
        sub(/\r$/, "", text)
        read(text)
      }
      if (quote != "" || nest > 0) die("the value that starts in line " opened " is not closed")

      slash = index(ENVIRON["OBJECT"], "/")
      for (d = 1; d <= document; d++) {
        right[d] = tolower(kind_of[d]) == tolower(substr(ENVIRON["OBJECT"], 1, slash - 1)) &&
          name_of[d] == substr(ENVIRON["OBJECT"], slash + 1)
        objects += right[d]
      }
      if (slash && objects != 1) die((objects ? objects " objects match" : "no object matches") " " ENVIRON["OBJECT"])
      for (b = 1; b <= boxes; b++) {
        if (wanted(b)) {
          found++
          chosen = b
        }
        if (slash && !right[document_of[b]]) continue
        list = list (list == "" ? "" : ", ") container[b] " in line " line_of[b]
      }
      if (list == "") die("it has no containers")
      if (!found) die("no container is named " ENVIRON["CONTAINER"] "; the containers are " list)
      if (found > 1) die("several containers match; set the container or the object: " list)

      printf "%s", container[chosen] >ENVIRON["NAME_FILE"]
      if (!(chosen in image_at)) die("container " container[chosen] " in line " line_of[chosen] " has no image")
      at = image_at[chosen]
      text = line[at]
      sub(/\r$/, "", text)
      if (!scalar(substr(text, image_from[chosen]))) unsure(at)
      for (i = at + 1; i <= last && line[i] ~ /^[ \t\r]*(#|$)/; i++);
      if (i <= last && match(line[i], /^ */) && RLENGTH > image_col[chosen]) unsure(i)
      if (value != ENVIRON["IMAGE"]) {
        # Without a letter, YAML could parse it as a number.
        if (style == "" && ENVIRON["IMAGE"] !~ /[A-Za-z].*[\/:@]|[\/:@].*[A-Za-z]/) style = "\""
        line[at] = substr(line[at], 1, image_from[chosen] - 1) style ENVIRON["IMAGE"] style \
          substr(line[at], image_from[chosen] + size)
      }
      for (i = 1; i < last; i++) {
        print line[i]
        bytes += length(line[i]) + 1
      }
      printf "%s%s", line[last], ended ? "\n" : ""
      printf "%d", bytes + length(line[last]) + ended >(ENVIRON["NAME_FILE"] ".size")
    }'
}
