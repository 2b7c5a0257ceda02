package manifest

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlsrc"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// source is where an object was read from.
type source struct {
	name string
	doc  *yamlsrc.Document
	root *yamlsrc.Node
	ref  diag.ObjectRef
	lost []string // paths of values that could not be read
}

// object ties an object to its place in the file.
func (s *source) object(o runtime.Object) object.Object {
	return object.Object{Object: o, Place: s.place, Adjust: s.adjust}
}

// place is the "file:line:column" of the value at a path.
func (s *source) place(path string) string {
	line, column := s.doc.Place(s.root, path)
	return s.at(line, column)
}

func (s *source) at(line, column int) string {
	return s.name + ":" + strconv.Itoa(line) + ":" + strconv.Itoa(column)
}

// adjust points at the very part of a text that a finding is about. What
// follows from a value that could not be read has been told already.
func (s *source) adjust(f diag.Finding) (diag.Finding, bool) {
	for _, lost := range s.lost {
		if rest, ok := strings.CutPrefix(f.Path, lost); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return f, false
		}
	}
	if line, column, ok := s.excerpt(f); ok {
		f.Place = s.at(line, column)
	}
	return f, true
}

// excerpt is where the part of a value, or the key, stands that a finding is
// about. A text that holds the name of its own field is taken for the value.
func (s *source) excerpt(f diag.Finding) (line, column int, ok bool) {
	if f.Excerpt == "" {
		return 0, 0, false
	}
	if !strings.HasSuffix(f.Path, "]") {
		if line, column, ok = s.doc.Part(s.root, f.Path, f.Excerpt); ok {
			return line, column, true
		}
	}
	if line, column, ok = s.doc.KeyPlace(s.root, f.Path, f.Excerpt); ok {
		return line, column, true
	}
	return s.doc.Part(s.root, f.Path, f.Excerpt)
}

// finding is an error at a mark.
func (s *source) finding(code, path string, mark yamlsrc.Mark, message, help string) diag.Finding {
	line, column := s.doc.Position(mark)
	return diag.Finding{Code: code, Object: s.ref, Path: path, Place: s.at(line, column), Message: message, Help: help}
}

// unknownKind reports an object of a kind that no cluster has.
func (s *source) unknownKind(g *kinds.Guess) diag.Finding {
	path, written := "kind", s.ref.Kind
	message := s.ref.APIVersion + " has no kind " + strconv.Quote(s.ref.Kind)
	help := ""
	switch {
	case g.Kind == "":
	case g.Kind == s.ref.Kind:
		path, written = "apiVersion", s.ref.APIVersion
		message = "there is no " + s.ref.Kind + " of " + strconv.Quote(s.ref.APIVersion)
		help = "did you mean apiVersion: " + g.APIVersion + "?"
	case g.APIVersion == s.ref.APIVersion:
		help = "did you mean kind: " + g.Kind + "?"
	default:
		help = "did you mean kind: " + g.Kind + ", with apiVersion: " + g.APIVersion + "?"
	}
	line, column := s.doc.Place(s.root, path)
	return diag.Finding{Code: "kind-unknown", Object: s.ref, Path: path, Place: s.at(line, column),
		Message: message, Help: help, Subject: written}
}
