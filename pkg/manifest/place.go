package manifest

import (
	"strconv"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// source is the document from which an object was read.
type source struct {
	name    string
	outline *yamlread.Outline
	lost    *lost
	holes   holes
}

// reading is an object while it is being read. The nodes are released afterwards,
// since they need far more memory than the outline.
type reading struct {
	source
	ref  diag.ObjectRef
	doc  *yamlread.Document
	root *yamlread.Node
}

// object returns an object with its positions in the file.
func (s *source) object(o runtime.Object) object.Object {
	return object.Object{Object: o, Locate: s.locate, Adjust: s.adjust, Edit: s.edit}
}

// locate returns the position of the value at a path, or of a part of it, or of its key.
func (s *source) locate(path diag.Path, excerpt string) diag.Position {
	return s.at(s.outline.Find(path, excerpt))
}

// at returns the position with the name of the file.
func (s *source) at(p diag.Position) diag.Position {
	p.File = s.name
	return p
}

// adjust drops findings on values that could not be read, which are already
// reported, and on those that are not known.
func (s *source) adjust(f diag.Finding) (diag.Finding, bool) {
	return f, !s.lost.has(f.Path) && !s.holes.has(f)
}

// finding returns an error at a mark.
func (s *reading) finding(code string, path diag.Path, mark yamlread.Mark, message, help string) diag.Finding {
	return diag.Finding{Code: code, Severity: diag.Error, Object: s.ref, Path: path, Position: s.at(s.doc.Position(mark)), Message: message, Help: help}
}

// unknownKind returns the finding for an object of an unknown kind.
func (s *reading) unknownKind(g *kinds.Guess) diag.Finding {
	path, written := diag.Fields("kind"), s.ref.Kind
	message := s.ref.APIVersion + " has no kind " + strconv.Quote(s.ref.Kind)
	help := ""
	switch {
	case g.Kind == "":
	case g.Kind == s.ref.Kind:
		path, written = diag.Fields("apiVersion"), s.ref.APIVersion
		help = "did you mean apiVersion: " + g.APIVersion + "?"
	case g.APIVersion == s.ref.APIVersion:
		help = "did you mean kind: " + g.Kind + "?"
	default:
		help = "did you mean kind: " + g.Kind + ", with apiVersion: " + g.APIVersion + "?"
	}
	outline := s.doc.Outline(s.root)
	return diag.Finding{Code: "kind-unknown", Severity: diag.Error, Object: s.ref, Path: path, Position: s.at(outline.Place(path)),
		Message: message, Help: help, Subject: written, Fixes: s.kindFix(outline, g)}
}
