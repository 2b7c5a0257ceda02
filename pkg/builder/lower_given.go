package builder

import (
	"context"
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// lowerGiven makes the definition of a task from an upstream struct or YAML,
// and holds it against what Define declares.
func (t *Task) lowerGiven(l *lowering, d *definition) {
	given := t.source.task.DeepCopy()
	d.spec, d.meta = given.Spec, given.ObjectMeta
	at := t.source.at
	l.put("spec", at)
	if d.meta.Name != t.name {
		l.reportf(at, "source-differs", "task %s takes its definition from Task %s", strconv.Quote(t.name), strconv.Quote(d.meta.Name)).
			Help = "let TaskName return the name of the Task"
	}
	if len(t.steps)+len(t.sidecars)+len(t.volumes) > 0 || t.template != nil {
		l.reportf(at, "source-twice", "task %s has steps of its own beside the definition that it takes", strconv.Quote(t.name)).
			Help = "declare params, workspaces and results only; Mutate can change the definition"
	}
	missing := func(at place, what, name string) {
		l.reportf(at, "source-differs", "Task %s declares no %s %s", strconv.Quote(d.meta.Name), what, strconv.Quote(name)).
			Help = "declare what the Task declares"
	}
	params := map[string]v1.ParamType{}
	for i := range d.spec.Params {
		p := d.spec.Params[i].DeepCopy()
		p.SetDefaults(context.Background())
		params[p.Name] = p.Type
	}
	for _, p := range t.params {
		switch k, ok := params[p.name]; {
		case !ok:
			missing(p.at, "param", p.name)
		case k != p.kind:
			l.reportf(p.at, "source-differs", "Task %s declares param %s as %s, not as %s",
				strconv.Quote(d.meta.Name), strconv.Quote(p.name), k, p.kind).
				Help = "declare it as the Task does"
		}
	}
	workspaces := map[string]bool{}
	for _, w := range d.spec.Workspaces {
		workspaces[w.Name] = true
	}
	for _, w := range t.workspaces {
		if !workspaces[w.name] {
			missing(w.at, "workspace", w.name)
		}
	}
	results := map[string]v1.ResultsType{}
	for _, r := range d.spec.Results {
		results[r.Name] = r.Type
	}
	for _, r := range t.results {
		k, ok := results[r.name]
		if k == "" {
			k = v1.ResultsTypeString
		}
		switch {
		case !ok:
			missing(r.at, "result", r.name)
		case kind(k) != r.kind:
			l.reportf(r.at, "source-differs", "Task %s declares result %s as %s, not as %s",
				strconv.Quote(d.meta.Name), strconv.Quote(r.name), k, r.kind).
				Help = "declare it as the Task does"
		}
	}
	t.mutated(l, &d.spec)
}
