package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// spelt are the folders whose parts have references.
const (
	resultsFolder   = "/tekton/results/"
	workspaceFolder = "/workspace/"
)

// paths warns of paths of results and workspaces that are written out.
func (w *workload) paths() {
	if w.workingDir != "" {
		w.workspacePaths(w.spot.field("workingDir"), w.workingDir, true)
	}
	if w.script != "" {
		w.resultPaths(w.spot.field("script"), w.script)
		w.workspacePaths(w.spot.field("script"), w.script, false)
	}
	for i, a := range w.command {
		w.resultPaths(w.spot.index("command", i), a)
		w.workspacePaths(w.spot.index("command", i), a, false)
	}
	for i, a := range w.args {
		w.resultPaths(w.spot.index("args", i), a)
		w.workspacePaths(w.spot.index("args", i), a, false)
	}
	for i := range w.env {
		s := w.spot.index("env", i).field("value")
		w.resultPaths(s, w.env[i].Value)
		w.workspacePaths(s, w.env[i].Value, false)
	}
}

// eachUnder calls yield for each name that follows the folder in s.
func eachUnder(s, folder string, yield func(name string)) {
	for {
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
		if variable := strings.HasPrefix(s[end:], "$") || strings.HasPrefix(s[end:], "*") || strings.HasPrefix(s[end:], "{"); !inside && !variable && name != "" {
			yield(name)
		}
	}
}

// resultPaths warns of the files of results.
func (w *workload) resultPaths(s spot, text string) {
	eachUnder(text, resultsFolder, func(name string) {
		at := s.of(resultsFolder + name)
		if w.again(w.seen, "path-literal result "+name, at) {
			return
		}
		if w.action {
			w.warn(at, "path-literal", name, q(resultsFolder+name)+" is spelled out: that is a result of whatever Task uses this StepAction, if it has one of the name",
				"declare result "+q(name)+", and write $(step.results."+name+".path)")
			return
		}
		for i := range w.spec.Results {
			if w.spec.Results[i].Name == name {
				w.warn(at, "path-literal", name, q(resultsFolder+name)+" is spelled out: where results are is Tekton's own affair", "write $(results."+name+".path)")
				return
			}
		}
		names := namesOf(w.spec.Results, func(r *v1.TaskResult) string { return r.Name })
		w.warn(at, "path-literal", name, q(resultsFolder+name)+" is the file of no result of "+w.taskCheck.label+": what is written there is lost",
			suggest(name, names, "declare result "+q(name)+", and write $(results."+name+".path)"))
	})
}

// workspacePaths warns of the folders of workspaces; a workingDir may not even
// be one.
func (w *workload) workspacePaths(s spot, text string, dir bool) {
	if w.action {
		return // whose workspaces are there is not known
	}
	eachUnder(text, workspaceFolder, func(name string) {
		at := s.of(workspaceFolder + name)
		for i := range w.spec.Workspaces {
			ws := &w.spec.Workspaces[i]
			mount := strings.TrimSuffix(ws.MountPath, "/")
			switch {
			case mount == "" && ws.Name == name:
				if !w.again(w.seen, "path-literal workspace "+name, at) {
					w.warn(at, "path-literal", name, q(workspaceFolder+name)+" is spelled out: it breaks when the workspace gets a mountPath or another name", "write $(workspaces."+name+".path)")
				}
				return
			case mount == workspaceFolder+name || strings.HasPrefix(mount, workspaceFolder+name+"/") || mount == "/workspace":
				return // its own mountPath says so
			}
		}
		if !dir || w.mounted(workspaceFolder+name) {
			return
		}
		names := namesOf(w.spec.Workspaces, func(ws *v1.WorkspaceDeclaration) string { return ws.Name })
		if w.taskCheck.bound[name] || w.again(w.seen, "path-literal workspace "+name, at) {
			return
		}
		help := "declare workspace " + q(name) + ", and write $(workspaces." + name + ".path)"
		if near := nearest(name, names); near != "" {
			help = "did you mean $(workspaces." + near + ".path)?"
		} else if len(names) == 1 {
			help = "write $(workspaces." + names[0] + ".path)"
		}
		w.warn(at, "path-literal", name, q(workspaceFolder+name)+" is the folder of no workspace of "+w.taskCheck.label+": the step starts in an empty folder of its own", help)
	})
}

// mounted reports whether a volume is mounted at or above a folder, or below
// it.
func (w *workload) mounted(folder string) bool {
	under := func(path string) bool {
		path = strings.TrimSuffix(path, "/")
		return tekref.Contains(path) || path == folder || path == "/workspace" || strings.HasPrefix(path, folder+"/")
	}
	for i := range w.mounts {
		if under(w.mounts[i].MountPath) {
			return true
		}
	}
	if t := w.spec.StepTemplate; t != nil {
		for i := range t.VolumeMounts {
			if under(t.VolumeMounts[i].MountPath) {
				return true
			}
		}
	}
	return slices.ContainsFunc(w.spec.Workspaces, func(ws v1.WorkspaceDeclaration) bool { return tekref.Contains(ws.MountPath) })
}
