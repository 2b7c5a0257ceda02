package practice

import (
	_ "embed"
	"iter"
	"strings"

	corev1 "k8s.io/api/core/v1"

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
		l := literals{Pass: p}
		for c := range p.Entry.Containers() {
			l.of(c)
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

	// Of the Task of the container:
	named      map[string]int // the indexes of the workspaces without a mountPath
	mountPaths mounts         // of the workspaces
	anywhere   bool           // a workspace may be mounted anywhere
	template   mounts         // of the step template
	own        *mounts        // of the container; nil if not known yet
}

// of goes on to a container.
func (l *literals) of(c *facts.Container) {
	same := l.c != nil && l.c.Task == c.Task
	l.c, l.own = c, nil
	if same {
		return
	}
	l.named, l.mountPaths, l.template, l.anywhere = map[string]int{}, mounts{}, mounts{}, false
	spec := c.Task.Spec
	for i := range spec.Workspaces {
		w := &spec.Workspaces[i]
		if mount := strings.TrimSuffix(w.MountPath, "/"); mount != "" {
			l.mountPaths.add(mount, i)
		} else if _, again := l.named[w.Name]; !again {
			l.named[w.Name] = i
		}
		l.anywhere = l.anywhere || tekref.Contains(w.MountPath)
	}
	if t := spec.StepTemplate; t != nil {
		l.template.addAll(t.VolumeMounts)
	}
}

// mounts are the directories of workspaces in which something is mounted, with the index
// of the first such mount.
type mounts struct {
	under map[string]int // by the name after workspaceFolder
	all   int            // the index of a mount of all of them, plus 1
}

func (m *mounts) add(path string, i int) {
	if path == strings.TrimSuffix(workspaceFolder, "/") {
		if m.all == 0 {
			m.all = i + 1
		}
		return
	}
	rest, ok := strings.CutPrefix(path, workspaceFolder)
	if !ok {
		return
	}
	name, _, _ := strings.Cut(rest, "/")
	if _, again := m.under[name]; !again {
		if m.under == nil {
			m.under = map[string]int{}
		}
		m.under[name] = i
	}
}

// addAll adds mounts of volumes. One whose path is not known may be anywhere.
func (m *mounts) addAll(list []corev1.VolumeMount) {
	for i := range list {
		path := strings.TrimSuffix(list[i].MountPath, "/")
		if tekref.Contains(path) {
			path = strings.TrimSuffix(workspaceFolder, "/")
		}
		m.add(path, i)
	}
}

// index returns the index of the first mount at, above or below the directory of a
// workspace; -1 if there is none.
func (m *mounts) index(name string) int {
	i, ok := m.under[name]
	if !ok || m.all > 0 && m.all-1 < i {
		i = m.all - 1
	}
	return i
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
		case t.HasResult(name):
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
		declared, known := l.declared(name)
		if known && !declared {
			continue // the Task sets this mountPath itself
		}
		if !declared && (!dir || l.mounted(name) || t.Bound(name)) {
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
func (l *literals) declared(name string) (byName, known bool) {
	i, byName := l.named[name]
	mount := l.mountPaths.index(name)
	return byName && (mount < 0 || i < mount), byName || mount >= 0
}

// mounted reports whether a volume is mounted at, above or below the directory of a
// workspace.
func (l *literals) mounted(name string) bool {
	if l.own == nil {
		l.own = &mounts{}
		l.own.addAll(l.c.Mounts)
	}
	return l.anywhere || l.own.index(name) >= 0 || l.template.index(name) >= 0
}
