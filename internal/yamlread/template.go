package yamlread

import "strings"

// templates reports a template once per file: it is not valid YAML before it has
// been rendered, and each of its documents would be reported.
type templates struct {
	found bool
	// expanded reports whether the file is for Pipelines-as-Code, which replaces
	// {{ }} itself.
	expanded bool
	loaded   *bool // whether Pipelines-as-Code can read the file; nil if not known yet
}

// pass returns the document; for the first template the problem of the file, and
// for others nil.
func (t *templates) pass(d *Document) *Document {
	at := -1
	if d.Root == nil && d.Problem != nil && d.Problem.Trouble == Broken {
		at = action(d.text)
	} else if d.Root != nil && !t.expanded && rendersName(d.Root) {
		at = strings.Index(d.text, "{{")
	}
	switch {
	case at < 0:
		return d
	case t.found:
		return nil
	}
	t.found = true
	p := &Problem{Trouble: Template, Message: "the file is a template that has to be rendered before it can be checked",
		Help: "render it, for example with helm template, and check the output"}
	p.Line, p.Column = d.file.position(d.start + at)
	return &Document{extent: d.extent, Line: p.Line, Problem: p}
}

// action returns the offset of the first {{ at the beginning of a line, a key or a
// value; -1 if there is none. Inside quotes or scripts, {{ does not make a file a
// template.
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

// rendersName reports whether the kind or name of an object is a template, possibly
// quoted: names do not contain braces.
func rendersName(root *Node) bool {
	for _, n := range []*Node{root.Get("kind"), root.Get("apiVersion"), root.Get("metadata").Get("name"),
		root.Get("metadata").Get("generateName"), root.Get("metadata").Get("namespace")} {
		if n != nil && n.Kind == String && strings.Contains(n.Text, "{{") {
			return true
		}
	}
	return false
}
