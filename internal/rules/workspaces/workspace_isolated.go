package workspaces

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-isolated.md
var workspaceIsolatedText string

var workspaceIsolated = &rule.Rule{
	Code:     "workspace-isolated",
	Severity: diag.Error,
	Topic:    "workspaces",
	Text:     workspaceIsolatedText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces, rule.Scripts},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			if t.Action != nil {
				continue
			}
			uses, used := t.WorkspaceUses(), map[*facts.Container]*usedPaths{}
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.NoFault && !u.Escaped && u.Var.Name == "path" {
					if u.Text.Field == "params.default" {
						isolatedDefault(p, t, u)
						continue
					}
					isolatedUse(p, t, u, used)
				}
			}
		}
	},
}

// isolatedUse reports the path of a workspace in a step or a sidecar that does not
// have it. What scripts use is kept in used.
func isolatedUse(p *rule.Pass, t *facts.TaskSpec, u *facts.WorkspaceUse, used map[*facts.Container]*usedPaths) {
	w := t.Workspace(u.Var.Owner)
	c := t.ContainerAt(u.Spot)
	if w == nil || c == nil || !c.Lacks(w) {
		return
	}
	severity := diag.Error
	_, field, _ := strings.Cut(u.Text.Field, ".")
	switch field {
	case "script":
		if used[c] == nil {
			used[c] = pathsUsed(c)
		}
		switch paths := used[c]; {
		case !paths.known:
			severity = diag.Warning
		case !paths.exprs[u.Expr]:
			return
		}
	case "args", "command", "env.value", "params.value":
	case "workingDir": // the directory is created, and is empty
		severity = diag.Warning
	default:
		return
	}
	if w.Optional {
		severity = diag.Warning
	}
	owner := t.Isolated(w.Name)
	p.Add(u.Spot, severity, w.Name, c.Label+" uses "+u.Match.String()+", but only the steps and sidecars that list workspace "+phrase.Quote(w.Name)+" have it, such as "+owner.Label,
		"add it to the workspaces of "+c.Label+", or remove it from those of all steps and sidecars", owner.Spot.Field("workspaces").Related(owner.Label+" lists it"))
}

// isolatedDefault reports a default with the path of a workspace, if a step or a sidecar
// that does not have it uses the param.
func isolatedDefault(p *rule.Pass, t *facts.TaskSpec, use *facts.WorkspaceUse) {
	w := t.Workspace(use.Var.Owner)
	if w == nil || t.Isolated(w.Name) == nil {
		return
	}
	list := t.Params.List
	i := slices.IndexFunc(list, func(d *facts.Param) bool { return use.Spot.Path.HasPrefix(d.Spot.Path) })
	if i < 0 {
		return
	}
	uses := t.Uses()
	for j := range uses {
		u := &uses[j]
		if u.Var.Kind != tekref.Param || u.Var.Name != list[i].Name || u.Role != facts.Substituted || u.Escaped {
			continue
		}
		if c := t.ContainerAt(u.Spot); c != nil && c.Lacks(w) {
			owner := t.Isolated(w.Name)
			p.Warning(use.Spot, w.Name, c.Label+" uses "+use.Match.String()+" in the default of param "+phrase.Quote(list[i].Name)+", but only the steps and sidecars that list workspace "+
				phrase.Quote(w.Name)+" have it, such as "+owner.Label, "add it to the workspaces of "+c.Label+", or remove it from those of all steps and sidecars",
				u.Spot.Related(c.Label+" uses the param"), owner.Spot.Field("workspaces").Related(owner.Label+" lists it"))
			return
		}
	}
}

// usedPaths are the variables that a script uses other than to print them or to test
// whether something exists. They are known if it is a script for a shell.
type usedPaths struct {
	exprs map[string]bool
	known bool
}

func pathsUsed(c *facts.Container) *usedPaths {
	sources := c.Sources()
	if len(sources) == 0 || sources[0].Script == nil || sources[0].Script.Shell == "" || sources[0].Script.Err != nil {
		return &usedPaths{}
	}
	out := &usedPaths{exprs: map[string]bool{}, known: true}
	script := sources[0].Script
	for i := range script.Commands {
		command := &script.Commands[i]
		switch name := command.Name(); {
		case name == "[" || name == "test" || name == "[[":
			continue
		case (name == "echo" || name == "printf") && len(command.Redirects) == 0:
			continue
		}
		for word := range command.AllWords() {
			for m := range tekref.Scan(script.Text[word.Start:word.End]) {
				if !m.Escaped {
					out.exprs[m.Expr] = true
				}
			}
		}
	}
	return out
}
