package importer

import (
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// elsewhere returns a type for a Task that is not among the objects: its signature is what
// all pipelines show of it.
func (b *pipelineBody) elsewhere(t *pipelineTask) *taskType {
	ref := t.pt.TaskRef
	key := reference(ref)
	if typ := b.bound(t); typ != nil {
		return typ
	}
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
	typ := b.remoteType("= "+key, ref, uses, t.pt.Name)
	b.w.index.remote[key] = typ
	if !typ.takes(b.w.index, use{b.spec, t.pt}) { // what the Task declares is not what is passed to it
		return b.elsewhere(t)
	}
	return typ
}

// remoteType returns a type for a Task that is referred to, with the signature that its uses
// show.
func (b *pipelineBody) remoteType(what string, ref *v1.TaskRef, uses []use, otherwise string) *taskType {
	name := ref.Name
	if ref.Resolver != "" {
		name = refName(ref.Resolver, ref.Params, otherwise)
	}
	spec := b.declared(ref, uses)
	if spec == nil {
		spec = b.w.index.signature(uses)
	}
	typ := b.w.writeSpec(b.w.name(what, b.w.index.Spelling.exported(name), "Task"), name, spec, nil, nil, none, func(typ *taskType, body *taskBody) {
		if ref.Resolver == "" {
			body.add(nil, plan.Method(typ.Param, "Existing"))
			return
		}
		body.add(nil, plan.Method(typ.Param, "From", origin(typ, ref)))
	})
	b.w.index.absent[typ.Type] = true
	return typ
}

// declared returns what a Task that is elsewhere declares, nil if it is not known, or if its
// uses do not fit.
func (b *pipelineBody) declared(ref *v1.TaskRef, uses []use) *v1.TaskSpec {
	if b.w.index.Elsewhere == nil {
		return nil
	}
	task := b.w.index.Elsewhere(ref)
	if task == nil {
		return nil
	}
	spec := contract(task)
	if !b.w.index.suits(task, spec, uses) {
		return nil
	}
	return spec
}

// suits reports whether uses of a Task fit what it declares.
func (x *Index) suits(task *v1.Task, spec *v1.TaskSpec, uses []use) bool {
	results := map[string]bool{}
	for _, r := range spec.Results {
		results[r.Name] = true
	}
	for _, u := range uses {
		set := map[string]bool{}
		for _, p := range u.pt.Params {
			set[p.Name] = true
		}
		if m := u.pt.Matrix; m != nil {
			for _, p := range m.Params {
				set[p.Name] = true
			}
			for _, inc := range m.Include {
				for _, p := range inc.Params {
					set[p.Name] = true
				}
			}
		}
		for _, w := range u.pt.Workspaces {
			set["workspace "+w.Name] = true
		}
		required := func(name string, is bool) bool { return !is || set[name] }
		if !fits(task, u.pt) ||
			slices.ContainsFunc(spec.Params, func(p v1.ParamSpec) bool { return !required(p.Name, p.Default == nil) }) ||
			slices.ContainsFunc(spec.Workspaces, func(w v1.WorkspaceDeclaration) bool { return !required("workspace "+w.Name, !w.Optional) }) {
			return false
		}
		for name := range x.resultsOf(u.spec, u.pt.Name) {
			if !results[name] {
				return false
			}
		}
	}
	return true
}

// contract returns what users of a Task see of it: the inputs and results that it declares.
func contract(o *v1.Task) *v1.TaskSpec {
	spec := &v1.TaskSpec{Description: o.Spec.Description, Params: o.Spec.Params, Workspaces: o.Spec.Workspaces}
	for _, r := range o.Spec.Results {
		r.Value = nil // that of a step
		spec.Results = append(spec.Results, r)
	}
	return spec
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

// TaskName returns the name of the Task that a reference means, as far as it says it. Of what a
// resolver fetches, it is its param name, or else the name of the file without .task.
func TaskName(r *v1.TaskRef) string {
	if r.Resolver == "" {
		return r.Name
	}
	file := ""
	for _, p := range r.Params {
		switch p.Name {
		case "name":
			return p.Value.StringVal
		case "pathInRepo", "url":
			if file == "" || p.Name == "pathInRepo" {
				file = p.Value.StringVal
			}
		}
	}
	base := path.Base(file)
	return strings.TrimSuffix(strings.TrimSuffix(base, path.Ext(base)), ".task")
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
	spec := contract(o)
	what := "= Task " + o.Name
	for i := 2; b.w.index.given[what] != ""; i++ { // another version of it
		what = "= Task " + o.Name + "#" + strconv.Itoa(i)
	}
	typ := b.w.writeSpec(b.w.name(what, b.w.index.Spelling.exported(o.Name), "Task"), o.Name, spec, nil, nil, none, func(typ *taskType, body *taskBody) {
		body.add(nil, plan.Method(typ.Param, "Existing"))
	})
	b.w.index.absent[typ.Type] = true
	b.w.index.tasks[o] = typ
	return typ
}
