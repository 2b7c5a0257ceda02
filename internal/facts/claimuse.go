package facts

import (
	"path"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// ClaimUse is a directory of a PersistentVolumeClaim that a run mounts.
type ClaimUse struct {
	Run   *Entry
	Spot  Spot   // of the name of the claim
	Claim string // its name
	Path  string // the directory, without slashes at its ends; "" for the root
	// Task is the task of the pipeline that mounts it; nil for a TaskRun.
	Task *PipelineTask
	// Writes reports whether its Task is known and may write there.
	Writes bool
}

// ClaimUses returns the directories of PersistentVolumeClaims that the tasks of a run
// mount as workspaces. Tasks and Pipelines that are not in the set have none.
func (e *Entry) ClaimUses() []ClaimUse {
	e.set.asked(Objects)
	e.set.asked(Workspaces)
	if e.claimsDone {
		return e.claims
	}
	e.claimsDone = true
	bindings := e.RunWorkspaces()
	if !slices.ContainsFunc(bindings, func(b v1.WorkspaceBinding) bool { return b.PersistentVolumeClaim != nil }) {
		return nil
	}
	use := func(name, sub string, task *PipelineTask, declared *v1.WorkspaceDeclaration) {
		for i := range bindings {
			b := &bindings[i]
			if b.Name != name || b.PersistentVolumeClaim == nil || tekref.Contains(b.PersistentVolumeClaim.ClaimName) || b.PersistentVolumeClaim.ClaimName == "" {
				continue
			}
			e.claims = append(e.claims, ClaimUse{
				Run: e, Task: task, Claim: b.PersistentVolumeClaim.ClaimName, Path: strings.Trim(path.Clean("/"+b.SubPath+"/"+sub), "/"),
				Spot:   e.At("spec").Index("workspaces", i).Field("persistentVolumeClaim", "claimName"),
				Writes: declared != nil && !declared.ReadOnly && !b.PersistentVolumeClaim.ReadOnly,
			})
			return
		}
	}
	switch {
	case e.TaskRun != nil:
		spec := e.TaskRun.Spec.TaskSpec
		if ref := e.TaskRun.Spec.TaskRef; ref != nil && ref.Resolver == "" {
			if found := e.set.Find("Task", e.Ref.Namespace, ref.Name, e); found != nil && found.Task != nil {
				spec = &found.Task.Spec
			}
		}
		if spec == nil {
			return nil
		}
		for i := range spec.Workspaces {
			use(spec.Workspaces[i].Name, "", nil, &spec.Workspaces[i])
		}
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
				use(From(&w), w.SubPath, t, t.Runs.Workspace(w.Name))
			}
		}
	}
	return e.claims
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
