package report

import (
	"io"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// jsonFinding is the JSON of a finding. All fields are always present; those that
// are not known are "" or 0.
type jsonFinding struct {
	Code      string        `json:"code"`
	Severity  diag.Severity `json:"severity"`
	File      string        `json:"file"`
	Line      int           `json:"line"`
	Column    int           `json:"column"`
	EndColumn int           `json:"endColumn"`
	Kind      string        `json:"kind"`
	Name      string        `json:"name"`
	Namespace string        `json:"namespace"`
	Path      string        `json:"path"`
	Message   string        `json:"message"`
	Help      string        `json:"help"`
	Excerpt   string        `json:"excerpt"`
	Related   []jsonRelated `json:"related"`
	Fixes     []jsonFix     `json:"fixes"`
}

// jsonFix is a fix.
type jsonFix struct {
	Message string     `json:"message"`
	Safe    bool       `json:"safe"`
	Edits   []jsonEdit `json:"edits"`
}

// jsonEdit is the replacement of some bytes of a file.
type jsonEdit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// jsonRelated is a related position.
type jsonRelated struct {
	Message   string `json:"message"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	Path      string `json:"path"`
}

// asJSON writes the findings as one array.
func asJSON(w io.Writer, l *lines, r Report, _ Style) error {
	finding := func(i int) any {
		f := r.Findings[i]
		s := l.span(f.Position, f.Excerpt, f.Path)
		f = l.masked(f)
		j := jsonFinding{
			Code: f.Code, Severity: f.Severity, File: s.file, Line: s.line, Column: s.column,
			Kind: f.Object.Kind, Name: f.Object.Name, Namespace: f.Object.Namespace, Path: f.Path.String(),
			Message: f.Message, Help: f.Help, Excerpt: l.excerpt(s, f.Excerpt), Related: make([]jsonRelated, len(f.Related)),
			Fixes: make([]jsonFix, len(f.Fixes)),
		}
		if s.column > 0 {
			j.EndColumn = s.column + s.width()
		}
		for k, o := range f.Related {
			j.Related[k] = jsonRelated{
				Message: o.Message, File: o.Position.File, Line: o.Position.Line, Column: o.Position.Column,
				Kind: o.Object.Kind, Name: o.Object.Name, Namespace: o.Object.Namespace, Path: o.Path.String(),
			}
		}
		for k, x := range f.Fixes {
			j.Fixes[k] = jsonFix{Message: x.Message, Safe: x.Safe, Edits: make([]jsonEdit, len(x.Edits))}
			for n, e := range x.Edits {
				j.Fixes[k].Edits[n] = jsonEdit(e)
			}
		}
		return j
	}
	return printable.WriteJSONList(w, []jsonFinding{}, "", len(r.Findings), finding)
}
