package practice

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

const throughEnv = "pass the inputs of the script through env"

// intoEnv returns the changes that pass the inputs of a script as environment variables; nil
// if one of them is where a variable of the shell would be something else.
func intoEnv(p *rule.Pass, t *facts.TaskSpec, tx *facts.Text, uses []*facts.Use) []rule.Change {
	all := t.Containers()
	i := slices.IndexFunc(all, func(c facts.Container) bool { return c.Spot.Field("script").Path.Equal(tx.Spot.Path) })
	script := p.Set.Script(tx.Value)
	if i < 0 || script == nil || script.Shell == "" || script.Err != nil {
		return nil
	}
	var (
		items   [][][2]string
		changes []rule.Change
		names   = map[string]string{} // by the variable
	)
	for _, u := range uses {
		value := u.Match.String()
		name, known := names[value]
		if !known {
			if name = envName(t, u); name == "" || strings.Contains(tx.Value, name) ||
				slices.ContainsFunc(all[i].Env, func(e corev1.EnvVar) bool { return e.Name == name }) ||
				slices.ContainsFunc(items, func(item [][2]string) bool { return item[0][1] == name }) {
				return nil
			}
			names[value] = name
			items = append(items, [][2]string{{"name", name}, {"value", value}})
		}
		text := "${" + name + "}"
		switch script.Place(u.Start) {
		case shell.DoubleQuotes, shell.HereDocument:
		case shell.Code:
			if isCommand(script, u.Start) {
				return nil
			}
			text = `"` + text + `"`
		default:
			return nil
		}
		changes = append(changes, rule.ReplaceAt(tx.Spot, u.Start, value, text))
	}
	return append(changes, rule.AddField(tx.Spot.To(tx.Spot.Path.Parent()), object.Field{Name: "env", Items: items}, "image", "name"))
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

// isCommand reports whether what is at an offset is the name of a command, or a part of it:
// the input may be a whole command line.
func isCommand(script *shell.Script, at int) bool {
	for i := range script.Commands {
		if argv := script.Commands[i].Argv(); len(argv) > 0 && argv[0].Start <= at && at < argv[0].End {
			return true
		}
	}
	return false
}
