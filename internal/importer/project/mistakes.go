package project

import (
	"context"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Mistake is an error of the YAML itself, which the Go describes as it is.
type Mistake struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Code    string `json:"code"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Message string `json:"message"`
	Help    string `json:"help"`
}

// String returns the mistake with its position, and what to do about it.
func (m Mistake) String() string {
	return withHelp(diag.Position{File: m.File, Line: m.Line, Column: m.Column}.String()+": "+m.Code+": "+m.Message, m.Help)
}

// withHelp returns a message with what to do, if there is something.
func withHelp(message, help string) string {
	if help == "" {
		return message
	}
	return message + "; " + help
}

// Mistakes returns the errors that the rules find in the YAML: the objects of each package are
// checked together.
func (s *Sources) Mistakes(ctx context.Context) ([]Mistake, error) {
	out := []Mistake{}
	seen := map[Mistake]bool{}
	for _, part := range packages(s.Documents) {
		var objects []object.Object
		known := map[string]bool{}
		for _, d := range part.documents {
			if id := identity(d); !known[id] { // the package has only the first one
				known[id] = true
				objects = append(objects, d.Object)
			}
		}
		found, err := check.Run(ctx, objects, check.Profile{})
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			m := Mistake{
				f.Position.File, f.Position.Line, f.Position.Column, f.Code, f.Object.Kind, f.Object.Name,
				s.Secret.Hide(f.Message), s.Secret.Hide(f.Help),
			}
			if f.Severity == diag.Error && !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
		}
	}
	return out, nil
}
