package facts

import (
	"github.com/tekwright/tekwright/internal/substitution"
)

// IsRefused reports whether the webhook rejects the object because of a variable for a
// param that is not declared, so that it is never passed on as it is written.
func (pr *Problem) IsRefused() bool {
	if pr.Use == nil || pr.Var.Fault != "" || pr.Open {
		return false
	}
	checked := substitution.Checked(pr.Place, pr.Text.Field)
	switch {
	case pr.Task != nil:
		// Also in an embedded spec: if not with the run, then with its TaskRun.
		return checked || pr.Task.mergedIntoStep(pr.Text)
	case pr.PipelineTask != nil:
		return checked && pr.PipelineTask.isRefused(pr.Var.Name)
	}
	return false
}

// isRefused reports whether the webhook rejects a use of the param in the task.
func (t *PipelineTask) isRefused(name string) bool {
	if t.Pipeline.Run != nil {
		return t.refusesIn(name)
	}
	holders := t.Pipeline.Entry().holders()
	return len(holders) <= maxHolders && (len(holders) == 0 || t.refusesIn(name))
}

// refusesIn reports the same of a task that is embedded in a run. There the webhook does
// not check finally, and takes the params of all tasks for declared.
func (t *PipelineTask) refusesIn(name string) bool {
	if t.Finally {
		return false
	}
	p := t.Pipeline
	if p.pooled == nil {
		p.pooled = map[string]bool{}
		for _, t := range p.Tasks {
			if t.Finally {
				continue
			}
			for i := range t.Params {
				p.pooled[t.Params[i].Name] = true
			}
			if spec := t.embedded(); spec != nil {
				for _, d := range spec.Params.List {
					p.pooled[d.Name] = true
				}
			}
		}
	}
	return !p.pooled[name]
}
