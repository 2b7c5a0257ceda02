package yamlread

import (
	"regexp"
	"strings"
	"sync"
)

// PipelinesAsCode is the prefix of the annotations of Pipelines-as-Code. It replaces
// {{ name }} in a file, but first reads the file as YAML.
const PipelinesAsCode = "pipelinesascode.tekton.dev/"

// placeholder matches a line whose value is a {{ name }} that is not quoted, and blockScalar
// one that begins a scalar of several lines.
var (
	placeholder = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[ ]*(?:- +)*(?:[^\s"'#{}:\-][^"'{}:]*:[ \t]+|- +)(\{\{ *[A-Za-z_][^{}"]*\}\})[ \t]*(?:#.*)?$`)
	})
	blockScalar = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[ ]*(?:- +)*(?:[^"'{}]*:[ \t]+|- +)(?:[&!][^ ]+ +)*[|>][-+0-9]*[ \t]*(?:#.*)?$`)
	})
)

// repair reads a document for Pipelines-as-Code again, with each value {{ name }} that is
// not quoted as the string "{ name }", so that the rest of it can be checked. It returns
// a problem for each of these values. It returns other documents as they are.
func (t *templates) repair(s *space, d *Document) (problems []*Document, rest *Document) {
	if !t.expanded || d.Problem == nil || d.Problem.Trouble != Broken {
		return nil, d
	}
	text := []byte(d.text)
	values := map[Mark]string{}
	offset, block := 0, -1
	for line := range strings.Lines(d.text) {
		content := strings.TrimRight(line, "\r\n")
		indent := len(content) - len(strings.TrimLeft(content, " "))
		if block >= 0 && (indent > block || strings.TrimSpace(content) == "") {
			offset += len(line)
			continue
		}
		block = -1
		if blockScalar().MatchString(content) {
			block = indent
		} else if m := placeholder().FindStringSubmatchIndex(content); m != nil {
			begin, end := m[2], m[3]
			text[offset+begin], text[offset+end-1] = '"', '"'
			value := content[begin:end]
			values[Mark(offset+begin)] = value
			p := &Problem{Trouble: Broken, Message: value + " is not quoted: Pipelines-as-Code reads the file as YAML before it replaces " + value + ", and fails",
				Help: "quote it: \"" + value + "\""}
			p.Line, p.Column = d.file.position(d.start + offset + begin)
			problems = append(problems, &Document{extent: d.extent, Line: p.Line, Problem: p})
		}
		offset += len(line)
	}
	if problems == nil {
		return nil, d
	}
	rest = &Document{extent: extent{d.file, string(text), d.start}, Line: d.Line}
	s.yaml(rest)
	if rest.Root != nil {
		restore(rest.Root, values)
	}
	return problems, rest
}

// restore gives the values at the marks their text back.
func restore(n *Node, values map[Mark]string) {
	if text, ok := values[n.Mark]; ok && n.Kind == String {
		n.Text = text
	}
	if n.shared && n.Kind != String {
		return // an anchor: its text stays as it was read
	}
	for _, item := range n.Items {
		restore(item, values)
	}
}
