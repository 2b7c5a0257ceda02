package project

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/importer/rendered"
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
	// Hardened are the scripts whose inputs are passed through the environment now.
	Hardened []Script `json:"hardened,omitempty"`
	// Mistakes are the errors of the YAML, which the Go describes and accepts, and Rejected those
	// of the Go alone.
	Mistakes []Mistake  `json:"mistakes"`
	Rejected []Rejected `json:"rejected,omitempty"`
	// Secrets are the Secrets whose values were left out, and Repeated the files in which such
	// a value was replaced by *** elsewhere.
	Secrets  []string `json:"secretsWithoutValues"`
	Repeated []string `json:"valuesReplaced"`
	// Upgraded are the objects of older API versions.
	Upgraded []Upgrade `json:"upgraded"`
	// Dropped are fields that the API server does not know either and rejects, and Unread what
	// could not be read.
	Dropped []Problem `json:"dropped"`
	Unread  []Problem `json:"unread"`
	// Kustomizations are those that no other one includes. Charts are Helm charts, whose
	// templates are not imported.
	Kustomizations []Kustomization `json:"kustomizations"`
	// Bases are the objects that the package does not have as they are, since it has what
	// kustomizations of other folders make of them.
	Bases  []Base  `json:"bases"`
	Charts []Chart `json:"charts"`
	// Declared are Secrets that a program declares. They are not imported.
	Declared []string `json:"declared"`
	// Unchecked says why the Go was not type-checked, "" if it was.
	Unchecked string `json:"unchecked"`
	// NotFetched are Tasks that are elsewhere and could not be fetched, with the reason.
	NotFetched []string `json:"notFetched,omitempty"`
	// Unused are the types of tekwright bind that no task has any more.
	Unused []BoundTask `json:"unused,omitempty"`
	// Files are the changes of the folder.
	Files *Changes `json:"files"`
}

// Kustomization is what became of a kustomization.
type Kustomization struct {
	File string `json:"file"`
	// Rendered is set if the objects are those that it makes. Otherwise its resources are
	// imported as they are.
	Rendered bool `json:"rendered"`
	// Why says why it is not rendered, or only in part.
	Why string `json:"why,omitempty"`
}

// Base is an object that kustomizations of other folders include and change.
type Base struct {
	File string   `json:"file"`
	Line int      `json:"line"`
	Kind string   `json:"kind"`
	Name string   `json:"name"`
	By   []string `json:"by"` // the kustomizations
}

// Chart is a Helm chart.
type Chart struct {
	Dir string `json:"folder"`
	// Command is the command line that imports it, without the output.
	Command string `json:"command"`
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

// Problem is a problem in a file, and what to do.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
	Help    string `json:"help,omitempty"`
}

// Summarize returns the report of an import.
func Summarize(dir string, s *Sources, p *Project, c *Changes, scripts []Script, mistakes []Mistake) Summary {
	out := Summary{
		Package: dir, Objects: p.Objects, Scripts: scripts, Hardened: s.Hardened, Mistakes: withAccepted(mistakes, p.Accepted), Rejected: p.Rejected, Secrets: append([]string{}, s.Emptied...), Repeated: append([]string{}, s.Hidden...),
		Upgraded: []Upgrade{}, Dropped: problems(s.Ignored), Unread: problems(s.Unread), Declared: []string{}, Charts: []Chart{}, Kustomizations: kustomizations(s.Rendered), Unchecked: p.Unchecked, Unused: p.Unused, Files: c,
	}
	if out.Objects == nil {
		out.Objects = []Object{}
	}
	out.Bases = []Base{}
	for _, b := range s.Rendered.Bases {
		out.Bases = append(out.Bases, Base{b.At.File, b.At.Line, b.Object.Kind, b.Object.Name, b.By})
	}
	for _, u := range s.Conversions {
		out.Upgraded = append(out.Upgraded, upgradeOf(u))
	}
	for _, d := range s.Declared {
		out.Declared = append(out.Declared, d.String())
	}
	for _, f := range s.Loaded.Findings {
		if f.Code == "template-unrendered" && f.Severity == diag.Note && f.Subject != "" {
			if c := (Chart{f.Subject, rendered.HelmTemplate(f.Subject)}); !slices.Contains(out.Charts, c) {
				out.Charts = append(out.Charts, c)
			}
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
		if o.Step == StepYAML || o.Step == StepBound && o.Reason != "" {
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

// kustomizations returns what became of kustomizations.
func kustomizations(r rendered.Result) []Kustomization {
	out := []Kustomization{}
	for _, file := range r.Rendered {
		out = append(out, Kustomization{File: file, Rendered: true})
	}
	for _, n := range r.Notes {
		i := slices.IndexFunc(out, func(k Kustomization) bool { return k.File == n.File })
		if i < 0 {
			i, out = len(out), append(out, Kustomization{File: n.File})
		}
		out[i].Why = n.Text
	}
	slices.SortFunc(out, func(a, b Kustomization) int { return strings.Compare(a.File, b.File) })
	return out
}

// withAccepted adds the errors that the sets accept to the mistakes that the rules find. Some are
// no errors in YAML, such as an input that nothing uses. Of an object with a mistake of the same
// kind, they are that mistake.
func withAccepted(mistakes, accepted []Mistake) []Mistake {
	type about struct{ code, kind, name string }
	known := map[about]bool{}
	for _, m := range mistakes {
		known[about{m.Code, m.Kind, m.Name}] = true
	}
	for _, m := range accepted {
		if !known[about{m.Code, m.Kind, m.Name}] {
			mistakes = append(mistakes, m)
		}
	}
	return mistakes
}

func problems(list diag.Findings) []Problem {
	out := []Problem{}
	for _, f := range list {
		out = append(out, Problem{f.Position.File, f.Position.Line, f.Message, f.Help})
	}
	return out
}

// String returns the problem with its position, and what to do.
func (p Problem) String() string {
	return withHelp(diag.Position{File: p.File, Line: p.Line}.String()+": "+p.Message, p.Help)
}

// Percent returns how many of 100 values calls set.
func (s *Summary) Percent() float64 {
	if s.Values == 0 {
		return 100
	}
	return 100 * float64(s.Typed) / float64(s.Values)
}
