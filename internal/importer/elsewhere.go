package importer

import (
	"encoding/json"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// elsewhere returns a type for a Task that is not among the objects: its signature is what
// all pipelines show of it.
func (b *pipelineBody) elsewhere(t *pipelineTask) *taskType {
	ref := t.pt.TaskRef
	key := reference(ref)
	if typ := b.w.index.remote[key]; typ != nil {
		if typ.takes(b.w.index, use{b.spec, t.pt}) {
			return typ
		}
		return b.remoteType("= "+key+" of "+b.name+" "+t.pt.Name, ref, []use{{b.spec, t.pt}}, t.pt.Name)
	}
	uses := b.w.index.uses[key]
	if len(uses) == 0 {
		uses = []use{{b.spec, t.pt}}
	}
	b.w.index.remote[key] = b.remoteType("= "+key, ref, uses, t.pt.Name)
	return b.elsewhere(t)
}

// remoteType returns a type for a Task that is referred to, with the signature that its uses
// show.
func (b *pipelineBody) remoteType(what string, ref *v1.TaskRef, uses []use, otherwise string) *taskType {
	name := ref.Name
	if ref.Resolver != "" {
		name = refName(ref.Resolver, ref.Params, otherwise)
	}
	typ := b.w.writeSpec(b.w.name(what, exported(name), "Task"), name, b.w.index.signature(uses), nil, nil, none, func(typ *taskType, body *taskBody) {
		if ref.Resolver == "" {
			body.add(nil, plan.Method(typ.Param, "Existing"))
			return
		}
		body.add(nil, plan.Method(typ.Param, "From", origin(typ, ref)))
	})
	b.w.index.absent[typ.Type] = true
	return typ
}

// takes reports whether the inputs of the type have the types that a task sets. One task may
// pass an array where another one passes each of its items.
func (t *taskType) takes(x *Index, u use) bool {
	one := x.signature([]use{u})
	for i := range one.Params {
		if f, ok := t.params[one.Params[i].Name]; ok && f.kind != typed(&one.Params[i]).Type {
			return false
		}
	}
	for _, r := range one.Results {
		kind := v1.ParamType(r.Type)
		if f, ok := t.results[r.Name]; ok && kind != "" && f.kind != kind {
			return false
		}
	}
	return true
}

// reference returns a key for what a reference resolves to. The values of params with
// variables are inputs of the type.
func reference(r *v1.TaskRef) string {
	r = r.DeepCopy()
	if r.Kind == v1.NamespacedTaskKind {
		r.Kind = ""
	}
	for i := range r.Params {
		if v := &r.Params[i].Value; strings.Contains(v.StringVal, "$(") {
			v.StringVal = "$("
		}
	}
	key, err := json.Marshal(r)
	if err != nil {
		return r.Name
	}
	return string(key)
}

// origin returns the resolver of a reference. What it takes from the pipeline becomes an
// input of the type.
func origin(typ *taskType, r *v1.TaskRef) plan.Expr {
	fields := newNames(nil)
	for _, f := range typ.Fields {
		fields.taken[f.Name] = true
	}
	return resolverWith(r.Resolver, r.Params, func(p *v1.Param) plan.Expr {
		if !strings.Contains(p.Value.StringVal, "$(") {
			return plan.Text(p.Value.StringVal)
		}
		f, ok := typ.origin[p.Name]
		if !ok {
			f = fields.take("From"+exported(p.Name), "")
			typ.origin[p.Name] = f
			typ.Fields = append(typ.Fields, plan.Field{Name: f, Kind: plan.String, Doc: "Where the Task is fetched from: " + p.Name + " of the resolver."})
		}
		return typ.In.Of(f)
	})
}

// rawJSON returns JSON as a value that marshals to it.
func rawJSON(raw []byte) map[string]any {
	out := map[string]any{}
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

// knownType returns a type for a Task that is not imported, with the inputs and results that it
// declares.
func (b *pipelineBody) knownType(o *v1.Task) *taskType {
	if typ := b.w.index.tasks[o]; typ != nil {
		return typ
	}
	spec := &v1.TaskSpec{Description: o.Spec.Description, Params: o.Spec.Params, Workspaces: o.Spec.Workspaces}
	for _, r := range o.Spec.Results {
		r.Value = nil // that of a step
		spec.Results = append(spec.Results, r)
	}
	typ := b.w.writeSpec(b.w.name("= Task "+o.Name, exported(o.Name), "Task"), o.Name, spec, nil, nil, none, func(typ *taskType, body *taskBody) {
		body.add(nil, plan.Method(typ.Param, "Existing"))
	})
	b.w.index.absent[typ.Type] = true
	b.w.index.tasks[o] = typ
	return typ
}
