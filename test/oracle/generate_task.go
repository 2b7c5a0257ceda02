package oracle

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// taskSpec makes a Task whose params have names that begin with prefix.
func (g *gen) taskSpec(actions []*v1beta1.StepAction, prefix string) v1.TaskSpec {
	ts := v1.TaskSpec{Params: g.paramSpecs(2, true, prefix)}
	for i := range g.between(0, 3) {
		r := v1.TaskResult{Name: fmt.Sprintf("result-%d", i), Type: v1.ResultsType([]v1.ParamType{
			v1.ParamTypeString, v1.ParamTypeString, v1.ParamTypeArray, v1.ParamTypeObject,
		}[g.IntN(4)])}
		if r.Type == v1.ResultsTypeObject {
			r.Properties = map[string]v1.PropertySpec{"url": {Type: v1.ParamTypeString}, "revision": {Type: v1.ParamTypeString}}
		}
		ts.Results = append(ts.Results, r)
	}
	for i := range g.between(0, 2) {
		ts.Workspaces = append(ts.Workspaces, v1.WorkspaceDeclaration{
			Name: fmt.Sprintf("space-%d", i), Optional: g.chance(0.35), ReadOnly: g.chance(0.2),
		})
	}
	g.steps(&ts, actions)
	if g.chance(0.2) {
		ts.Sidecars = []v1.Sidecar{{Name: "proxy", Image: "registry.local/proxy:2.0", Env: g.someEnv(ts.Params)}}
	}
	if g.chance(0.2) {
		ts.StepTemplate = &v1.StepTemplate{Env: []corev1.EnvVar{{Name: "HOME", Value: "/tekton/home"}}}
	}
	return ts
}

// someEnv is an environment of one string param, if there is one.
func (g *gen) someEnv(params v1.ParamSpecs) []corev1.EnvVar {
	p, ok := pick(g, ofType(params, v1.ParamTypeString))
	if !ok {
		return nil
	}
	return []corev1.EnvVar{{Name: "INPUT", Value: g.ref(p.Name, "")}}
}

func ofType(params v1.ParamSpecs, t v1.ParamType) v1.ParamSpecs {
	return slices.DeleteFunc(slices.Clone(params), func(p v1.ParamSpec) bool { return p.Type != t })
}

func (g *gen) steps(ts *v1.TaskSpec, actions []*v1beta1.StepAction) {
	env, args := g.uses(ts.Params)
	main := v1.Step{Name: "main", Image: "registry.local/tools:1.4", Env: env, Args: args}
	if len(args) > 0 && g.chance(0.5) {
		main.Command = []string{"run"}
	} else {
		main.Script = script(ts)
	}
	if g.chance(0.3) {
		main.ComputeResources = corev1.ResourceRequirements{
			Requests: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("64Mi")},
			Limits:   corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("128Mi")},
		}
	}
	if g.chance(0.2) {
		ts.Volumes = []corev1.Volume{{Name: "scratch", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
		main.VolumeMounts = []corev1.VolumeMount{{Name: "scratch", MountPath: "/scratch"}}
	}
	if a, ok := pick(g, actions); ok && g.chance(0.5) {
		step := v1.Step{Name: "shared", Ref: &v1.Ref{Name: a.Name}}
		for _, p := range a.Spec.Params {
			if p.Default == nil || g.chance(0.5) {
				step.Params = append(step.Params, v1.Param{Name: p.Name, Value: g.stepValue(p, ts.Params)})
			}
		}
		ts.Steps = append(ts.Steps, step)
		if len(a.Spec.Results) > 0 && g.chance(0.6) {
			ts.Results = append(ts.Results, v1.TaskResult{Name: "shared", Type: v1.ResultsTypeString, Value: &v1.ParamValue{
				Type: v1.ParamTypeString, StringVal: "$(steps.shared.results." + a.Spec.Results[0].Name + ")",
			}})
		}
	}
	ts.Steps = append(ts.Steps, main)
}

// stepValue is a value that a step passes to a StepAction.
func (g *gen) stepValue(p v1.ParamSpec, params v1.ParamSpecs) v1.ParamValue {
	if from, ok := pick(g, ofType(params, p.Type)); ok && g.chance(0.5) {
		switch p.Type {
		case v1.ParamTypeString:
			return text(g.ref(from.Name, ""))
		case v1.ParamTypeArray:
			return text("$(params." + from.Name + "[*])")
		}
	}
	return g.literal(p)
}

// script writes the results, and goes through the workspaces.
func script(ts *v1.TaskSpec) string {
	var b strings.Builder
	b.WriteString("#!/bin/sh\necho $(context.taskRun.name)\n")
	for _, r := range ts.Results {
		if r.Value == nil {
			fmt.Fprintf(&b, "date > $(results.%s.path)\n", r.Name)
		}
	}
	for _, w := range ts.Workspaces {
		fmt.Fprintf(&b, "ls $(workspaces.%s.path)\n", w.Name)
	}
	return b.String()
}
