package oracle

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipeline/dag"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
)

// guardedPipeline makes a pipeline in which some tasks have a when expression, read
// the result of an earlier task, or run after one.
func guardedPipeline(r *rand.Rand) *v1.Pipeline {
	p := &v1.Pipeline{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"}, ObjectMeta: metav1.ObjectMeta{Name: "p"},
		Spec: v1.PipelineSpec{Params: v1.ParamSpecs{{Name: "run", Type: v1.ParamTypeString}}}}
	for i := range 7 {
		t := v1.PipelineTask{Name: fmt.Sprintf("t%d", i), TaskSpec: &v1.EmbeddedTask{TaskSpec: v1.TaskSpec{
			Params: v1.ParamSpecs{{Name: "in", Type: v1.ParamTypeString, Default: v1.NewStructuredValues("")}}, Results: []v1.TaskResult{{Name: "out", Type: v1.ResultsTypeString}},
			Steps: []v1.Step{{Name: "s", Image: "registry.local/alpine:3.20", Args: []string{"$(params.in)", "$(results.out.path)"}}}}}}
		if r.IntN(4) == 0 {
			t.When = v1.WhenExpressions{{Input: "$(params.run)", Operator: "in", Values: []string{"yes"}}}
		}
		if i > 0 && r.IntN(5) == 0 {
			w := v1.WhenExpression{Input: fmt.Sprintf("$(tasks.t%d.results.out)", r.IntN(i)), Operator: "in", Values: []string{"v"}}
			if r.IntN(2) == 0 {
				w.Operator, w.Values = "notin", []string{""}
			}
			t.When = append(t.When, w)
		}
		if i > 0 && r.IntN(3) == 0 {
			t.Params = v1.Params{{Name: "in", Value: *v1.NewStructuredValues(fmt.Sprintf("$(tasks.t%d.results.out)", r.IntN(i)))}}
		}
		if i > 0 && r.IntN(2) == 0 {
			t.RunAfter = []string{fmt.Sprintf("t%d", r.IntN(i))}
		}
		p.Spec.Tasks = append(p.Spec.Tasks, t)
	}
	return p
}

var taskName = regexp.MustCompile(`task "(t\d)"`)

// TestSkipping holds the tasks that result-skippable names against those that Tekton
// skips for another reason than their own when expressions, once each task that may
// run has run.
func TestSkipping(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	tried := 0
	for range 400 {
		p := guardedPipeline(r)
		found, err := check.Run(context.Background(), []object.Object{{Object: p.DeepCopy()}}, check.Profile{})
		require.NoError(t, err)
		theirs, all := skippedByTekton(t, p)
		ours, readers := map[string]bool{}, map[string]bool{}
		for _, f := range found {
			if f.Code == check.ResultSkippable {
				names := taskName.FindAllStringSubmatch(f.Message, -1)
				if !all[names[1][1]] {
					continue // a result makes its when expression true
				}
				if readers[names[0][1]] = true; !theirs[names[0][1]] {
					continue // its own when expressions skip it first
				}
				// task "t2" reads a result of task "t1", and so is what runs after it: ...
				for _, n := range names[2:] {
					ours[n[1]] = true
				}
			}
		}
		if len(theirs) > 3 {
			continue // the message names at most four
		}
		if len(theirs) > 0 {
			tried++
		}
		for name := range theirs {
			assert.True(t, ours[name] || readers[name] || comparesResult(p), "%s is skipped: %v, %v", name, theirs, found)
		}
		for name := range readers {
			assert.True(t, all[name], "%s is not skipped: %v, %v", name, all, found)
		}
		for name := range ours {
			assert.True(t, theirs[name] || all[name] && p.Spec.Tasks[name[1]-'0'].When != nil, "%s is not skipped: %v, %v", name, theirs, found)
		}
		if t.Failed() {
			return
		}
	}
	assert.Greater(t, tried, 50)
}

// comparesResult reports whether a task runs only if a result has a certain value, which
// may skip it in another way.
func comparesResult(p *v1.Pipeline) bool {
	return slices.ContainsFunc(p.Spec.Tasks, func(t v1.PipelineTask) bool {
		return slices.ContainsFunc(t.When, func(w v1.WhenExpression) bool { return w.Operator == "in" && w.Input != "$(params.run)" })
	})
}

// skippedByTekton returns the tasks that Tekton skips because a result is missing or a
// task before them was skipped, and all that it skips, if no when expression on a param is
// true.
func skippedByTekton(t *testing.T, p *v1.Pipeline) (along, all map[string]bool) {
	t.Helper()
	list := v1.PipelineTaskList(p.DeepCopy().Spec.Tasks)
	graph, err := dag.Build(list, list.Deps())
	require.NoError(t, err)
	facts := &prr.PipelineRunFacts{TasksGraph: graph, FinalTasksGraph: &dag.Graph{}}
	for i := range list {
		for j := range list[i].When {
			if list[i].When[j].Input == "$(params.run)" {
				list[i].When[j].Input = "no"
			}
		}
		facts.State = append(facts.State, &prr.ResolvedPipelineTask{PipelineTask: &list[i]})
	}
	along, all = map[string]bool{}, map[string]bool{}
	var names []string
	for range list {
		for _, rpt := range facts.State {
			name := rpt.PipelineTask.Name
			if slices.Contains(names, name) || !parentsDone(list, rpt.PipelineTask, names) {
				continue
			}
			names = append(names, name)
			facts.ResetSkippedCache()
			status := rpt.Skip(facts)
			if !status.IsSkipped {
				finish(rpt)
				continue
			}
			all[name] = true
			if status.SkippingReason != v1.WhenExpressionsSkip {
				along[name] = true
			}
		}
	}
	return along, all
}

// finish makes a task succeed with its result.
func finish(rpt *prr.ResolvedPipelineTask) {
	tr := &v1.TaskRun{ObjectMeta: metav1.ObjectMeta{Name: rpt.PipelineTask.Name}}
	tr.Status.SetCondition(&apis.Condition{Type: apis.ConditionSucceeded, Status: corev1.ConditionTrue, Reason: "Succeeded"})
	tr.Status.Results = []v1.TaskRunResult{{Name: "out", Type: v1.ResultsTypeString, Value: *v1.NewStructuredValues("v")}}
	rpt.TaskRunNames, rpt.TaskRuns = []string{tr.Name}, []*v1.TaskRun{tr}
}

func parentsDone(list v1.PipelineTaskList, task *v1.PipelineTask, done []string) bool {
	return !slices.ContainsFunc(list.Deps()[task.Name], func(name string) bool { return !slices.Contains(done, name) })
}
