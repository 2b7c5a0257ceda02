package simulate

import (
	"fmt"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// who is an attempt to run a task.
type who struct {
	path        string // such as deploy/apply
	combination int    // 0 without a matrix
	attempt     int
	params      map[string]string
}

// label is the name of the task for symbols: each combination has results of its own.
func (w who) label() string {
	if w.combination > 0 {
		return fmt.Sprintf("%s[%d]", w.path, w.combination)
	}
	return w.path
}

// who returns what an attempt is an attempt of.
func (m *machine) who(resource string, o metav1.Object, params v1.Params, attempt int) who {
	w := who{path: o.GetName(), attempt: attempt, params: map[string]string{}}
	if owner := metav1.GetControllerOf(o); owner != nil && owner.Kind == "PipelineRun" {
		task := o.GetLabels()[pipeline.PipelineTaskLabelKey]
		w.path = m.prefix[owner.Name] + task
		if m.matrixed(owner.Name, task) {
			w.combination = m.number[resource+"/"+o.GetName()]
		}
	}
	for _, p := range params {
		if p.Value.Type == v1.ParamTypeString {
			w.params[p.Name] = p.Value.StringVal
		}
	}
	return w
}

// matrixed reports whether the pipeline task has a matrix.
func (m *machine) matrixed(run, task string) bool {
	pr := m.pipelineRun(run)
	if pr == nil {
		return false
	}
	for _, t := range tasksOf(pr.Status.PipelineSpec) {
		if t.Name == task {
			return t.IsMatrixed()
		}
	}
	return false
}

// tasksOf are the tasks of the pipeline, those of finally last.
func tasksOf(spec *v1.PipelineSpec) []v1.PipelineTask {
	if spec == nil {
		return nil
	}
	return append(append([]v1.PipelineTask{}, spec.Tasks...), spec.Finally...)
}

// outcomeOf is what the script says about the attempt.
func (m *machine) outcomeOf(w who) Outcome {
	if m.plan.chosen[statusOf(w.path)] == statusFailed {
		return Outcome{Status: Fail}
	}
	for _, o := range m.script.Tasks[w.path] {
		if o.applies(w) {
			return o
		}
	}
	return Outcome{}
}

// applies reports whether the outcome is one of the attempt.
func (o Outcome) applies(w who) bool {
	if o.Attempt != 0 && o.Attempt != w.attempt || o.Combination != 0 && o.Combination != w.combination {
		return false
	}
	for name, value := range o.Params {
		if got, ok := w.params[name]; !ok || got != value {
			return false
		}
	}
	return true
}
