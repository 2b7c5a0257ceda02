package simulate

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// explainSkips says of each task that Tekton skipped because of others which ones these are.
func explainSkips(spec *v1.PipelineSpec, tasks []Task) {
	by := map[string]*Task{}
	for i := range tasks {
		by[tasks[i].Name] = &tasks[i]
	}
	for _, pt := range tasksOf(spec) {
		t := by[pt.Name]
		if t == nil || t.State != StateSkipped {
			continue
		}
		switch v1.SkippingReason(t.Reason) {
		case v1.ParentTasksSkip:
			t.Message = skippedBefore(t, by)
		case v1.WhenExpressionsSkip:
			t.Message = withoutValue(t)
		case v1.MissingResultsSkip:
			t.Message = missingFor(&pt, by)
		}
	}
}

// withoutValue names the variables of when expressions that Tekton could not replace, and
// compared as they are: a result that was not written, or the status of a task of a run that
// it could not continue.
func withoutValue(t *Task) string {
	var names []string
	for _, w := range t.When {
		for m := range tekref.Scan(w.Input + " " + w.CEL + " " + strings.Join(w.Values, " ")) {
			if v := m.String(); strings.HasPrefix(v, "$(tasks.") && !slices.Contains(names, v) {
				names = append(names, v)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, " and ") + " has no value: Tekton compared the text of the variable"
}

// skippedBefore names the tasks before a task that were skipped. One whose when expressions
// were false does not count: what only runs after it is not skipped.
func skippedBefore(t *Task, by map[string]*Task) string {
	var names []string
	for _, name := range t.After {
		if of := by[name]; of != nil && of.State == StateSkipped && of.Reason != string(v1.WhenExpressionsSkip) {
			names = append(names, fmt.Sprintf("%q", name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "it runs after " + strings.Join(names, " and ")
}

// missingFor names the results that a task reads and that were not written.
func missingFor(pt *v1.PipelineTask, by map[string]*Task) string {
	var texts []string
	for _, ref := range v1.PipelineTaskResultRefs(pt) {
		of := by[ref.PipelineTask]
		if of == nil || slices.ContainsFunc(of.Runs, func(r TaskRun) bool {
			return slices.ContainsFunc(r.Results, func(v Value) bool { return v.Name == ref.Result })
		}) {
			continue
		}
		why := "did not write it"
		if len(of.Runs) == 0 {
			why = "did not run"
		}
		if text := fmt.Sprintf("it reads result %q of task %q, which %s", ref.Result, ref.PipelineTask, why); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}
