package project

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Summary is the report of an import. It is also its format in JSON.
type Summary struct {
	// Package is the folder of the package.
	Package string `json:"package"`
	// Values is the number of values of all objects, and Typed of those that calls set.
	Values int `json:"values"`
	Typed  int `json:"typed"`
	// Objects is what became of each object.
	Objects []Object `json:"objects"`
	// Reasons are the parts that are not described by calls, the most frequent first.
	Reasons []Reason `json:"reasons"`
	// Scripts are the scripts that inputs are pasted into, those to look at first at the top.
	Scripts []Script `json:"scripts"`
	// Secrets are the Secrets whose values were left out, and Repeated the files in which such
	// a value was replaced by *** elsewhere.
	Secrets  []string `json:"secretsWithoutValues"`
	Repeated []string `json:"valuesReplaced"`
	// Upgraded are the objects of older API versions.
	Upgraded []Upgrade `json:"upgraded"`
	// Dropped are values that the API server does not know either, and Unread what could not
	// be read.
	Dropped []Problem `json:"dropped"`
	Unread  []Problem `json:"unread"`
	// Kustomizations are not rendered: their resources are imported without the patches. Charts
	// are Helm charts, whose templates are not imported.
	Kustomizations []string `json:"kustomizations"`
	Charts         []string `json:"charts"`
	// Declared are Secrets that a program declares. They are not imported.
	Declared []string `json:"declared"`
	// Unchecked says why the Go was not type-checked, "" if it was.
	Unchecked string `json:"unchecked"`
	// Files are the changes of the folder.
	Files *Changes `json:"files"`
}

// Reason is why something is not described by calls.
type Reason struct {
	Kind  string `json:"kind"`  // of the objects
	Field string `json:"field"` // without indexes; "" for the whole object
	Why   string `json:"why"`   // of the whole object
	Count int    `json:"count"` // of objects
}

// Upgrade is the upgrade of an object to the current API version.
type Upgrade struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Kind string `json:"kind"`
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
	// Dropped are the fields that the current version does not have, and ToDo is what has to be
	// done about the object.
	Dropped []string `json:"dropped"`
	ToDo    []string `json:"toDo"`
}

func upgradeOf(c manifest.Conversion) Upgrade {
	u := Upgrade{
		File: c.Position.File, Line: c.Position.Line, Kind: c.Object.Kind, Name: c.Object.Name, From: c.From, To: c.To,
		Dropped: []string{}, ToDo: []string{},
	}
	for _, f := range c.Fields {
		if f.To.IsRoot() {
			u.Dropped = append(u.Dropped, f.From.String())
		}
	}
	for _, f := range c.Findings {
		u.ToDo = append(u.ToDo, f.Message)
	}
	return u
}

// Problem is a problem in a file.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// Summarize returns the report of an import.
func Summarize(dir string, s *Sources, p *Project, c *Changes, scripts []Script) Summary {
	out := Summary{
		Package: dir, Objects: p.Objects, Scripts: scripts, Secrets: append([]string{}, s.Emptied...), Repeated: append([]string{}, s.Hidden...),
		Upgraded: []Upgrade{}, Dropped: problems(s.Ignored), Unread: problems(s.Unread), Declared: []string{}, Charts: []string{}, Unchecked: p.Unchecked, Files: c,
	}
	if out.Objects == nil {
		out.Objects = []Object{}
	}
	for _, u := range s.Conversions {
		out.Upgraded = append(out.Upgraded, upgradeOf(u))
	}
	for _, d := range s.Declared {
		out.Declared = append(out.Declared, d.String())
	}
	out.Kustomizations = append([]string{}, s.Loaded.Kustomizations...)
	for _, f := range s.Loaded.Findings {
		if f.Code == "template-unrendered" && f.Severity == diag.Note && f.Subject != "" && !slices.Contains(out.Charts, f.Subject) {
			out.Charts = append(out.Charts, f.Subject)
		}
	}
	count := map[Reason]int{}
	for _, o := range p.Objects {
		out.Values, out.Typed = out.Values+o.Values, out.Typed+o.Typed
		seen := map[string]bool{}
		for _, h := range o.Hatches {
			if !seen[h.Field] {
				seen[h.Field] = true
				count[Reason{Kind: o.Kind, Field: h.Field}]++
			}
		}
		if o.Step == StepYAML {
			count[Reason{Kind: o.Kind, Why: o.Reason}]++
		}
	}
	out.Reasons = []Reason{}
	for r, n := range count {
		r.Count = n
		out.Reasons = append(out.Reasons, r)
	}
	slices.SortFunc(out.Reasons, func(a, b Reason) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Kind, b.Kind), strings.Compare(a.Field, b.Field), strings.Compare(a.Why, b.Why))
	})
	return out
}

func problems(list diag.Findings) []Problem {
	out := []Problem{}
	for _, f := range list {
		out = append(out, Problem{f.Position.File, f.Position.Line, f.Message})
	}
	return out
}

// String returns the problem with its position.
func (p Problem) String() string {
	return diag.Position{File: p.File, Line: p.Line}.String() + ": " + p.Message
}

// Percent returns how many of 100 values calls set.
func (s *Summary) Percent() float64 {
	if s.Values == 0 {
		return 100
	}
	return 100 * float64(s.Typed) / float64(s.Values)
}
