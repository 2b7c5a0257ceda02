package practice

import (
	"slices"
	"sort"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// mostInputs is the number of inputs of a script that are passed through env.
const mostInputs = 20

// throughEnv adds a fix that passes the inputs of a script as environment variables. There is
// none if one of them is where a variable of the shell would be something else.
func throughEnv(p *rule.Pass, r rule.Reported, t *facts.TaskSpec, tx *facts.Text, uses []*facts.Use) {
	changes, split := intoEnv(p, t, tx, uses)
	what := phrase.QuotedThroughEnv
	if split {
		what = "pass the inputs of the script through env; look at those without quotes, which the shell splits into words, and at here documents"
	}
	r.Fix(what, false, changes...)
}

// intoEnv returns the changes of the fix, and whether a person has to look at it: the shell
// splits an input into words, or it is in a here document.
func intoEnv(p *rule.Pass, t *facts.TaskSpec, tx *facts.Text, uses []*facts.Use) (changes []rule.Change, split bool) {
	step := containerOf(t, tx)
	script := p.Set.Script(tx.Value)
	if step == nil || script == nil || script.Shell == "" || script.Err != nil {
		return nil, false
	}
	var (
		items [][][2]string
		names = map[string]string{} // by the variable
	)
	for _, u := range uses {
		value := u.Match.String()
		if names[value] == "" {
			name := envName(t, u)
			if name == "" || strings.Contains(tx.Value, name) ||
				len(items) == mostInputs || slices.ContainsFunc(step.Env, func(e corev1.EnvVar) bool { return e.Name == name }) ||
				slices.ContainsFunc(items, func(item [][2]string) bool { return item[0][1] == name }) {
				return nil, false
			}
			names[value] = name
			items = append(items, [][2]string{{"name", name}, {"value", value}})
		}
	}
	commands := commandNames(script)
	var values []int
	for m := range tekref.Scan(tx.Value) {
		name := names[m.String()]
		if name == "" {
			continue
		}
		text := "${" + name + "}"
		values = append(values, m.Start)
		switch script.Place(m.Start) {
		case shell.DoubleQuotes:
		case shell.HereDocument:
			// What becomes of the text is not known: it may be a script.
			split = true
		case shell.Code:
			// Without quotes it is split into words, as it was before.
			if within(commands, m.Start) {
				return nil, false
			}
			split = true
		default:
			return nil, false
		}
		changes = append(changes, rule.ReplaceAt(tx.Spot, m.Start, m.String(), text))
	}
	if runsTexts(script, values) {
		return nil, false
	}
	return append(changes, rule.AddField(tx.Spot.To(tx.Spot.Path.Parent()), object.Field{Name: "env", Items: items}, "image", "name")), split
}

// envName returns the name of the environment variable for an input, "" if it is not one
// text.
func envName(t *facts.TaskSpec, u *facts.Use) string {
	if u.Later() || u.Open {
		return ""
	}
	prefix, name := "PARAM_", u.Var.Name
	switch u.Var.Kind {
	case tekref.Param:
		if d := t.Params.Find(name); d == nil || d.Type != v1.ParamTypeString || u.Var.Key != "" || strings.Contains(u.Expr, "[") {
			return ""
		}
	case tekref.TaskResult:
		if prefix = "RESULT_"; u.Var.Key != "" || strings.Contains(u.Expr, "[") {
			return ""
		}
	default:
		return ""
	}
	return prefix + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}

// containerOf returns the container that has a script; nil if it is not found.
func containerOf(t *facts.TaskSpec, tx *facts.Text) *facts.Container {
	all, path := t.Containers(), tx.Spot.Path.Parent()
	i := path.Last().Index
	if n := path.Len(); n > 1 && path.At(n-2).Name == "sidecars" {
		i += sort.Search(len(all), func(i int) bool { return all[i].Kind >= facts.Sidecar })
	} else if len(all) > 0 && all[0].Kind == facts.StepTemplate {
		i++
	}
	if i < 0 || i >= len(all) || !all[i].Spot.Path.Equal(path) {
		return nil
	}
	return &all[i]
}

// commandNames returns where the names of commands are, in order. An input there may be a
// whole command line.
func commandNames(script *shell.Script) []shell.Span {
	var all []shell.Span
	for i := range script.Commands {
		if argv := script.Commands[i].Argv(); len(argv) > 0 {
			all = append(all, argv[0].Span)
		}
	}
	slices.SortFunc(all, func(a, b shell.Span) int { return a.Start - b.Start })
	return all
}

// within reports whether an offset is in one of the spans, which do not contain each other.
func within(all []shell.Span, at int) bool {
	i := sort.Search(len(all), func(i int) bool { return all[i].Start > at })
	return i > 0 && at < all[i-1].End
}
