package practice

import (
	_ "embed"
	"iter"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed path-literal.md
var pathLiteralText string

var pathLiteral = &rule.Rule{
	Code:     "path-literal",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     pathLiteralText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			l := literals{p, c}
			if c.WorkingDir != "" {
				l.workspaces(c.WorkingDir, true, func() facts.Spot { return c.Spot.Field("workingDir") })
			}
			l.text(c.Script, func() facts.Spot { return c.Spot.Field("script") })
			for i, text := range c.Command {
				l.text(text, func() facts.Spot { return c.Spot.Index("command", i) })
			}
			for i, text := range c.Args {
				l.text(text, func() facts.Spot { return c.Spot.Index("args", i) })
			}
			for i := range c.Env {
				l.text(c.Env[i].Value, func() facts.Spot { return c.Spot.Index("env", i).Field("value") })
			}
		}
	},
}

// The directories for whose entries there are variables.
const (
	resultsFolder   = "/tekton/results/"
	workspaceFolder = "/workspace/"
)

// literals reports hard-coded paths in the texts of a container.
type literals struct {
	*rule.Pass
	c *facts.Container
}

func (l *literals) text(text string, at func() facts.Spot) {
	l.results(text, at)
	l.workspaces(text, false, at)
}

// under returns the names that follow a directory in a text.
func under(text, folder string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for s := text; ; {
			i := strings.Index(s, folder)
			if i < 0 {
				return
			}
			inside := i > 0 && (tekref.IsNameRune(rune(s[i-1])) || s[i-1] == ')' || s[i-1] == '}')
			s = s[i+len(folder):]
			end := strings.IndexFunc(s, func(r rune) bool { return !tekref.IsNameRune(r) })
			if end < 0 {
				end = len(s)
			}
			name := strings.TrimRight(s[:end], ".")
			variable := strings.HasPrefix(s[end:], "$") || strings.HasPrefix(s[end:], "*") || strings.HasPrefix(s[end:], "{")
			if !inside && !variable && name != "" && !yield(name) {
				return
			}
		}
	}
}

// results reports hard-coded paths of results.
func (l *literals) results(text string, spot func() facts.Spot) {
	for name := range under(text, resultsFolder) {
		file := resultsFolder + name
		at := spot().Of(file)
		if l.Again(l.c.Task, "result "+name, at) {
			continue
		}
		t := l.c.Task
		switch {
		case t.Action != nil:
			l.Warning(at, name, phrase.Quote(file)+" is hard-coded: it is a result of the Task that uses this StepAction, if the Task declares one",
				"declare result "+phrase.Quote(name)+", and use $(step.results."+name+".path)")
		case slices.ContainsFunc(t.Spec.Results, func(r v1.TaskResult) bool { return r.Name == name }):
			l.Warning(at, name, phrase.Quote(file)+" is hard-coded, but where results are stored is internal to Tekton", "use $(results."+name+".path)")
		default:
			l.Warning(at, name, phrase.Quote(file)+" is not the path of a result of "+t.Label+": anything written there is lost",
				phrase.Suggest(name, t.ResultNames(), "declare result "+phrase.Quote(name)+", and use $(results."+name+".path)"))
		}
	}
}

// workspaces reports hard-coded paths of workspaces. In a workingDir (dir), it
// also reports those that belong to no workspace.
func (l *literals) workspaces(text string, dir bool, spot func() facts.Spot) {
	t := l.c.Task
	if t.Action != nil {
		return // the workspaces are those of the Task, which is not known
	}
	for name := range under(text, workspaceFolder) {
		folder := workspaceFolder + name
		declared, known := l.declared(name, folder)
		if known && !declared {
			continue // the Task sets this mountPath itself
		}
		if !declared && (!dir || l.mounted(folder) || t.Bound(name)) {
			continue
		}
		at := spot().Of(folder)
		if l.Again(t, "workspace "+name, at) {
			continue
		}
		if declared {
			l.Warning(at, name, phrase.Quote(folder)+" is hard-coded: it is wrong as soon as the workspace is renamed or gets a mountPath", "use $(workspaces."+name+".path)")
			continue
		}
		names := t.WorkspaceNames()
		help := "declare workspace " + phrase.Quote(name) + ", and use $(workspaces." + name + ".path)"
		if near := suggest.Name(name, names); near != "" {
			help = "did you mean $(workspaces." + near + ".path)?"
		} else if len(names) == 1 {
			help = "use $(workspaces." + names[0] + ".path)"
		}
		l.Warning(at, name, phrase.Quote(folder)+" is not the path of a workspace of "+t.Label+": the step starts in an empty directory", help)
	}
}

// declared reports whether a directory belongs to a workspace (known), and whether
// it does so by the name of the workspace rather than by a mountPath (byName).
func (l *literals) declared(name, folder string) (byName, known bool) {
	for i := range l.c.Task.Spec.Workspaces {
		w := &l.c.Task.Spec.Workspaces[i]
		mount := strings.TrimSuffix(w.MountPath, "/")
		switch {
		case mount == "" && w.Name == name:
			return true, true
		case mount == folder || strings.HasPrefix(mount, folder+"/") || mount == "/workspace":
			return false, true
		}
	}
	return false, false
}

// mounted reports whether a volume is mounted at, above or below a directory.
func (l *literals) mounted(folder string) bool {
	covers := func(path string) bool {
		path = strings.TrimSuffix(path, "/")
		return tekref.Contains(path) || path == folder || path == "/workspace" || strings.HasPrefix(path, folder+"/")
	}
	spec := l.c.Task.Spec
	for i := range l.c.Mounts {
		if covers(l.c.Mounts[i].MountPath) {
			return true
		}
	}
	if t := spec.StepTemplate; t != nil {
		for i := range t.VolumeMounts {
			if covers(t.VolumeMounts[i].MountPath) {
				return true
			}
		}
	}
	return slices.ContainsFunc(spec.Workspaces, func(w v1.WorkspaceDeclaration) bool { return tekref.Contains(w.MountPath) })
}
