package yamlread

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// PipelinesAsCode is the prefix of the annotations of Pipelines-as-Code. It replaces
// {{ name }} in a file, but first reads the file as YAML.
const PipelinesAsCode = "pipelinesascode.tekton.dev/"

// placeholder matches a {{ name }}, start what precedes the value on a line, and
// blockScalar a line that begins a scalar of several lines.
var (
	placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\{\{ *[A-Za-z_][^{}"'\n]*\}\}`) })
	start       = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[ ]*(?:- +)*(?:[^\s"'#{}\[\]:\-][^"'{}:]*:[ \t]+)?`)
	})
	blockScalar = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[ ]*(?:- +)*(?:[^"'{}]*:[ \t]+|- +)(?:[&!][^ ]+ +)*[|>][-+0-9]*[ \t]*(?:#.*)?$`)
	})
)

// unquoted is a {{ name }} at the beginning of a value that is not quoted, or anywhere in a
// list or a map in brackets: YAML reads a map there. Whole is the end of the value.
type unquoted struct{ from, to, whole int }

// unquotedIn finds the values of a text that YAML cannot read because of a {{ name }}.
func unquotedIn(text string) []unquoted {
	var found []unquoted
	offset, block, depth := 0, -1, 0
	for line := range strings.Lines(text) {
		content := strings.TrimRight(line, "\r\n")
		indent := len(content) - len(strings.TrimLeft(content, " "))
		switch {
		case block >= 0 && (indent > block || strings.TrimSpace(content) == ""):
		case depth > 0:
			found, depth = flow(found, content, offset, 0, depth)
		case blockScalar().MatchString(content):
			block = indent
		default:
			block = -1
			at := len(start().FindString(content))
			if m := placeholder().FindString(content[at:]); m != "" && at > indent {
				found = append(found, unquoted{offset + at, offset + at + len(m), offset + scalarEnd(content, at+len(m), "")})
			} else if m == "" && at < len(content) && (content[at] == '[' || content[at] == '{') {
				found, depth = flow(found, content, offset, at, 0)
			}
		}
		offset += len(line)
	}
	return found
}

// flow finds those in the rest of a line that is inside brackets. It returns the
// depth of the brackets at its end.
func flow(found []unquoted, line string, offset, at, depth int) ([]unquoted, int) {
	for quote := byte(0); at < len(line); at++ {
		c := line[at]
		switch {
		case quote != 0:
			if c == '\\' && quote == '"' {
				at++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#' && at > 0 && line[at-1] == ' ':
			return found, depth
		case c == '{':
			if m := placeholder().FindString(line[at:]); m != "" && depth > 0 {
				found = append(found, unquoted{offset + at, offset + at + len(m), offset + scalarEnd(line, at+len(m), ",]}")})
				at += len(m) - 1
				continue
			}
			depth++
		case c == '[':
			depth++
		case c == ']' || c == '}':
			if depth--; depth <= 0 {
				return found, 0
			}
		}
	}
	return found, depth
}

// scalarEnd returns the end of a value that is not quoted, behind a {{ name }} in it.
func scalarEnd(line string, at int, closing string) int {
	rest := line[at:]
	if i := strings.Index(rest, " #"); i >= 0 {
		rest = rest[:i]
	}
	if closing != "" {
		if i := strings.IndexAny(rest, closing); i >= 0 {
			rest = rest[:i]
		}
	}
	return at + len(strings.TrimRight(rest, " \t"))
}

// repair reads a document for Pipelines-as-Code again, with a word of the same length for
// each {{ name }} that is not quoted, so that the rest of it can be checked. It returns
// a problem for each of these values, unless Pipelines-as-Code does not look at the
// document before it replaces the variables: it only looks at the first one of a file. It
// returns other documents as they are.
func (t *templates) repair(s *space, d *Document) (problems []*Document, rest *Document) {
	if !t.expanded || d.Problem == nil || d.Problem.Trouble != Broken {
		return nil, d
	}
	text := []byte(d.text)
	found := unquotedIn(d.text)
	for _, b := range found {
		for i := b.from; i < b.to; i++ {
			text[i] = '_'
		}
		name := d.text[b.from:b.to]
		p := &Problem{Trouble: Broken, Message: name + " is not quoted: Pipelines-as-Code reads the file as YAML before it replaces " + name + ", and drops all files of the folder",
			Help: "quote it: \"" + d.text[b.from:b.whole] + "\""}
		p.Line, p.Column = d.file.position(d.start + b.from)
		problems = append(problems, &Document{extent: d.extent, Line: p.Line, Problem: p})
	}
	if problems == nil {
		return nil, d
	}
	if t.loads(d.file.text) {
		problems = nil
	}
	rest = &Document{extent: extent{d.file, string(text), d.start}, Line: d.Line}
	s.yaml(rest)
	if rest.Root != nil {
		restore(rest.Root, d.text, found)
	}
	return problems, rest
}

// loads reports whether Pipelines-as-Code can read a file before it replaces the variables.
func (t *templates) loads(text string) bool {
	if t.loaded == nil {
		ok := Loads(text) == nil
		t.loaded = &ok
	}
	return *t.loaded
}

// restore gives the values that begin with a {{ name }} their text back.
func restore(n *Node, text string, found []unquoted) {
	if n.Kind == String {
		i, ok := slices.BinarySearchFunc(found, int(n.Mark), func(b unquoted, at int) int { return cmp.Compare(b.from, at) })
		if ok && len(n.Text) >= found[i].to-found[i].from {
			b := found[i]
			n.Text = text[b.from:b.to] + n.Text[b.to-b.from:]
		}
		return
	}
	if n.shared {
		return // an anchor: its text stays as it was read
	}
	for _, item := range n.Items {
		restore(item, text, found)
	}
}
