package conversion

import "github.com/tekwright/tekwright/pkg/diag"

// Move is a field that a conversion moved. To is the zero Path if it was dropped.
type Move struct{ From, To diag.Path }

// Moves are the moves of a conversion.
type Moves []Move

// Old returns a function that returns the path in the old object that corresponds to a path
// in the new one. Its time does not depend on the number of moves. It is safe for concurrent
// use.
func (m Moves) Old() func(diag.Path) diag.Path {
	if len(m) == 0 {
		return func(path diag.Path) diag.Path { return path }
	}
	to := make(map[string]Move, len(m))
	for _, x := range m {
		if key := x.To.String(); !x.To.IsRoot() && to[key].To.IsRoot() { // the first of several
			to[key] = x
		}
	}
	return func(path diag.Path) diag.Path {
		for at := path; !at.IsRoot(); at = at.Parent() { // the longest one
			if x, ok := to[at.String()]; ok {
				rest, _ := path.Cut(at)
				return x.From.Join(rest)
			}
		}
		return path
	}
}

func (m *Moves) move(from, to diag.Path) { *m = append(*m, Move{from, to}) }

// Triggers returns the content of an object of triggers.tekton.dev/v1alpha1 in v1beta1, as
// Tekton Triggers wrote it when it still had both. In v1alpha1, interceptors had fields of
// their own: cel, github, gitlab and bitbucket. In its first releases, bindings and templates
// were referred to by the field name.
func Triggers(content map[string]any) (map[string]any, Moves) {
	out := copyMap(content)
	out["apiVersion"] = "triggers.tekton.dev/v1beta1"
	var moves Moves
	spec, at := fieldOf(out, "spec"), diag.Fields("spec")
	switch out["kind"] {
	case "Trigger":
		moves.trigger(spec, at)
	case "EventListener":
		for i, t := range mapsIn(spec["triggers"]) {
			moves.trigger(t, at.FieldIndex("triggers", i))
		}
	}
	return out, moves
}

// trigger converts a trigger.
func (m *Moves) trigger(t map[string]any, at diag.Path) {
	for i, b := range mapsIn(t["bindings"]) {
		if _, valued := b["value"]; b["name"] == nil || b["ref"] != nil || valued {
			continue
		}
		path := at.FieldIndex("bindings", i)
		b["ref"] = b["name"]
		delete(b, "name")
		m.move(path.Field("name"), path.Field("ref"))
	}
	if template := fieldOf(t, "template"); template["name"] != nil && template["ref"] == nil && template["spec"] == nil {
		template["ref"] = template["name"]
		delete(template, "name")
		m.move(at.Field("template", "name"), at.Field("template", "ref"))
	}
	for i, x := range mapsIn(t["interceptors"]) {
		m.interceptor(x, at.FieldIndex("interceptors", i))
	}
}

// interceptors are the fields of interceptors, and the params that their fields became, in
// the order in which Tekton Triggers looked at them.
var interceptors = []struct {
	name   string
	fields []string
}{
	{"bitbucket", []string{"secretRef", "eventTypes"}}, {"cel", []string{"filter", "overlays"}},
	{"github", []string{"secretRef", "eventTypes"}}, {"gitlab", []string{"secretRef", "eventTypes"}},
}

// interceptor converts an interceptor. One that has a ref, or a field before it, wins.
func (m *Moves) interceptor(x map[string]any, at diag.Path) {
	done := fieldOf(x, "ref")["name"] != nil
	for _, kind := range interceptors {
		old, ok := x[kind.name].(map[string]any)
		if _, there := x[kind.name]; !there || done || !ok {
			if there {
				m.move(at.Field(kind.name), diag.Path{})
				delete(x, kind.name)
			}
			continue
		}
		done = true
		delete(x, kind.name)
		var params []any
		for _, field := range kind.fields {
			value, ok := old[field]
			if !ok || value == nil {
				continue
			}
			m.move(at.Field(kind.name, field), at.FieldIndex("params", len(params)))
			params = append(params, map[string]any{"name": field, "value": value})
		}
		if x["params"] != nil {
			m.move(at.Field("params"), diag.Path{})
		}
		delete(x, "params")
		if len(params) > 0 {
			x["params"] = params
		}
		x["ref"] = map[string]any{"name": kind.name, "kind": "ClusterInterceptor"}
		m.move(at.Field(kind.name), at.Field("ref"))
	}
}

// Pipelines returns the content of a Task, a Pipeline or a run of tekton.dev/v1alpha1 in
// v1beta1. Params were in inputs; PipelineResources, which were in inputs and outputs, are
// dropped.
func Pipelines(content map[string]any) (map[string]any, Moves) {
	out := copyMap(content)
	out["apiVersion"] = "tekton.dev/v1beta1"
	var moves Moves
	spec, at := fieldOf(out, "spec"), diag.Fields("spec")
	switch out["kind"] {
	case "Task":
		moves.task(spec, at)
	case "TaskRun":
		moves.task(spec, at)
		moves.account(spec, at)
		moves.task(fieldOf(spec, "taskSpec"), at.Field("taskSpec"))
	case "Pipeline":
		moves.pipeline(spec, at)
	case "PipelineRun":
		moves.account(spec, at)
		moves.pipeline(fieldOf(spec, "pipelineSpec"), at.Field("pipelineSpec"))
	}
	return out, moves
}

// task converts the inputs and outputs of a task or its run.
func (m *Moves) task(spec map[string]any, at diag.Path) {
	inputs := fieldOf(spec, "inputs")
	if inputs["params"] != nil && spec["params"] == nil {
		spec["params"] = inputs["params"]
		delete(inputs, "params")
		m.move(at.Field("inputs", "params"), at.Field("params"))
	}
	for _, field := range []string{"inputs", "outputs"} {
		if all, ok := spec[field].(map[string]any); ok {
			for _, key := range []string{"params", "resources"} {
				if all[key] != nil {
					m.move(at.Field(field, key), diag.Path{})
					delete(all, key)
				}
			}
			if len(all) > 0 {
				continue // unknown fields, which are reported
			}
		}
		delete(spec, field)
	}
}

// account renames the service account of a run.
func (m *Moves) account(spec map[string]any, at diag.Path) {
	if spec["serviceAccount"] != nil && spec["serviceAccountName"] == nil {
		spec["serviceAccountName"] = spec["serviceAccount"]
		delete(spec, "serviceAccount")
		m.move(at.Field("serviceAccount"), at.Field("serviceAccountName"))
	}
}

// pipeline converts the embedded tasks of a pipeline.
func (m *Moves) pipeline(spec map[string]any, at diag.Path) {
	for _, field := range []string{"tasks", "finally"} {
		for i, t := range mapsIn(spec[field]) {
			m.task(fieldOf(t, "taskSpec"), at.FieldIndex(field, i).Field("taskSpec"))
		}
	}
}

// fieldOf returns a field that is a map, or an empty map.
func fieldOf(m map[string]any, field string) map[string]any {
	if x, ok := m[field].(map[string]any); ok {
		return x
	}
	return map[string]any{}
}

// mapsIn returns the items of a list. Items that are not maps are empty.
func mapsIn(list any) []map[string]any {
	items, _ := list.([]any)
	out := make([]map[string]any, len(items))
	for i := range items {
		if out[i], _ = items[i].(map[string]any); out[i] == nil {
			out[i] = map[string]any{}
		}
	}
	return out
}

// copyMap returns a copy of a map, of the maps and of the lists in it.
func copyMap(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = copyOf(v)
	}
	return out
}

func copyOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return copyMap(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = copyOf(v[i])
		}
		return out
	}
	return v
}
