package yamlread

import (
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// maxReplaced is the length of a text in which parts are replaced: each finding looks through it.
const maxReplaced = 64 << 10

// Replace returns the edits that replace each occurrence of a part of the text at a path; the
// whole text if the part is "". It returns false if the new text would need other quotes,
// something else has the same text through an alias, or the text is very long.
func (o *Outline) Replace(path diag.Path, part, text string) ([]diag.Edit, bool) {
	at := o.locate(path)
	if at.missing || at.value.kind != String || part == text {
		return nil, false
	}
	e := at.value
	begin := o.begin(e.mark)
	value := o.word(e.mark, e.text)
	if begin != int(e.mark) || value == "" || len(value) > maxReplaced {
		return nil, false
	}
	if part == "" || part == value && !fitsIn(e.style, part, text, false) {
		end := o.end(at.number, begin)
		if end < 0 || strings.ContainsAny(o.text[begin:end], "\r\n") || !isWord(text) {
			return nil, false
		}
		if e.style != plain {
			begin, end = begin+1, end-1
		}
		return []diag.Edit{o.edit(begin, end, text)}, o.text[begin:end] == value
	}
	if !fitsIn(e.style, part, text, o.inBlock(path)) || e.style == plain && !isPlain(value, part, text) {
		return nil, false
	}
	scan, done := o.scan(at.number, begin)
	defer done()
	var edits []diag.Edit
	for from := 0; ; {
		i := strings.Index(value[from:], part)
		if i < 0 {
			break
		}
		i += from
		start, ok := scan.sourceOf(i)
		if !ok || !strings.HasPrefix(o.text[start:], part) {
			return nil, false
		}
		edits = append(edits, o.edit(start, start+len(part), text))
		from = i + len(part)
	}
	return edits, len(edits) > 0
}

// ReplaceAt is like [Outline.Replace] for the part at one offset of the text.
func (o *Outline) ReplaceAt(path diag.Path, offset int, part, text string) ([]diag.Edit, bool) {
	at := o.locate(path)
	if at.missing || at.value.kind != String || part == "" || offset < 0 {
		return nil, false
	}
	e := at.value
	begin := o.begin(e.mark)
	value := o.word(e.mark, e.text)
	if begin != int(e.mark) || len(value) > maxReplaced || offset > len(value) || !strings.HasPrefix(value[offset:], part) || !fitsIn(e.style, part, text, o.inBlock(path)) ||
		e.style == plain && len(value) <= 1<<10 && !isText(value[:offset]+text+value[offset+len(part):]) {
		return nil, false
	}
	scan, done := o.scan(at.number, begin)
	defer done()
	start, ok := scan.sourceOf(offset)
	if !ok || !strings.HasPrefix(o.text[start:], part) {
		return nil, false
	}
	return []diag.Edit{o.edit(start, start+len(part), text)}, true
}

// isPlain reports whether a text stays a string without quotes when parts of it are
// replaced. What looks like a number or a time is short.
func isPlain(value, part, text string) bool {
	return len(value) > 1<<10 || isText(strings.ReplaceAll(value, part, text))
}

// isText reports whether a text is a string without quotes.
func isText(text string) bool {
	s, err := resolve("", text, false)
	return err == nil && s.kind == String
}

// Nest returns the edit that moves a field of a block map, with a scalar on its line, into a
// new map with the name above, and gives it another name there.
func (o *Outline) Nest(path diag.Path, above, name string) ([]diag.Edit, bool) {
	at := o.locate(path)
	if at.missing || at.key == nil || at.value.kind == Map || at.value.kind == List || o.anchors || path.IsRoot() {
		return nil, false
	}
	parent := o.locate(path.Parent())
	if parent.value.style != block || o.item(parent.number, diag.Segment{Name: above}) >= 0 {
		return nil, false
	}
	key := int(at.key.keyMark)
	_, ok := o.lineStart(key)
	renamed, plainKey := o.RenameKey(Key{Name: o.word(at.key.keyMark, at.key.key), Mark: at.key.keyMark}, name)
	end := o.end(at.number, o.begin(at.value.mark))
	if !ok || !plainKey || renamed.Start != o.start+key || end < 0 || strings.ContainsAny(o.text[key:end], "\r\n") {
		return nil, false
	}
	indent, _ := o.column(key)
	renamed.New = above + ":" + o.lineBreakBelow(key) + indent + "  " + name
	return []diag.Edit{renamed}, true
}

// inBlock reports whether the value at a path is in a map or a list that is not written in
// braces or brackets.
func (o *Outline) inBlock(path diag.Path) bool {
	return !path.IsRoot() && o.locate(path.Parent()).value.style == block
}

// fitsIn reports whether a text can replace another one in a scalar of the style, as far as
// quotes and escapes are concerned.
func fitsIn(how style, old, text string, inBlock bool) bool {
	if text == "" || strings.ContainsAny(text, "\r\n\t") {
		return false
	}
	if how == literal || how == folded {
		return true
	}
	for i, r := range text {
		braces := (r == '{' || r == '}') && i > 0 && (how != plain || inBlock)
		if !isWord("a"+string(r)) && !strings.ContainsRune(old, r) && !braces {
			return false
		}
	}
	return !strings.ContainsAny(text, `"'\`)
}

// Field is a field of a map to insert. Its value is a string, a list of strings, or a list of
// maps of strings.
type Field struct {
	Name string
	Text string
	List []string
	Maps []([][2]string) // items of a list, with their keys and values
}

// Insert returns the edit that adds a field to the map at a path, behind the first of the
// given fields that the map has, or else before all others. If the field is a list that
// exists already, the item is added at its beginning. It returns false if the map has
// the field otherwise, or a document with anchors may use the map elsewhere.
func (o *Outline) Insert(path diag.Path, f Field, behind ...string) ([]diag.Edit, bool) {
	at := o.locate(path)
	if at.missing || at.value.kind != Map || o.anchors {
		return nil, false
	}
	if i := o.item(at.number, diag.Segment{Name: f.Name}); i >= 0 {
		return o.prepend(i, f)
	}
	for _, name := range behind {
		if i := o.item(at.number, diag.Segment{Name: name}); i >= 0 {
			if edits, ok := o.insertBehind(at, i, f); ok {
				return edits, true
			}
		}
	}
	first := at.number + 1
	if first >= int(at.value.next) {
		return nil, false
	}
	begin := int(o.entries[first].keyMark)
	if begin != o.begin(o.entries[first].keyMark) {
		return nil, false
	}
	if at.value.style != block {
		return []diag.Edit{o.edit(begin, begin, f.flow(o.text[begin] == '"')+", ")}, true
	}
	indent, ok := o.column(begin)
	if !ok {
		return nil, false
	}
	line := o.lineBreakBelow(begin)
	if above := o.aboveComments(begin); above < begin {
		return []diag.Edit{o.edit(above, above, indent+strings.Join(f.lines(), line+indent)+line)}, true
	}
	return []diag.Edit{o.edit(begin, begin, strings.Join(f.lines(), line+indent)+line+indent)}, true
}

// insertBehind inserts a field behind another one of the map, whose value is a scalar.
func (o *Outline) insertBehind(at spot, sibling int, f Field) ([]diag.Edit, bool) {
	e := &o.entries[sibling]
	begin := o.begin(e.mark)
	end := o.end(sibling, begin)
	if e.alias || end < 0 || int(e.keyMark) > begin || strings.ContainsAny(o.text[begin:end], "\r\n") {
		return nil, false
	}
	if at.value.style != block {
		return []diag.Edit{o.edit(end, end, ", "+f.flow(o.text[e.keyMark] == '"'))}, true
	}
	stop := end
	for stop < len(o.text) && lineBreak(o.text[stop:]) == 0 {
		stop++
	}
	if rest := strings.TrimLeft(o.text[end:stop], " \t"); rest != "" && rest[0] != '#' {
		return nil, false
	}
	indent, ok := o.column(int(e.keyMark))
	if !ok {
		return nil, false
	}
	line := o.lineBreakBelow(end)
	return []diag.Edit{o.edit(stop, stop, line+indent+strings.Join(f.lines(), line+indent))}, true
}

// prepend adds the item of a list to one that exists.
func (o *Outline) prepend(list int, f Field) ([]diag.Edit, bool) {
	e := &o.entries[list]
	begin := int(e.mark)
	if e.kind != List || e.alias || f.Text != "" || int(e.next) == list+1 || begin != o.begin(e.mark) {
		return nil, false
	}
	if e.style != block {
		if o.text[begin] != '[' {
			return nil, false
		}
		return []diag.Edit{o.edit(begin+1, begin+1, f.flowItem(strings.HasPrefix(o.text[o.entries[list].keyMark:], `"`))+", ")}, true
	}
	indent, ok := o.column(begin)
	if !ok || o.text[begin] != '-' {
		return nil, false
	}
	line := o.lineBreakBelow(begin)
	return []diag.Edit{o.edit(begin, begin, strings.Join(f.items(""), line+indent)+line+indent)}, true
}

// Remove returns the edit that removes a field whose value is a scalar from a block map, with
// its line. If the map has no other, that goes, too. It returns false if it cannot be done.
func (o *Outline) Remove(path diag.Path) ([]diag.Edit, bool) {
	at := o.locate(path)
	if at.missing || at.key == nil || at.key.alias || path.IsRoot() || o.anchors || at.value.kind == Map || at.value.kind == List {
		return nil, false
	}
	parent := o.locate(path.Parent())
	begin := int(at.key.keyMark)
	valueAt := o.begin(at.value.mark)
	end := o.end(at.number, valueAt)
	if end < 0 || strings.ContainsAny(o.text[begin:end], "\r\n") {
		return nil, false
	}
	last := int(parent.value.next) == at.number+1
	only := last && parent.number+1 == at.number
	if parent.value.style != block {
		switch rest := o.text[end:]; {
		case only:
		case last: // with the comma before it
			before := strings.TrimRight(o.text[:begin], " \t\r\n")
			if !strings.HasSuffix(before, ",") {
				return nil, false
			}
			begin = len(before) - 1
		default:
			after := strings.TrimLeft(rest, " \t")
			if !strings.HasPrefix(after, ",") {
				return nil, false
			}
			after = strings.TrimLeft(after[1:], " \t")
			end = len(o.text) - len(after)
		}
		return []diag.Edit{o.edit(begin, end, "")}, true
	}
	start, ok := o.lineStart(begin)
	if !ok {
		return nil, false
	}
	stop := lineEnd(o.text, end)
	if rest := strings.TrimSpace(o.text[end:stop]); rest != "" && rest[0] != '#' {
		return nil, false
	}
	if only {
		if parent.key == nil {
			return nil, false
		}
		key := int(parent.key.keyMark)
		above, ok := o.lineStart(key)
		// Nothing but the key and a comment may be between.
		_, between, _ := strings.Cut(o.text[key:start], ":")
		if skipBlank(between, 0) != len(between) || !ok || strings.Contains(between, "#") {
			return nil, false
		}
		start = above
	}
	return []diag.Edit{o.edit(start, stop, "")}, true
}

// Rename returns the edit that gives the key at the end of a path another name. See
// [extent.RenameKey].
func (o *Outline) Rename(path diag.Path, name string) ([]diag.Edit, bool) {
	at := o.locate(path)
	if at.missing || at.key == nil {
		return nil, false
	}
	e, ok := o.RenameKey(Key{Name: o.word(at.key.keyMark, at.key.key), Mark: at.key.keyMark}, name)
	return []diag.Edit{e}, ok
}

// column returns as many spaces as there are characters before an offset in its line, if
// they are spaces, "- " and "? " alone.
func (d extent) column(at int) (indent string, ok bool) {
	line := d.text[lineOfOffset(d.text, at):at]
	return strings.Repeat(" ", len(line)), strings.Trim(line, " -") == ""
}

// aboveComments returns the beginning of the comments directly above the line of an offset;
// the offset if there are none, or if something else is before it in its line.
func (d extent) aboveComments(at int) int {
	start, ok := d.lineStart(at)
	if !ok {
		return at
	}
	above := start
	for above > 0 {
		before := lineOfOffset(d.text, above-1)
		if !strings.HasPrefix(strings.TrimLeft(d.text[before:above], " "), "#") {
			break
		}
		above = before
	}
	if above == start {
		return at
	}
	return above
}

// lineStart returns the beginning of the line of an offset; false if something is before it.
func (d extent) lineStart(at int) (start int, ok bool) {
	start = lineOfOffset(d.text, at)
	return start, strings.Trim(d.text[start:at], " ") == ""
}

func lineOfOffset(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

// lineBreakBelow returns the line break at the end of the line of an offset.
func (d extent) lineBreakBelow(at int) string {
	if end := strings.IndexByte(d.text[at:], '\n'); end > 0 && d.text[at+end-1] == '\r' {
		return "\r\n"
	} else if end < 0 && strings.Contains(d.text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// lines returns the lines of the field in block style.
func (f Field) lines() []string {
	if f.Text != "" {
		return []string{f.Name + ": " + scalarOf(f.Text)}
	}
	return append([]string{f.Name + ":"}, f.items("  ")...)
}

// items returns the lines of the items of the list.
func (f Field) items(indent string) []string {
	var out []string
	for _, item := range f.List {
		out = append(out, indent+"- "+scalarOf(item))
	}
	for _, fields := range f.Maps {
		for i, kv := range fields {
			lead := "  "
			if i == 0 {
				lead = "- "
			}
			out = append(out, indent+lead+kv[0]+": "+scalarOf(kv[1]))
		}
	}
	return out
}

// flow returns the field in flow style, as in JSON if all keys are in quotes.
func (f Field) flow(json bool) string {
	if f.Text != "" {
		return flowScalar(f.Name, json) + ": " + flowScalar(f.Text, json)
	}
	return flowScalar(f.Name, json) + ": [" + f.flowItem(json) + "]"
}

// flowItem returns the items of the list in flow style.
func (f Field) flowItem(json bool) string {
	var out []string
	for _, item := range f.List {
		out = append(out, flowScalar(item, json))
	}
	for _, fields := range f.Maps {
		var pairs []string
		for _, kv := range fields {
			pairs = append(pairs, flowScalar(kv[0], json)+": "+flowScalar(kv[1], json))
		}
		out = append(out, "{"+strings.Join(pairs, ", ")+"}")
	}
	return strings.Join(out, ", ")
}

// flowScalar returns a text as a scalar in flow style.
func flowScalar(text string, json bool) string {
	if !json && isWord(text) {
		return text
	}
	return strconv.Quote(text)
}

// scalarOf returns a text as a scalar in block style, without quotes if it needs none.
func scalarOf(text string) string {
	if isWord(text) || strings.HasPrefix(text, "$(") && strings.HasSuffix(text, ")") && isWord("a"+strings.NewReplacer("[", "", "]", "", "*", "").Replace(text[2:len(text)-1])) {
		return text
	}
	return strconv.Quote(text)
}
