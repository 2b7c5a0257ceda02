package oracle

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// inTasks breaks the Task of a task of the Pipeline, or that of the TaskRun.
func inTasks(sites func(spec *v1.TaskSpec) []func()) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		var all []site
		for _, n := range s.nodes() {
			for _, apply := range sites(n.spec) {
				where := []string{n.where}
				if n.TaskSpec != nil {
					where = append(where, s.runName()) // workspaces come from there
				}
				all = append(all, site{where, apply})
			}
		}
		return one(g, all)
	}
}

// written puts a text into each field of an inline step in turn.
func written(values ...string) func(*gen, *system) []string {
	return inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for i := range ts.Steps {
			step := &ts.Steps[i]
			if step.Ref != nil {
				continue
			}
			for _, v := range values {
				out = append(out,
					func() { step.Env = append(step.Env, corev1.EnvVar{Name: "WRONG", Value: v}) },
					func() { step.Args = append(step.Args, v) },
				)
				if step.Script != "" {
					out = append(out, func() { step.Script += "echo " + v + "\n" })
				}
			}
		}
		return out
	})
}

// aside puts a text where the webhook does not look.
func aside(value string) func(*gen, *system) []string {
	return inTasks(func(ts *v1.TaskSpec) []func() {
		return []func(){
			func() {
				ts.Sidecars = append(ts.Sidecars, v1.Sidecar{Name: "more", Image: "registry.local/a:1", Args: []string{value}})
			},
			func() {
				ts.Volumes = append(ts.Volumes, corev1.Volume{Name: "more", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: value}}})
			},
			func() {
				ts.Steps[len(ts.Steps)-1].EnvFrom = []corev1.EnvFromSource{{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: value}}}}
			},
			func() {
				ts.Steps[len(ts.Steps)-1].Env = append(ts.Steps[len(ts.Steps)-1].Env, corev1.EnvVar{Name: "WRONG", ValueFrom: &corev1.EnvVarSource{
					SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: value}, Key: "key"},
				}})
			},
		}
	})
}

// referringSteps lists the steps that use a StepAction.
func (s *system) referringSteps() (out []stepUse) {
	for _, n := range s.nodes() {
		for i := range n.spec.Steps {
			if ref := n.spec.Steps[i].Ref; ref != nil {
				out = append(out, stepUse{&n.spec.Steps[i], n.where, s.action(ref.Name).Spec.Params, "StepAction/" + ref.Name})
			}
		}
	}
	return out
}

type stepUse struct {
	*v1.Step
	where  string
	params v1.ParamSpecs
	action string
}

var stepFaults = []fault{
	{name: "param misspelt in a step", codes: []string{"param-unknown"}, do: written("$(params.tyop)", "a $(params['tyop'])")},
	{name: "param misspelt in a sidecar, volume or envFrom", row: 37, codes: []string{"param-unknown"}, do: aside("$(params.tyop)")},
	{name: "workspace misspelt in a step", row: 39, codes: []string{"workspace-unknown", "workspace-missing"}, do: written("$(workspaces.tyop.path)")},
	{name: "result misspelt in a step", row: 40, codes: []string{"result-unknown"}, do: written("$(results.tyop.path)")},
	{name: "result of no step in a step", row: 42, codes: []string{"result-unknown"}, do: written("$(step.results.tyop.path)")},
	{name: "context misspelt in a step", codes: []string{"variable-unknown"}, do: written("$(context.taskRun.nmae)", "$(context.task.uid)")},
	{name: "result without .path in a step", row: 41, codes: []string{"variable-syntax"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for _, r := range ts.Results {
			step := &ts.Steps[len(ts.Steps)-1]
			out = append(out, func() { step.Env = append(step.Env, corev1.EnvVar{Name: "WRONG", Value: "$(results." + r.Name + ")"}) })
		}
		return out
	})},
	{name: "object key misspelt in a step", codes: []string{"key-unknown"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for _, p := range ofType(ts.Params, v1.ParamTypeObject) {
			step := &ts.Steps[len(ts.Steps)-1]
			out = append(out, func() {
				step.Env = append(step.Env, corev1.EnvVar{Name: "WRONG", Value: "$(params." + p.Name + ".tyop)"})
			})
		}
		return out
	})},
	{name: "array in the middle of an argument", codes: []string{"param-type", "variable-syntax"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for _, p := range ofType(ts.Params, v1.ParamTypeArray) {
			step := &ts.Steps[len(ts.Steps)-1]
			out = append(out, func() { step.Args = append(step.Args, "--all=$(params."+p.Name+"[*])") })
		}
		return out
	})},
	{name: "string used by key or index in a step", row: 45, codes: []string{"param-type", "variable-syntax", "param-unknown", "key-unknown"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for _, p := range ofType(ts.Params, v1.ParamTypeString) {
			if strings.Contains(p.Name, ".") {
				continue
			}
			for _, suffix := range []string{".url", "[0]"} {
				step := &ts.Steps[len(ts.Steps)-1]
				out = append(out, func() { step.Args = append(step.Args, "$(params."+p.Name+suffix+")") })
			}
		}
		return out
	})},
	{name: "index beyond an array of the TaskRun", row: 46, codes: []string{"index-range"}, do: func(g *gen, s *system) []string {
		var sites []site
		ts := s.taskOfRun()
		for _, p := range ofType(ts.Params, v1.ParamTypeArray) {
			step := &ts.Steps[len(ts.Steps)-1]
			where := []string{s.taskRunName()}
			if ref := s.taskRun.Spec.TaskRef; ref != nil {
				where = append(where, "Task/"+ref.Name)
			}
			sites = append(sites, site{where, func() { step.Args = append(step.Args, "$(params."+p.Name+"[7])") }})
		}
		return one(g, sites)
	}},
	{name: "step of no StepAction", row: 3, codes: []string{"stepaction-unknown"}, do: func(g *gen, s *system) []string {
		u, ok := pick(g, s.referringSteps())
		if !ok {
			return nil
		}
		u.Ref = &v1.Ref{Name: "auction"}
		return []string{u.where}
	}},
	{name: "param that the StepAction does not declare", row: 13, codes: []string{"param-extra", "param-unknown"}, do: func(g *gen, s *system) []string {
		u, ok := pick(g, s.referringSteps())
		if !ok {
			return nil
		}
		u.Params = append(u.Params, v1.Param{Name: "stray", Value: text("x")})
		return []string{u.where}
	}},
	{name: "step without a required param of its StepAction", row: 14, codes: []string{"param-missing"}, do: func(g *gen, s *system) []string {
		var sites []site
		for _, u := range s.referringSteps() {
			for i, p := range u.Params {
				if paramOf(u.params, p.Name).Default == nil {
					sites = append(sites, site{[]string{u.where}, drop((*[]v1.Param)(&u.Step.Params), i)})
				}
			}
		}
		return one(g, sites)
	}},
	{name: "param misspelt in a StepAction", codes: []string{"param-unknown"}, do: func(g *gen, s *system) []string {
		u, ok := pick(g, s.referringSteps())
		if !ok {
			return nil
		}
		a := s.action(u.Ref.Name)
		a.Spec.Env = append(a.Spec.Env, corev1.EnvVar{Name: "WRONG", Value: "$(params.tyop)"})
		return []string{u.action}
	}},
	{name: "requests above limits", row: 60, codes: []string{"resources-invalid"}, do: inTasks(func(ts *v1.TaskSpec) []func() {
		step := &ts.Steps[len(ts.Steps)-1]
		quantity := func(s string) corev1.ResourceList {
			return corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(s)}
		}
		return []func(){func() {
			step.ComputeResources = corev1.ResourceRequirements{Requests: quantity("2Gi"), Limits: quantity("512Mi")}
		}}
	})},
	{name: "two steps of one name", codes: []string{"step-duplicate"}, do: inTasks(func(ts *v1.TaskSpec) []func() {
		return []func(){func() {
			ts.Steps = append(ts.Steps, v1.Step{Name: ts.Steps[0].Name, Image: "registry.local/a:1", Command: []string{"x"}})
		}}
	})},
	{name: "two params of one name", codes: []string{"param-duplicate"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for _, p := range ts.Params {
			out = append(out, func() { ts.Params = append(ts.Params, p) })
		}
		return out
	})},
	{name: "two workspaces at one path", codes: []string{"mount-duplicate"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		if len(ts.Workspaces) > 1 {
			out = append(out, func() { ts.Workspaces[0].MountPath, ts.Workspaces[1].MountPath = "/same", "/same" })
		}
		return out
	})},
	{name: "default of the wrong type", codes: []string{"param-type"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for i, p := range ts.Params {
			v := text("plain")
			if p.Type == v1.ParamTypeString {
				v = list("an", "array")
			}
			out = append(out, func() { ts.Params[i].Default = &v })
		}
		return out
	})},
	{name: "default not in the enum", codes: []string{"enum-invalid"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for i, p := range ts.Params {
			if len(p.Enum) > 0 && p.Default != nil {
				out = append(out, func() { v := text("purple"); ts.Params[i].Default = &v })
			}
		}
		return out
	})},
	{name: "result of a step misspelt", row: 44, codes: []string{"result-unknown", "step-unknown"}, do: inTasks(func(ts *v1.TaskSpec) (out []func()) {
		for i, r := range ts.Results {
			if r.Value != nil {
				for _, v := range []string{"$(steps.shared.results.tyop)", "$(steps.share.results.digest)"} {
					out = append(out, func() { ts.Results[i].Value = &v1.ParamValue{Type: v1.ParamTypeString, StringVal: v} })
				}
			}
		}
		return out
	}), blind: "the entrypoint looks for it when the step has run"},
	{name: "mount of no volume", row: 58, codes: []string{"volume-unknown"}, do: inTasks(func(ts *v1.TaskSpec) []func() {
		step := &ts.Steps[len(ts.Steps)-1]
		return []func(){func() {
			step.VolumeMounts = append(step.VolumeMounts, corev1.VolumeMount{Name: "tyop", MountPath: "/tyop"})
		}}
	}), blind: "the API server refuses the Pod"},
}
