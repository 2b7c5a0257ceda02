package negative

import (
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
	for i := range len(path) {
		switch c := path[i]; {
		case c == '[' && depth == 0:
			depth++
		case c == ']' && depth == 1 && !quoted:
			depth--
			if plain, err := strconv.Unquote(key); err == nil {
				key = plain
			}
			keys, key = append(keys, key), ""
		case depth > 0:
			if c == '"' {
				quoted = !quoted
			}
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

// resolved is a path of Tekton's as it leads through the object: items that
// it calls by their names, in brackets or as if they were fields, get their
// indexes.
func resolved(path string, o object) []segment {
	var out []segment
	var at any = o
	for _, s := range segments(path) {
		if i := named(at, s.name); i >= 0 && len(out) > 0 { // params.NAME
			last := &out[len(out)-1]
			last.keys = append(slices.Clone(last.keys), strconv.Itoa(i))
			at = listOf(at)[i]
			continue
		}
		keys := slices.Clone(s.keys)
		at = child(at, s.name)
		for k, key := range keys {
			if i := named(at, key); i >= 0 { // params[NAME]
				keys[k] = strconv.Itoa(i)
			}
			at = child(at, keys[k])
		}
		out = append(out, segment{s.name, keys})
	}
	return out
}

// named is the index of the item of a list with that name, -1 if there is none.
func named(list any, name string) int {
	return slices.IndexFunc(listOf(list), func(item any) bool { return name != "" && child(item, "name") == any(name) })
}

// child is the value of a field, of a key, or of an index.
func child(v any, name string) any {
	if list := listOf(v); list != nil {
		if i, err := strconv.Atoi(name); err == nil && i < len(list) {
			return list[i]
		}
		return nil
	}
	m, _ := v.(object)
	return m[name]
}

// within reports whether ours is theirs or a path below it. Tekton spells some
// fields as Go does (HashAlgorithm), and leaves indexes out.
func within(ours, theirs []segment) bool {
	if len(ours) < len(theirs) {
		return false
	}
	for i, t := range theirs {
		o := ours[i]
		if !strings.EqualFold(o.name, t.name) || len(t.keys) > len(o.keys) || !slices.Equal(t.keys, o.keys[:len(t.keys)]) {
			return false
		}
	}
	return true
}

// same reports whether two paths name one value.
func same(ours, theirs []segment) bool {
	return len(ours) == len(theirs) && within(ours, theirs) &&
		(len(ours) == 0 || len(theirs[len(theirs)-1].keys) == len(ours[len(ours)-1].keys))
}
