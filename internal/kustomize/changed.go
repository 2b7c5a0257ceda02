package kustomize

import (
	"slices"
	"strconv"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Changed returns the position of what a kustomization has written at a path of the object:
// in a patch, a replacement, a generator or a field of the kustomization. If what is at the
// path is not there any more, it is the position of what has removed it. It returns false if
// the value is that of the object that this one was made of, or if it is not known which
// kustomization it is from. An excerpt is a part of the value, as in [object.Object.Locate].
//
// Of several changes that may have written the value, it is the last one that has this
// value, or else the last one that writes there at all.
func (c *Comparison) Changed(at diag.Path, excerpt string) (diag.Position, bool) {
	if at.IsRoot() && c.source != nil {
		return diag.Position{}, false // asked of each object, so without a comparison
	}
	if c.know(); len(c.changes) == 0 {
		return diag.Position{}, false
	}
	v := c.value(at)
	if len(v.rest) > 0 {
		for _, ch := range slices.Backward(c.changes) {
			if path, ok := ch.removes(c, v); ok && v.hasNext {
				return ch.position(c, path, ""), true
			}
		}
	}
	if v.inSource && equal(v.is, v.was) {
		return diag.Position{}, false
	}
	for _, how := range []match{exactly, anywhere} {
		for _, ch := range slices.Backward(c.changes) {
			if path, ok := ch.wrote(c, v, how); ok {
				for _, s := range v.rest {
					path = path.Append(s)
				}
				return ch.position(c, path, excerpt), true
			}
		}
	}
	if isTree(v.is) && v.inSource && !isEmpty(v.is) {
		return diag.Position{}, false // something in it has changed
	}
	for _, ch := range slices.Backward(c.changes) {
		if path, ok := ch.touches(c, v); ok {
			return ch.position(c, path, ""), true
		}
	}
	return diag.Position{}, false
}

// value is what is at a path of a rendered object, as far as it exists.
type value struct {
	segments []diag.Segment // of what exists
	rest     []diag.Segment
	is, was  any
	inSource bool
	hasNext  bool // the source has the first of the rest
}

// value follows a path.
func (c *Comparison) value(at diag.Path) value {
	v := value{segments: at.Segments(), is: c.is, was: c.was, inSource: c.source != nil}
	for i, s := range v.segments {
		next, ok := child(v.is, s)
		if !ok {
			v.segments, v.rest = v.segments[:i], v.segments[i:]
			if v.inSource {
				_, v.hasNext = child(v.was, s)
			}
			break
		}
		if v.inSource {
			v.was, _, v.inSource = step(v.was, v.is, next, s)
		}
		v.is = next
	}
	return v
}

// child returns the value of a segment of a path.
func child(v any, s diag.Segment) (any, bool) {
	if s.Kind == diag.IndexSegment {
		list, _ := v.([]any)
		if s.Index < 0 || s.Index >= len(list) {
			return nil, false
		}
		return list[s.Index], true
	}
	m, _ := v.(map[string]any)
	next, ok := m[s.Name]
	return next, ok
}

// step returns what became a child of a value in another tree, and its segment there.
func step(then, is, next any, s diag.Segment) (any, diag.Segment, bool) {
	if s.Kind != diag.IndexSegment {
		found, ok := child(then, s)
		return found, s, ok
	}
	list, _ := then.([]any)
	now, _ := is.([]any)
	i := matching(list, now[:s.Index], next)
	if i < 0 && len(list) == len(now) && get(next, "name") == nil && get(list[s.Index], "name") == nil {
		i = s.Index // items without names, of which one has changed
	}
	if i < 0 {
		return nil, s, false
	}
	s.Index = i
	return list[i], s, true
}

func isTree(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return v == nil
}

// match is how the indexes in a pointer are compared with those of the rendered object,
// since later operations may have moved items.
type match int

const (
	exactly match = iota
	anywhere
)

// wrote reports whether a change wrote the value that is at a path, and where it is in the
// document of the change.
func (ch *change) wrote(c *Comparison, v value, how match) (diag.Path, bool) {
	switch ch.kind {
	case replacement:
		return ch.at, how == exactly && ch.covers(c, v)
	case field:
		return ch.at, how == exactly && ch.covers(c, v) && ch.written(v.is)
	case generated:
		return ch.generates(v), how == exactly
	}
	path, there, depth, ok := ch.align(c, v, how)
	return path, ok && depth == len(v.segments) && equal(v.is, there)
}

// touches reports whether a change writes at a path, although not what is there in the end.
func (ch *change) touches(c *Comparison, v value) (diag.Path, bool) {
	switch ch.kind {
	case merge, operation:
	default:
		return diag.Path{}, false
	}
	if path, ok := ch.removes(c, v); ok && isEmpty(v.is) {
		return path, true
	}
	path, _, depth, ok := ch.align(c, v, anywhere)
	return path, ok && depth == len(v.segments)
}

// align follows a path in the value of a patch as far as it exists there.
func (ch *change) align(c *Comparison, v value, how match) (path diag.Path, there any, depth int, ok bool) {
	is := c.is
	for i, part := range ch.pointer {
		if i >= len(v.segments) || !part.is(is, v.segments[i], how) {
			return path, nil, i, false
		}
		is, _ = child(is, v.segments[i])
		if last := i == len(ch.pointer)-1; last && v.segments[i].Kind == diag.IndexSegment && ch.hasValue && !same(is, ch.tree) {
			return path, nil, i, false
		}
	}
	if !ch.hasValue {
		// A copy, whose value is not in the patch. What is in it was not looked for.
		return ch.at, nil, len(v.segments), ch.kind == operation && ch.op != "remove" && ch.op != "test"
	}
	path, there, depth = ch.at, ch.tree, len(ch.pointer)
	for _, s := range v.segments[depth:] {
		next, _ := child(is, s)
		found, segment, exists := step(there, is, next, s)
		if !exists {
			break
		}
		path, there, is, depth = path.Append(segment), found, next, depth+1
	}
	return path, there, depth, true
}

// removes reports whether a change removes what should be behind a path, or something in
// what is there, and where it says so.
func (ch *change) removes(c *Comparison, v value) (diag.Path, bool) {
	if ch.kind == merge {
		path, there, depth, ok := ch.align(c, v, anywhere)
		if !ok || depth < len(v.segments) || len(v.rest) == 0 {
			return path, false
		}
		gone, exists := child(there, v.rest[0])
		return path.Append(v.rest[0]), exists && gone == nil || get(gone, "$patch") == "delete"
	}
	pointer := ch.pointer
	switch ch.op { // of an operation
	case "remove":
	case "move":
		pointer = ch.from
	default:
		return ch.at, false
	}
	if len(pointer) <= len(v.segments) || len(v.rest) > 0 && !pointer[len(v.segments)].isName(v.rest[0]) {
		return ch.at, false
	}
	return ch.at, leads(pointer[:len(v.segments)], c.is, v.segments)
}

// covers reports whether the pointer of a change leads to a path or to what contains it.
func (ch *change) covers(c *Comparison, v value) bool {
	return len(ch.pointer) <= len(v.segments) && leads(ch.pointer, c.is, v.segments[:len(ch.pointer)])
}

// leads reports whether a pointer may mean a path in a tree, perhaps before items were moved.
func leads(pointer []part, in any, path []diag.Segment) bool {
	for i, s := range path {
		if !pointer[i].is(in, s, anywhere) {
			return false
		}
		in, _ = child(in, s)
	}
	return true
}

// part is a part of a pointer of a JSON patch, or of a field path of a replacement.
type part struct {
	text       string
	key, value string // of [key=value]
}

// is reports whether a part means a segment of a path, of a value in which it is.
func (p part) is(in any, s diag.Segment, how match) bool {
	if p.text == "*" {
		return true
	}
	if s.Kind != diag.IndexSegment {
		return p.text == s.Name
	}
	if p.key != "" {
		item, _ := child(in, s)
		return textAt(item, p.key) == p.value
	}
	list, _ := in.([]any)
	if p.text == "-" {
		return how == anywhere || s.Index == len(list)-1
	}
	i, err := strconv.Atoi(p.text)
	return err == nil && (how == anywhere || i == s.Index)
}

func (p part) isName(s diag.Segment) bool { return s.Kind != diag.IndexSegment && p.text == s.Name }
