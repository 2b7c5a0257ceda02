package manifest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// hole matches a placeholder that another tool replaces before the file is applied:
// ${NAME}, $NAME, <name>, @NAME@, %NAME%, __NAME__, ((name)) and \ .Name //. Not one of
// them can be a part of a name, an image, a number or a duration.
var hole = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*(?:[:?+=#%/^,-][^}]*)?\}` +
		`|\$[A-Z_][A-Z0-9_]*` +
		`|<[A-Za-z][A-Za-z0-9 _.:/'-]*>` +
		`|@[A-Za-z][A-Za-z0-9_.-]*@` +
		`|%[A-Z][A-Z0-9_]*%` +
		`|__[A-Z][A-Z0-9_]*__` +
		`|\(\([A-Za-z][A-Za-z0-9_.-]*\)\)` +
		`|\\ ?\.[A-Za-z][A-Za-z0-9_.]* ?//`)
})

// hasHole reports whether a value contains a placeholder, so that it is not known. A text
// with blanks, such as a script in the wrong field, is no name with a placeholder.
func hasHole(s string) bool {
	if !mayHaveHole(s) || !hole().MatchString(s) {
		return false
	}
	return !strings.ContainsAny(strings.TrimSpace(hole().ReplaceAllString(s, "")), " \t\n")
}

// mayHaveHole reports whether a text has the first two characters of a placeholder. Most
// texts have none, and a variable of Tekton is none.
func mayHaveHole(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		switch next := s[i+1]; s[i] {
		case '$':
			if next == '{' || next == '_' || isUpper(next) {
				return true
			}
		case '<', '@':
			if isUpper(next &^ 0x20) {
				return true
			}
		case '%':
			if isUpper(next) {
				return true
			}
		case '_', '(':
			if next == s[i] {
				return true
			}
		case '\\':
			if next == ' ' || next == '.' {
				return true
			}
		}
	}
	return false
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// holes are the values of a document that are not known, by [route].
type holes map[string]bool

// holesIn returns the values below a node that have a placeholder. In scripts and in
// the words of a command, the same notations are those of a shell.
func holesIn(root *yamlread.Node) holes {
	var found holes
	var walk func(n *yamlread.Node, at []string)
	walk = func(n *yamlread.Node, at []string) {
		switch n.Kind {
		case yamlread.String:
			if hasHole(n.Text) {
				if found == nil {
					found = holes{}
				}
				found[strings.Join(at, "\x00")] = true
			}
		case yamlread.List:
			for i, item := range n.Items {
				walk(item, append(at, strconv.Itoa(i)))
			}
		case yamlread.Map:
			for i, item := range n.Items {
				switch name := n.Keys[i].Name; name {
				case "script", "command", "args", "data", "stringData":
					if item.Kind != yamlread.Map { // a step, not the data of a Secret
						continue
					}
					fallthrough
				default:
					walk(item, append(at, name))
				}
			}
		}
	}
	walk(root, nil)
	return found
}

// has reports whether a finding is about the value with a placeholder, and says what the
// value is. A finding about a variable of Tekton in it stays.
func (h holes) has(f diag.Finding) bool {
	if len(h) == 0 || !h[route(f.Path)] {
		return false
	}
	return !strings.HasPrefix(f.Code, "variable-") && !strings.HasPrefix(f.Code, "untrusted-") && !strings.HasPrefix(f.Code, "secret-") &&
		f.Code != "field-unknown" && f.Code != "key-duplicate" && !strings.Contains(f.Message, "$(")
}

// route is a path without the kinds of its segments.
func route(p diag.Path) string {
	segments := p.Segments()
	parts := make([]string, 0, len(segments))
	for _, s := range segments {
		if s.Kind == diag.IndexSegment {
			parts = append(parts, strconv.Itoa(s.Index))
		} else {
			parts = append(parts, s.Name)
		}
	}
	return strings.Join(slices.Clip(parts), "\x00")
}
