package steps

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed dollar-halved.md
var dollarHalvedText string

var dollarHalved = &rule.Rule{
	Code:     "dollar-halved",
	Severity: diag.Warning,
	Topic:    "steps",
	Text:     dollarHalvedText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Passing},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			for i, text := range c.Command {
				halved(p, c.Spot.Index("command", i), text, "the command of "+c.Label)
			}
			for i, text := range c.Args {
				halved(p, c.Spot.Index("args", i), text, "the args of "+c.Label)
			}
		}
		p.Entry.EachEnv(func(s facts.Spot, env *corev1.EnvVar) {
			halved(p, s.Field("value"), env.Value, "environment variable "+phrase.Quote(env.Name))
		})
		reached := map[*facts.ParamScope]map[string]string{}
		for _, t := range p.Entry.TaskSpecs() {
			for _, d := range t.Params.List {
				if d.Default != nil && !d.Given {
					halvedValue(p, d.Spot.Field("default"), d.Default, d, reached)
				}
			}
		}
		for _, in := range p.Entry.Passings() {
			if !in.Supposed {
				in.Each(func(i int, v *v1.Param, d *facts.Param) {
					if d != nil {
						halvedValue(p, in.Spot(i).Field("value"), &v.Value, d, reached)
					}
				})
			}
		}
	},
}

// halvedValue reports a value of a param that reaches the command, the args or the
// environment of a container.
func halvedValue(p *rule.Pass, s facts.Spot, v *v1.ParamValue, d *facts.Param, reached map[*facts.ParamScope]map[string]string) {
	report := func(s facts.Spot, text string) {
		if halvedAt(text) < 0 {
			return
		}
		scope := d.Scope()
		labels, known := reached[scope]
		if !known {
			labels = linesOf(scope)
			reached[scope] = labels
		}
		if label := labels[d.Name]; label != "" {
			halved(p, s, text, "param "+phrase.Quote(d.Name)+", which is used in "+label+",")
		}
	}
	report(s, v.StringVal)
	for i, text := range v.ArrayVal {
		report(s.Item(i), text)
	}
}

// linesOf returns where the texts that Kubernetes expands use the params of a Task, by
// their names.
func linesOf(scope *facts.ParamScope) map[string]string {
	labels := map[string]string{}
	for _, t := range scope.Spot.Entry.TaskSpecs() {
		if t.Params != scope {
			continue
		}
		uses := t.Uses()
		for i := range uses {
			u := &uses[i]
			if u.Var.Kind != tekref.Param || u.Role != facts.Substituted || u.Escaped || labels[u.Var.Name] != "" {
				continue
			}
			place, what := "", u.Text.Field[strings.LastIndexByte(u.Text.Field, '.')+1:]
			switch {
			case what == "command" || what == "args":
				place = "the " + what
			case strings.HasSuffix(u.Text.Field, ".env.value"):
				place = "the environment"
			default:
				continue
			}
			if c := t.ContainerAt(u.Spot); c != nil {
				labels[u.Var.Name] = place + " of " + c.Label
			}
		}
	}
	return labels
}

// halved reports a text with $$ that the kubelet changes and that is most likely
// meant as it is written.
func halved(p *rule.Pass, s facts.Spot, text, label string) {
	if i := halvedAt(text); i >= 0 {
		end := i + len("$$")
		for end < len(text) && (text[end] == '_' || '0' <= text[end] && text[end] <= '9' || 'A' <= text[end] && text[end] <= 'Z' || 'a' <= text[end] && text[end] <= 'z') {
			end++
		}
		p.Warning(s.Of(text[i:end]), text[i:end], "Kubernetes replaces $$ in "+label+" with a single $",
			"write $$$$ for two, or $ if one is meant; in a script, $$ is kept")
	}
}

// halvedAt returns the index of the first $$ in a text that stands alone; -1 if there
// is none. A $$( is how a variable is escaped, and more than two are most likely
// written for Kubernetes as well.
func halvedAt(text string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], "$$")
		if i < 0 {
			return -1
		}
		i += from
		end := i
		for end < len(text) && text[end] == '$' {
			end++
		}
		if end == i+len("$$") && !strings.HasPrefix(text[end:], "(") {
			return i
		}
		from = end
	}
}
