package yamlread

import "strings"

// templates makes one problem of a file that is a template: it is no YAML before
// it has been rendered, and each of its documents would say so.
type templates struct{ found bool }

// pass returns the document, or in place of the first template the problem of
// the file, or nil.
func (t *templates) pass(d *Document) *Document {
	at := -1
	if d.Root == nil && d.Problem != nil && d.Problem.Trouble == Broken {
		at = action(d.text)
	} else if d.Root != nil && rendersName(d.Root) {
		at = strings.Index(d.text, "{{")
	}
	switch {
	case at < 0:
		return d
	case t.found:
		return nil
	}
	t.found = true
	p := &Problem{Trouble: Template, Message: "the file is a template, and no YAML before it is rendered",
		Help: "render it first (helm template), then check what comes out"}
	p.Line, p.Column = d.file.position(d.start + at)
	return &Document{extent: d.extent, Line: p.Line, Problem: p}
}

// action finds the first line with a {{ where YAML has a value, a key or the
// beginning of a line; -1 if there is none. A {{ in a quote or in a script is
// nobody's template.
func action(text string) int {
	offset := 0
	for line := range strings.Lines(text) {
		content := strings.TrimLeft(line, " \t")
		for strings.HasPrefix(content, "- ") {
			content = strings.TrimLeft(content[2:], " ")
		}
		if !strings.HasPrefix(content, "#") {
			if strings.HasPrefix(content, "{{") {
				return offset + len(line) - len(content)
			}
			if key, value, ok := strings.Cut(content, ": "); ok && !strings.ContainsAny(key, `"'`) {
				value = strings.TrimLeft(value, " ")
				if i := strings.Index(value, "{{"); i >= 0 && !strings.HasPrefix(value, `"`) && !strings.HasPrefix(value, "'") {
					return offset + len(line) - len(value) + i
				}
			}
		}
		offset += len(line)
	}
	return -1
}

// rendersName tells an object that is named by a template, quoted as it may be:
// no name holds a brace.
func rendersName(root *Node) bool {
	for _, n := range []*Node{root.Get("kind"), root.Get("apiVersion"), root.Get("metadata").Get("name"),
		root.Get("metadata").Get("generateName"), root.Get("metadata").Get("namespace")} {
		if n != nil && n.Kind == String && strings.Contains(n.Text, "{{") {
			return true
		}
	}
	return false
}
