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
// the set have none.
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
	// add adds the claim that the run binds to a workspace, which a Task declares, or
	// which is nil if the Task is not known.
	add := func(name, sub string, task *PipelineTask, declared *v1.WorkspaceDeclaration) {
		i, ok := bound[name]
		if !ok {
			return
		}
		b := &bindings[i]
		e.addClaim(ClaimUse{
			Task: task, Claim: b.PersistentVolumeClaim.ClaimName, Path: b.SubPath + "/" + sub,
			Spot:   e.At("spec").Index("workspaces", i).Field("persistentVolumeClaim", "claimName"),
			Writes: declared != nil && !declared.ReadOnly && !b.PersistentVolumeClaim.ReadOnly,
		})
	}
	switch {
	case e.TaskRun != nil:
		spec, at := e.TaskRun.Spec.TaskSpec, e.At("spec", "taskSpec")
		if ref := e.TaskRun.Spec.TaskRef; ref != nil && ref.Resolver == "" {
			if found := e.set.Find("Task", e.Ref.Namespace, ref.Name, e); found != nil && found.Task != nil {
				spec, at = &found.Task.Spec, found.At("spec")
			}
		}
		if spec == nil {
			return nil
		}
		for i := range spec.Workspaces {
			add(spec.Workspaces[i].Name, "", nil, &spec.Workspaces[i])
		}
		e.volumeClaims(spec, at, nil)
	case e.Run != nil:
		p := e.PipelineSpec()
		if ref := e.Run.Spec.PipelineRef; ref != nil && ref.Resolver == "" {
			if found := e.set.Find("Pipeline", e.Ref.Namespace, ref.Name, e); found != nil {
				p = found.PipelineSpec()
			}
		}
		if p == nil {
			return nil
		}
		for _, t := range p.Tasks {
			for _, w := range t.BoundByTask() {
				add(From(&w), w.SubPath, t, t.Runs.Workspace(w.Name))
			}
			if t.Runs.Spec != nil {
				e.volumeClaims(t.Runs.Spec, t.Runs.Spot, t)
			}
		}
	}
	return e.claims
}

// volumeClaims adds the claims that are volumes of a Task and that its containers mount.
func (e *Entry) volumeClaims(spec *v1.TaskSpec, at Spot, task *PipelineTask) {
	claims := map[string]int{}
	for i := range spec.Volumes {
		if _, again := claims[spec.Volumes[i].Name]; !again && spec.Volumes[i].PersistentVolumeClaim != nil {
			claims[spec.Volumes[i].Name] = i
		}
	}
	mount := func(mounts []corev1.VolumeMount) {
		for j := range mounts {
			m := &mounts[j]
			i, ok := claims[m.Name]
			if !ok || m.SubPathExpr != "" {
				continue
			}
			claim := spec.Volumes[i].PersistentVolumeClaim
			e.addClaim(ClaimUse{
				Task: task, Claim: claim.ClaimName, Path: m.SubPath, Writes: !m.ReadOnly && !claim.ReadOnly,
				Spot: at.Index("volumes", i).Field("persistentVolumeClaim", "claimName"),
			})
		}
	}
	if spec.StepTemplate != nil {
		mount(spec.StepTemplate.VolumeMounts)
	}
	for j := range spec.Steps {
		mount(spec.Steps[j].VolumeMounts)
	}
	for j := range spec.Sidecars {
		mount(spec.Sidecars[j].VolumeMounts)
	}
}

// maxClaims limits the directories of a run, because many runs can share a Task.
const maxClaims = 64

// addClaim adds a use, unless the name of the claim has a variable. A directory that
// several tasks mount is added once, for the first of them that writes to it.
func (e *Entry) addClaim(u ClaimUse) {
	if u.Claim == "" || tekref.Contains(u.Claim) {
		return
	}
	u.Run, u.Path = e, strings.Trim(path.Clean("/"+u.Path), "/")
	for i := range e.claims {
		if o := &e.claims[i]; o.Claim == u.Claim && o.Path == u.Path {
			if u.Writes && !o.Writes {
				*o = u
			}
			return
		}
	}
	if len(e.claims) < maxClaims {
		e.claims = append(e.claims, u)
	}
}

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
