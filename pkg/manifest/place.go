package manifest

import (
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// source is where an object was read from.
type source struct {
	name    string
	outline *yamlread.Outline
	lost    []diag.Path // paths of values that could not be read
}

// reading is an object that is being read. The nodes are gone when it is over:
// they take far more memory than the outline.
type reading struct {
	source
	ref  diag.ObjectRef
	doc  *yamlread.Document
	root *yamlread.Node
}

// object ties an object to its place in the file.
func (s *source) object(o runtime.Object) object.Object {
	return object.Object{Object: o, Locate: s.locate, Adjust: s.adjust}
}

// locate is the position of the value at a path, or of the part of it that is
// meant, or of its key. A text that holds the name of its own field is taken for
// the value.
func (s *source) locate(path diag.Path, excerpt string) diag.Position {
	if excerpt != "" {
		if path.Last().Kind == diag.FieldSegment {
			if at, ok := s.outline.Part(path, excerpt); ok {
				return s.at(at)
			}
		}
		if at, ok := s.outline.KeyPlace(path, excerpt); ok {
			return s.at(at)
		}
		if at, ok := s.outline.Part(path, excerpt); ok {
			return s.at(at)
		}
	}
	return s.at(s.outline.Place(path))
}

// at is a position of the document with the file.
func (s *source) at(p diag.Position) diag.Position {
	p.File = s.name
	return p
}

// adjust drops what follows from a value that could not be read, which is
// reported already.
func (s *source) adjust(f diag.Finding) (diag.Finding, bool) {
	return f, !slices.ContainsFunc(s.lost, f.Path.HasPrefix)
}

// finding is an error at a mark.
func (s *reading) finding(code string, path diag.Path, mark yamlread.Mark, message, help string) diag.Finding {
	return diag.Finding{Code: code, Severity: diag.Error, Object: s.ref, Path: path, Position: s.at(s.doc.Position(mark)), Message: message, Help: help}
}

// unknownKind reports an object of a kind that no cluster has.
func (s *reading) unknownKind(g *kinds.Guess) diag.Finding {
	path, written := diag.Fields("kind"), s.ref.Kind
	message := s.ref.APIVersion + " has no kind " + strconv.Quote(s.ref.Kind)
	help := ""
	switch {
	case g.Kind == "":
	case g.Kind == s.ref.Kind:
		path, written = diag.Fields("apiVersion"), s.ref.APIVersion
		message = "there is no " + s.ref.Kind + " of " + strconv.Quote(s.ref.APIVersion)
		help = "did you mean apiVersion: " + g.APIVersion + "?"
	case g.APIVersion == s.ref.APIVersion:
		help = "did you mean kind: " + g.Kind + "?"
	default:
		help = "did you mean kind: " + g.Kind + ", with apiVersion: " + g.APIVersion + "?"
	}
	return diag.Finding{Code: "kind-unknown", Severity: diag.Error, Object: s.ref, Path: path, Position: s.at(s.doc.Outline(s.root).Place(path)),
		Message: message, Help: help, Subject: written}
}
