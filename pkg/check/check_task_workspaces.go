package check

import (
	"path"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// workspaceDeclarations checks the declared workspaces of a Task spec.
func (t *taskCheck) workspaceDeclarations() {
	list := t.spec.Workspaces
	t.duplicates(t.spot, "workspaces", "workspace", diag.Error, namesOf(list, func(w *v1.WorkspaceDeclaration) string { return w.Name }))
	taken := map[string]spot{}
	for i := range t.spec.Steps {
		for j, m := range t.spec.Steps[i].VolumeMounts {
			taken[path.Clean(m.MountPath)] = t.spot.index("steps", i).index("volumeMounts", j)
		}
	}
	if t.spec.StepTemplate != nil {
		for j, m := range t.spec.StepTemplate.VolumeMounts {
			taken[path.Clean(m.MountPath)] = t.spot.field("stepTemplate").index("volumeMounts", j)
		}
	}
	seen := map[string]bool{}
	for i := range list {
		s := t.spot.index("workspaces", i)
		if list[i].Name == "" {
			t.fail(s, "name-invalid", "", "the workspace "+s.path+" has no name", "set its name")
			continue
		}
		if seen[list[i].Name] {
			continue // told as a duplicate
		}
		seen[list[i].Name] = true
		mount := mountPath(&list[i])
		if !strings.HasPrefix(mount, "/") && !holdsReference(mount) {
			t.warn(s.field("mountPath"), "mount-invalid", mount, "workspace "+q(list[i].Name)+" is mounted at "+q("/"+path.Clean(mount))+", but $(workspaces."+list[i].Name+".path) is "+q(mount)+", which leads there from / only", "begin it with /")
		}
		mount = path.Clean(mount)
		if other, ok := taken[mount]; ok && !holdsReference(mount) {
			at := s
			if list[i].MountPath != "" {
				at = s.field("mountPath")
			}
			t.fail(at, "mount-duplicate", list[i].Name, "workspace "+q(list[i].Name)+" is mounted at "+q(mount)+", where something else is mounted already", "choose another mountPath",
				other.related("the other one"))
		}
		taken[mount] = s
	}
}

func mountPath(w *v1.WorkspaceDeclaration) string {
	if w.MountPath != "" {
		return w.MountPath
	}
	return "/workspace/" + w.Name
}

// workspaceRef checks $(workspaces.W.path) and its like.
func (t *taskCheck) workspaceRef(s spot, m match, r reference) {
	t.usedWorkspaces[r.owner] = true
	names := namesOf(t.spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })
	if near := nearest(r.owner, names); !slices.Contains(names, r.owner) && near != "" {
		t.usedWorkspaces[near] = true // so that one typo makes one finding
	}
	if t.pipeline != nil {
		t.pipeline.usedWorkspaces[r.owner] = true
	}
	if m.escaped {
		return
	}
	known := t.bound[r.owner] || slices.Contains(names, r.owner)
	switch {
	case t.action:
		t.scopeError(s, m, r, "a StepAction", "declare a param, and pass it in the step")
	case !known && r.name == "bound" && strings.Contains(s.path, ".when["):
		t.warn(s, "workspace-unknown", r.owner, m.String()+" names no workspace of "+t.label+": the guard compares it as it stands",
			suggest(r.owner, append(names, sortedKeys(t.bound)...), "declare workspace "+q(r.owner)+" in "+t.label))
	case !known && t.again(t.seen, "workspace-unknown "+r.owner, s):
	case !known && t.unbounded:
		t.strays.add(r.owner, names, len(t.findings))
		t.warn(s, "workspace-unknown", r.owner, m.String()+" names a workspace that neither "+t.label+" nor its pipeline declares: it works only if each run binds one of that name",
			suggest(r.owner, append(names, sortedKeys(t.bound)...), "declare workspace "+q(r.owner)))
	case !known:
		t.strays.add(r.owner, names, len(t.findings))
		t.fail(s, "workspace-unknown", r.owner, m.String()+" names no workspace of "+t.label+", and stays as it is",
			suggest(r.owner, append(names, sortedKeys(t.bound)...), "declare workspace "+q(r.owner)+" in "+t.label))
	default:
		for _, f := range workspaceFields {
			if f == r.name {
				return
			}
		}
		t.fail(s, "reference-unknown", r.expr, m.String()+" names no field of a workspace, and stays as it is", oneOf(r.name, workspaceFields))
	}
}

// workspacesUnused warns of declared workspaces that nothing mentions. One
// with a mountPath of its own is there for a program that looks at that path.
func (t *taskCheck) workspacesUnused() {
	var unused []int
	for i := range t.spec.Workspaces {
		w := &t.spec.Workspaces[i]
		if !t.usedWorkspaces[w.Name] && w.MountPath == "" && w.Name != "" && !t.mentions(mountPath(w)) {
			unused = append(unused, i)
		}
	}
	if len(unused) == 1 && t.strays.meant(t.findings, t.spec.Workspaces[unused[0]].Name) {
		return
	}
	for _, i := range unused {
		w := &t.spec.Workspaces[i]
		t.warn(t.spot.index("workspaces", i), "workspace-unused", w.Name, "workspace "+q(w.Name)+" of "+t.label+" is never used",
			"use $(workspaces."+w.Name+".path), give it a mountPath, or drop it")
	}
}

// mentions reports whether a step or sidecar holds the text.
func (t *taskCheck) mentions(what string) bool {
	has := func(texts ...string) bool {
		for _, s := range texts {
			if strings.Contains(s, what) {
				return true
			}
		}
		return false
	}
	for i := range t.spec.Steps {
		s := &t.spec.Steps[i]
		if has(s.Script, s.WorkingDir) || has(s.Command...) || has(s.Args...) {
			return true
		}
		for _, e := range s.Env {
			if has(e.Value) {
				return true
			}
		}
	}
	for i := range t.spec.Sidecars {
		s := &t.spec.Sidecars[i]
		if has(s.Script, s.WorkingDir) || has(s.Command...) || has(s.Args...) {
			return true
		}
		for _, e := range s.Env {
			if has(e.Value) {
				return true
			}
		}
	}
	if st := t.spec.StepTemplate; st != nil {
		if has(st.WorkingDir) || has(st.Command...) || has(st.Args...) {
			return true
		}
		for _, e := range st.Env {
			if has(e.Value) {
				return true
			}
		}
	}
	return false
}
