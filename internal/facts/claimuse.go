package facts

import (
	"path"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// ClaimUse is a directory of a PersistentVolumeClaim that a run mounts.
type ClaimUse struct {
	Run   *Entry
	Spot  Spot   // of the name of the claim, in a workspace binding of the run or in a volume of the Task
	Claim string // its name
	Path  string // the directory, without slashes at its ends; "" for the root
	// Task is the task of the pipeline that mounts it; nil for a TaskRun.
	Task *PipelineTask
	// Writes reports whether its Task is known and may write there.
	Writes bool
}

// ClaimUses returns the directories of PersistentVolumeClaims that the tasks of a run
// mount, as workspaces and as volumes of the Tasks. Tasks and Pipelines that are not in
// the set have none. A directory that several tasks mount is returned once, with the
// first of them that writes to it.
func (e *Entry) ClaimUses() []ClaimUse {
	e.set.asked(Objects)
	e.set.asked(Workspaces)
	if e.claimsDone {
		return e.claims
	}
	e.claimsDone = true
	bound := map[string]int{}
	bindings := e.RunWorkspaces()
	for i := range bindings {
		if _, again := bound[bindings[i].Name]; !again && bindings[i].PersistentVolumeClaim != nil {
			bound[bindings[i].Name] = i
		}
	}
	for _, m := range e.runMounts() {
		u := ClaimUse{Run: e, Task: m.task, Claim: m.claim, Path: m.path, Spot: m.spot, Writes: m.writes}
		if m.claim == "" {
			i, ok := bound[m.workspace]
			if !ok {
				continue
			}
			b := &bindings[i]
			u.Claim, u.Path, u.Writes = b.PersistentVolumeClaim.ClaimName, clean(b.SubPath+"/"+m.path), m.writes && !b.PersistentVolumeClaim.ReadOnly
			u.Spot = e.At("spec").Index("workspaces", i).Field("persistentVolumeClaim", "claimName")
		}
		if u.Claim != "" && !tekref.Contains(u.Claim) {
			e.claims = append(e.claims, u)
		}
	}
	return e.claims
}

// claimMount is a directory that a definition mounts, whichever run runs it.
type claimMount struct {
	task      *PipelineTask
	workspace string // of the definition; "" for a volume
	claim     string // of a volume
	spot      Spot   // of a volume
	path      string
	writes    bool
}

// maxMounts limits the directories of a definition, because many runs can share it.
const maxMounts = 64

// runMounts returns what the definition of a run mounts.
func (e *Entry) runMounts() []claimMount {
	switch {
	case e.TaskRun != nil:
		spec, at := e.TaskRun.Spec.TaskSpec, e.At("spec", "taskSpec")
		if ref := e.TaskRun.Spec.TaskRef; ref != nil && ref.Resolver == "" {
			if found := e.set.Find("Task", e.Ref.Namespace, ref.Name, e); found != nil && found.Task != nil {
				spec, at = &found.Task.Spec, found.At("spec")
			}
		}
		if spec != nil {
			return e.set.taskMounts(spec, at)
		}
	case e.Run != nil:
		p := e.PipelineSpec()
		if ref := e.Run.Spec.PipelineRef; ref != nil && ref.Resolver == "" {
			if found := e.set.Find("Pipeline", e.Ref.Namespace, ref.Name, e); found != nil {
				p = found.PipelineSpec()
			}
		}
		if p != nil {
			return e.set.mounts(p.Spec, func(add func(claimMount)) {
				for _, t := range p.Tasks {
					for _, w := range t.BoundByTask() {
						d := t.Runs.Workspace(w.Name)
						add(claimMount{task: t, workspace: From(&w), path: w.SubPath, writes: d != nil && !d.ReadOnly})
					}
					if t.Runs.Spec == nil {
						continue
					}
					for _, m := range e.set.taskMounts(t.Runs.Spec, t.Runs.Spot) {
						if m.task = t; m.workspace == "" {
							add(m)
						}
					}
				}
			})
		}
	}
	return nil
}

// taskMounts returns what a Task spec mounts.
func (s *Set) taskMounts(spec *v1.TaskSpec, at Spot) []claimMount {
	return s.mounts(spec, func(add func(claimMount)) {
		for i := range spec.Workspaces {
			w := &spec.Workspaces[i]
			add(claimMount{workspace: w.Name, writes: !w.ReadOnly})
		}
		volumeMounts(spec, at, add)
	})
}

// mounts returns what a Task spec or a pipeline spec mounts, each directory once.
func (s *Set) mounts(spec any, visit func(add func(claimMount))) []claimMount {
	out, ok := s.claimMounts[spec]
	if ok {
		return out
	}
	type directory struct{ workspace, claim, path string }
	at := map[directory]int{}
	visit(func(m claimMount) {
		m.path = clean(m.path)
		key := directory{m.workspace, m.claim, m.path}
		i, again := at[key]
		switch {
		case again && m.writes && !out[i].writes:
			out[i] = m
		case !again && len(out) < maxMounts:
			at[key] = len(out)
			out = append(out, m)
		}
	})
	if s.claimMounts == nil {
		s.claimMounts = map[any][]claimMount{}
	}
	s.claimMounts[spec] = out
	return out
}

// volumeMounts visits the claims that are volumes of a Task and that its containers
// mount.
func volumeMounts(spec *v1.TaskSpec, at Spot, add func(claimMount)) {
	claims := map[string]int{}
	for i := range spec.Volumes {
		if _, again := claims[spec.Volumes[i].Name]; !again && spec.Volumes[i].PersistentVolumeClaim != nil {
			claims[spec.Volumes[i].Name] = i
		}
	}
	if len(claims) == 0 {
		return
	}
	visit := func(mounts []corev1.VolumeMount) {
		for j := range mounts {
			m := &mounts[j]
			i, ok := claims[m.Name]
			if !ok || m.SubPathExpr != "" || spec.Volumes[i].PersistentVolumeClaim.ClaimName == "" {
				continue
			}
			claim := spec.Volumes[i].PersistentVolumeClaim
			add(claimMount{
				claim: claim.ClaimName, path: m.SubPath, writes: !m.ReadOnly && !claim.ReadOnly,
				spot: at.Index("volumes", i).Field("persistentVolumeClaim", "claimName"),
			})
		}
	}
	if spec.StepTemplate != nil {
		visit(spec.StepTemplate.VolumeMounts)
	}
	for j := range spec.Steps {
		visit(spec.Steps[j].VolumeMounts)
	}
	for j := range spec.Sidecars {
		visit(spec.Sidecars[j].VolumeMounts)
	}
}

// clean returns a directory without slashes at its ends, "" for the root.
func clean(dir string) string { return strings.Trim(path.Clean("/"+dir), "/") }

// TrustedUse returns a use of the directory, or of one inside it, by a run that members
// start; nil if there is none. Directories with variables are left out, because they
// may differ for each run.
func (u *ClaimUse) TrustedUse() *ClaimUse {
	if tekref.Contains(u.Path) {
		return nil
	}
	s := u.Run.set
	if s.trusted == nil {
		s.trusted = map[claimPath][]*ClaimUse{}
		for _, e := range s.All() {
			if who, _ := e.StartedBy(); !who.Members {
				continue
			}
			uses := e.ClaimUses()
			for i := range uses {
				for _, dir := range around(uses[i].Path) {
					key := claimPath{uses[i].Claim, dir}
					s.trusted[key] = append(s.trusted[key], &uses[i])
				}
			}
		}
	}
	for _, o := range s.trusted[claimPath{u.Claim, u.Path}] {
		if SameNamespace(o.Run.Ref.Namespace, u.Run.Ref.Namespace) {
			return o
		}
	}
	return nil
}

// claimPath is a directory of the PersistentVolumeClaims with a name.
type claimPath struct{ claim, path string }

// around returns a directory and those that contain it. The number is limited, so
// that the cost stays linear.
func around(dir string) []string {
	const limit = 32
	out := []string{""}
	for i := range len(dir) {
		if dir[i] == '/' && len(out) < limit {
			out = append(out, dir[:i])
		}
	}
	if dir != "" {
		out = append(out, dir)
	}
	return out
}
