package builder

import (
	"context"
	"maps"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// lowerSource makes the definition of a task from an upstream struct or YAML, and
// compares it with what Define declares.
func (t *Task) lowerSource(l *lowering, d *definition) {
	given := t.source.task.DeepCopy()
	d.spec, d.meta = given.Spec, given.ObjectMeta
	at := t.source.at
	l.put(diag.Fields("spec"), at)
	l.in = "the definition"
	l.raw(t.scope, at, "a field", &d.spec)
	l.raw(t.scope, at, "a field", &d.meta)
	d.meta.Labels = added(d.meta.Labels, l.labels(diag.Fields("metadata", "labels"), t.labels))
	d.meta.Annotations = added(d.meta.Annotations, l.labels(diag.Fields("metadata", "annotations"), t.annotations))
	if d.meta.Name != t.name {
		l.reportf(at, "source-differs", "TaskName returns %s, but its definition is named %s", quote(t.name), quote(d.meta.Name)).
			Help = "return " + quote(d.meta.Name) + " from TaskName"
	}
	missing := func(at place, what, name string, declared []string) {
		f := l.reportf(at, "source-differs", "Task %s declares no %s %s", quote(d.meta.Name), what, quote(name))
		f.Help = declares(what, declared)
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
			missing(p.at, "param", p.name, names(d.spec.Params, func(p v1.ParamSpec) string { return p.Name }))
		case k != p.kind:
			l.reportf(p.at, "source-differs", "Task %s declares param %s as %s, not as %s",
				quote(d.meta.Name), quote(p.name), k, p.kind).
				Help = "declare it as in the Task"
		}
	}
	workspaces := map[string]bool{}
	for _, w := range d.spec.Workspaces {
		workspaces[w.Name] = true
	}
	for _, w := range t.workspaces {
		if !workspaces[w.name] {
			missing(w.at, "workspace", w.name, names(d.spec.Workspaces, func(w v1.WorkspaceDeclaration) string { return w.Name }))
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
			missing(r.at, "result", r.name, names(d.spec.Results, func(r v1.TaskResult) string { return r.Name }))
		case kind(k) != r.kind:
			l.reportf(r.at, "source-differs", "Task %s declares result %s as %s, not as %s",
				quote(d.meta.Name), quote(r.name), k, r.kind).
				Help = "declare it as in the Task"
		}
	}
	t.mutated(l, &d.spec)
}

// added returns the labels or annotations of a definition with those of Define.
func added(given, more map[string]string) map[string]string {
	if len(more) == 0 {
		return given
	}
	if given == nil {
		given = map[string]string{}
	}
	maps.Copy(given, more)
	return given
}

func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = name(x)
	}
	return out
}

// onlySource reports steps, sidecars and volumes of a task whose definition comes
// from another source, and labels of one that is not described here: they would be lost.
func (t *Task) onlySource(l *lowering) {
	if t.source != nil && t.source.task == nil && t.source.spec == nil {
		for _, x := range slices.Concat(t.labels, t.annotations) {
			l.reportf(x.at, "option-misplaced", "task %s sets %s of an object that is not described here", quote(t.name), quote(x.key)).
				Help = "set it in the object itself"
		}
	}
	if t.source == nil || len(t.steps)+len(t.sidecars)+len(t.volumes) == 0 && t.template == nil {
		return
	}
	l.reportf(t.source.at, "source-duplicate", "task %s declares steps, sidecars or volumes, but uses a definition from another source", quote(t.name)).
		Help = "declare only params, workspaces and results"
}
