package oracle

import (
	"fmt"
	"math/rand/v2"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// gen makes things at random, the same ones for the same seed.
type gen struct{ *rand.Rand }

func newGen(seed, stream uint64) *gen { return &gen{rand.New(rand.NewPCG(seed, stream))} }

func (g *gen) chance(p float64) bool     { return g.Float64() < p }
func (g *gen) between(low, high int) int { return low + g.IntN(high-low+1) }

// pick returns one of the items, false if there is none.
func pick[T any](g *gen, items []T) (item T, ok bool) {
	if len(items) == 0 {
		return item, false
	}
	return items[g.IntN(len(items))], true
}

// generate makes a system that runs.
func generate(seed uint64) *system {
	g := newGen(seed, 1)
	s := &system{}
	for i := range g.between(0, 2) {
		s.actions = append(s.actions, g.stepAction(fmt.Sprintf("action-%d", i)))
	}
	for i := range g.between(2, 4) {
		t := &v1.Task{TypeMeta: typeMeta("v1", "Task"), ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("task-%d", i)}}
		t.Spec = g.taskSpec(s.actions, "")
		s.tasks = append(s.tasks, t)
	}
	spec := g.pipelineSpec(s)
	s.run = &v1.PipelineRun{TypeMeta: typeMeta("v1", "PipelineRun"), ObjectMeta: metav1.ObjectMeta{Name: "release-1"}}
	if g.chance(0.15) {
		s.run.Spec.PipelineSpec = spec
	} else {
		s.pipeline = &v1.Pipeline{TypeMeta: typeMeta("v1", "Pipeline"), ObjectMeta: metav1.ObjectMeta{Name: "release"}, Spec: *spec}
		s.run.Spec.PipelineRef = &v1.PipelineRef{Name: "release"}
	}
	g.pipelineRun(s)
	g.taskRun(s)
	return s
}

func typeMeta(version, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: "tekton.dev/" + version, Kind: kind}
}

func (g *gen) stepAction(name string) *v1beta1.StepAction {
	a := &v1beta1.StepAction{TypeMeta: typeMeta("v1beta1", "StepAction"), ObjectMeta: metav1.ObjectMeta{Name: name}}
	a.Spec.Image = "registry.local/tools:1.4"
	a.Spec.Params = g.paramSpecs(2, false, "")
	if g.chance(0.5) {
		a.Spec.Results = []v1.StepResult{{Name: "digest", Type: v1.ResultsTypeString}}
	}
	env, args := g.uses(a.Spec.Params)
	a.Spec.Env = env
	if g.chance(0.5) {
		a.Spec.Script = "#!/bin/sh\necho built\n"
		for _, r := range a.Spec.Results {
			a.Spec.Script += fmt.Sprintf("date > $(step.results.%s.path)\n", r.Name)
		}
	} else {
		a.Spec.Command = []string{"build"}
	}
	a.Spec.Args = args
	return a
}
