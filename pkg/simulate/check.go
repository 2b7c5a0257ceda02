package simulate

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	triggers "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// check returns the first mistake in the script.
func (p *plan) check(script *Script) error {
	if err := p.checkParams(script); err != nil {
		return err
	}
	for _, path := range sorted(script.Tasks) {
		of := p.tasks[path]
		if of == nil {
			return unknownName("task", path, sorted(p.tasks))
		}
		for _, o := range script.Tasks[path] {
			if err := p.checkOutcome(of, o); err != nil {
				return err
			}
		}
	}
	for _, path := range script.MayFail {
		switch of := p.tasks[path]; {
		case path == everyTask:
		case of == nil:
			return unknownName("task", path, sorted(p.tasks))
		case of.kind == TypePipeline:
			return errorf("task %q runs a Pipeline: name the tasks inside that may fail, such as %q", path, p.inside(path))
		}
	}
	if c := script.Cancel; c != nil {
		modes := []string{"", "Cancelled", "CancelledRunFinally", "StoppedRunFinally"}
		if !slices.Contains(modes, c.Mode) {
			return unknownName("mode of cancellation", c.Mode, modes[1:])
		}
		if c.After < 0 {
			return errorf("a run cannot be canceled before it begins")
		}
	}
	return nil
}

// checkParams returns an error for a param that the run has no use for: Tekton ignores one that
// is not declared, unless an embedded spec reads it.
func (p *plan) checkParams(script *Script) error {
	if len(script.Params) == 0 {
		return nil
	}
	var declared v1.ParamSpecs
	var given v1.Params
	texts := []any{p.run}
	switch run := p.run.(type) {
	case *v1.PipelineRun:
		spec := p.pipelineOf(run)
		if spec == nil {
			return nil
		}
		declared, texts = spec.Params, append(texts, spec)
	case *v1.TaskRun:
		spec := p.taskOf(run)
		if spec == nil {
			return nil
		}
		declared, texts = spec.Params, append(texts, spec)
	}
	switch origin := p.origin.(type) {
	case *v1.PipelineRun:
		given = origin.Spec.Params
	case *v1.TaskRun:
		given = origin.Spec.Params
	case *triggers.TriggerTemplate:
		for _, d := range origin.Spec.Params {
			declared = append(declared, v1.ParamSpec{Name: d.Name})
		}
	}
	var names []string
	for _, d := range declared {
		names = append(names, d.Name)
	}
	for _, g := range given {
		names = append(names, g.Name)
	}
	read := inserts{}
	for _, text := range texts {
		read.add(text)
	}
	for _, name := range sorted(script.Params) {
		first, _, _ := strings.Cut(name, ".")
		if !slices.Contains(names, name) && read[name] == 0 && read[first] == 0 {
			return unknownName("param", name, names)
		}
	}
	return nil
}

// checkOutcome returns the first mistake in an outcome.
func (p *plan) checkOutcome(of *planned, o Outcome) error {
	path := of.path
	if all := []string{string(Succeed), string(Fail), string(TimeOut)}; o.Status != "" && !slices.Contains(all, string(o.Status)) {
		return errorf("task %q: %w", path, unknownName("status", string(o.Status), all))
	}
	if o.Attempt < 0 || o.Combination < 0 || o.Duration < 0 {
		return errorf("task %q: attempt, combination and duration must not be negative", path)
	}
	if of.kind == TypePipeline {
		return errorf("task %q runs a Pipeline: give the outcomes of its tasks, such as %q", path, p.inside(path))
	}
	var known []string
	if of.task != nil {
		for _, r := range of.task.Results {
			known = append(known, r.Name)
		}
		if steps := of.stepNames(); o.Step != "" && !slices.Contains(steps, o.Step) {
			return errorf("task %q: %w", path, unknownName("step", o.Step, steps))
		}
	}
	for _, name := range append(sorted(o.Results), o.Without...) {
		if of.kind == TypeTask && !of.assumed && of.task != nil && !slices.Contains(known, name) {
			if len(known) == 0 {
				return errorf("task %q: its Task declares no results, but the script sets %q", path, name)
			}
			return errorf("task %q: %w", path, unknownName("result", name, known))
		}
		if v, ok := o.Results[name]; ok {
			if _, err := normal(v); err != nil {
				return errorf("task %q: result %q: %w", path, name, err)
			}
		}
	}
	return nil
}

// inside returns the path of a task in the pipeline of a task.
func (p *plan) inside(path string) string {
	for _, of := range sorted(p.tasks) {
		if len(of) > len(path) && of[:len(path)+1] == path+"/" {
			return of
		}
	}
	return path + "/TASK"
}

// stepNames are the names of the steps, as those of containers without step-.
func (of *planned) stepNames() (names []string) {
	for i, s := range of.task.Steps {
		if s.Name == "" {
			s.Name = "unnamed-" + itoa(int32(i)) //nolint:gosec // few
		}
		names = append(names, s.Name)
	}
	return names
}
