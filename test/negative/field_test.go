package negative

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// segment is one field of a path with its indexes and keys.
type segment struct {
	name string
	keys []string
}

// segments takes a path of Tekton's or of ours apart.
func segments(path string) []segment {
	var out []segment
	name, key, depth, quoted := "", "", 0, false
	var keys []string
	flush := func() {
		if name != "" || keys != nil {
			out = append(out, segment{name, keys})
		}
		name, keys = "", nil
	}
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case c == '"' && depth > 0:
			quoted = !quoted
			key += string(c)
		case c == '[' && !quoted:
			if depth++; depth > 1 {
				key += string(c)
			}
		case c == ']' && !quoted && depth > 0:
			if depth--; depth > 0 {
				key += string(c)
				continue
			}
			if plain, err := strconv.Unquote(key); err == nil {
				key = plain
			}
			keys, key = append(keys, key), ""
		case depth > 0:
			key += string(c)
		case c == '.':
			flush()
		default:
			name += string(c)
		}
	}
	flush()
	return out
}

// canonical is a path with the names of items of lists, by which Tekton calls
// some, replaced by their indexes in the object.
func canonical(path string, o object) string {
	var out strings.Builder
	var at any = o
	for _, s := range segments(path) {
		if out.Len() > 0 {
			out.WriteByte('.')
		}
		out.WriteString(s.name)
		at = child(at, s.name)
		for _, key := range s.keys {
			if i := slices.IndexFunc(listOf(at), func(item any) bool { return child(item, "name") == any(key) }); i >= 0 {
				key = strconv.Itoa(i)
			}
			out.WriteString("[" + key + "]")
			if list := listOf(at); list != nil {
				at = nil
				if i, err := strconv.Atoi(key); err == nil && i < len(list) {
					at = list[i]
				}
			} else {
				at = child(at, key)
			}
		}
	}
	return out.String()
}

func child(v any, name string) any {
	m, _ := v.(object)
	return m[name]
}

var index = regexp.MustCompile(`\[[^\]]*\]`)

// plain is a path without indexes and keys.
func plain(path string) string { return index.ReplaceAllString(path, "") }
