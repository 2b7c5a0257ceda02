package oracle

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// bound lists the workspaces that tasks of the Pipeline pass.
func (s *system) bound(keep func(n taskNode, d v1.WorkspaceDeclaration) bool) (out []boundSpace) {
	for _, n := range s.nodes() {
		for i := range n.Workspaces {
			for _, d := range n.spec.Workspaces {
				if d.Name == n.Workspaces[i].Name && keep(n, d) {
					out = append(out, boundSpace{n, i, d})
				}
			}
		}
	}
	return out
}

type boundSpace struct {
	taskNode
	i int
	d v1.WorkspaceDeclaration
}

// space is the workspace of the Pipeline.
func (b boundSpace) space() string {
	if w := b.Workspaces[b.i].Workspace; w != "" {
		return w
	}
	return b.Workspaces[b.i].Name
}

func required(_ taskNode, d v1.WorkspaceDeclaration) bool { return !d.Optional }

func claim(name string) v1.WorkspaceBinding {
	return v1.WorkspaceBinding{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name}}
}

// bind gives a run a binding in place of the one that it has.
func bind(bindings *[]v1.WorkspaceBinding, name string, b v1.WorkspaceBinding) {
	b.Name = name
	for i := range *bindings {
		if (*bindings)[i].Name == name {
			(*bindings)[i] = b
			return
		}
	}
	*bindings = append(*bindings, b)
}

var workspaceFaults = []fault{
	{name: "PipelineRun without a required workspace", row: 48, codes: []string{"workspace-missing"}, do: func(g *gen, s *system) []string {
		spec, _ := s.spec()
		var sites []site
		for i, b := range s.run.Spec.Workspaces {
			for _, d := range spec.Workspaces {
				if d.Name == b.Name && !d.Optional {
					sites = append(sites, site{[]string{s.runName()}, drop(&s.run.Spec.Workspaces, i)})
				}
			}
		}
		return one(g, sites)
	}},
	{name: "PipelineRun workspace that nobody declares", row: 49, codes: []string{"workspace-extra"}, ignored: true, do: func(_ *gen, s *system) []string {
		if s.pipeline == nil {
			return nil
		}
		bind(&s.run.Spec.Workspaces, "stray", v1.WorkspaceBinding{EmptyDir: &corev1.EmptyDirVolumeSource{}})
		return []string{s.runName()}
	}},
	{name: "task without a required workspace", row: 50, codes: []string{"workspace-missing"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		b, ok := pick(g, s.bound(required))
		if !ok {
			return nil
		}
		drop(&b.PipelineTask.Workspaces, b.i)()
		return []string{where}
	}},
	{name: "task workspace that its Task does not declare", row: 51, codes: []string{"workspace-extra", "workspace-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		b, ok := pick(g, s.bound(func(n taskNode, _ v1.WorkspaceDeclaration) bool { return n.TaskRef != nil }))
		if !ok {
			return nil
		}
		b.PipelineTask.Workspaces = append(b.PipelineTask.Workspaces, v1.WorkspacePipelineTaskBinding{Name: "stray", Workspace: b.space()})
		return []string{where}
	}},
	{name: "task workspace that the Pipeline does not declare", codes: []string{"workspace-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		b, ok := pick(g, s.bound(required))
		if !ok {
			return nil
		}
		b.Workspaces[b.i].Workspace = "sauce"
		return []string{where}
	}},
	{name: "optional workspace for a Task that requires it", row: 52, codes: []string{"workspace-optional"}, do: func(g *gen, s *system) []string {
		spec, where := s.spec()
		var sites []site
		for _, b := range s.bound(required) {
			for i := range spec.Workspaces {
				if spec.Workspaces[i].Name == b.space() {
					sites = append(sites, site{[]string{where}, func() { spec.Workspaces[i].Optional = true }})
				}
			}
		}
		return one(g, sites)
	}, blind: "ValidateOptionalWorkspaces does not know what is meant when workspace is left out, and runs that bind it run"},
	{name: "two claims in one task", row: 53, codes: []string{"volume-conflict"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		bound := s.bound(func(taskNode, v1.WorkspaceDeclaration) bool { return true })
		for _, a := range bound {
			for _, b := range bound {
				if a.Name == b.Name && a.space() != b.space() {
					sites = append(sites, site{[]string{s.runName(), where}, func() {
						bind(&s.run.Spec.Workspaces, a.space(), claim("first"))
						bind(&s.run.Spec.Workspaces, b.space(), claim("second"))
					}})
				}
			}
		}
		return one(g, sites)
	}},
	{name: "TaskRun without a required workspace", row: 50, codes: []string{"workspace-missing"}, do: func(g *gen, s *system) []string {
		var sites []site
		for i, b := range s.taskRun.Spec.Workspaces {
			for _, d := range s.taskOfRun().Workspaces {
				if d.Name == b.Name && !d.Optional {
					sites = append(sites, site{[]string{s.taskRunName()}, drop(&s.taskRun.Spec.Workspaces, i)})
				}
			}
		}
		return one(g, sites)
	}},
	{name: "TaskRun workspace that the Task does not declare", row: 51, codes: []string{"workspace-extra", "workspace-unknown"}, do: func(_ *gen, s *system) []string {
		if s.taskRun.Spec.TaskRef == nil {
			return nil // it reaches the steps
		}
		bind(&s.taskRun.Spec.Workspaces, "stray", v1.WorkspaceBinding{EmptyDir: &corev1.EmptyDirVolumeSource{}})
		return []string{s.taskRunName()}
	}},
	{name: "two claims in a TaskRun", row: 53, codes: []string{"volume-conflict"}, do: func(_ *gen, s *system) []string {
		ws := s.taskOfRun().Workspaces
		if len(ws) < 2 {
			return nil
		}
		bind(&s.taskRun.Spec.Workspaces, ws[0].Name, claim("first"))
		bind(&s.taskRun.Spec.Workspaces, ws[1].Name, claim("second"))
		return []string{s.taskRunName()}
	}},
	{name: "binding to two volumes, or none", codes: []string{"binding-invalid"}, do: func(g *gen, s *system) []string {
		var sites []site
		for i := range s.run.Spec.Workspaces {
			b := &s.run.Spec.Workspaces[i]
			sites = append(sites,
				site{[]string{s.runName()}, func() { *b = v1.WorkspaceBinding{Name: b.Name} }},
				site{[]string{s.runName()}, func() {
					*b = claim("first")
					b.Name, b.EmptyDir = s.run.Spec.Workspaces[i].Name, &corev1.EmptyDirVolumeSource{}
				}})
		}
		return one(g, sites)
	}},
	{name: "claim template without a size", row: 66, codes: []string{"binding-invalid"}, do: func(g *gen, s *system) []string {
		var sites []site
		for i := range s.run.Spec.Workspaces {
			b := &s.run.Spec.Workspaces[i]
			if b.VolumeClaimTemplate != nil {
				sites = append(sites,
					site{[]string{s.runName()}, func() { b.VolumeClaimTemplate.Spec.Resources = corev1.VolumeResourceRequirements{} }},
					site{[]string{s.runName()}, func() { b.VolumeClaimTemplate.Spec.AccessModes = nil }})
			}
		}
		return one(g, sites)
	}, blind: "the API server refuses the claim"},
}
