package importer

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Reach is how a Task or a StepAction that is bound gets into a run.
type Reach int

// The ways.
const (
	// Along is for what is written with the other objects.
	Along Reach = iota
	// InCluster is for what exists in the cluster.
	InCluster
	// Fetched is for what Tekton fetches when a run starts.
	Fetched
)

// Bound is a Task or a StepAction that is described elsewhere, and becomes a Go type with
// its inputs and its results.
type Bound struct {
	Object runtime.Object // a *v1.Task or a *v1beta1.StepAction
	Reach  Reach

	// Resolver and Params say where Tekton fetches it from.
	Resolver v1.ResolverName
	Params   v1.Params
	// Path is that of the file with its YAML, relative to the package, and Text the YAML. They
	// are for Tasks that come along.
	Path, Text string

	From string // where it was read, for comments; "" for no comment
	// Type is the name of the Go type, "" for that of the object.
	Type string
	// Fields are the names of fields that the user chose: by the names in YAML, or by these
	// with params., workspaces. or results. in front.
	Fields map[string]string
	// Spelling says which words of its names are in upper case, if it is a Task whose type
	// another file of the package of an import declares.
	Spelling Spelling
}

// Name returns the name of the object.
func (b *Bound) Name() string {
	switch o := b.Object.(type) {
	case *v1.Task:
		return o.Name
	case *v1beta1.StepAction:
		return o.Name
	}
	return ""
}

// Bind returns a file with a type for each of the objects, in their order, and reports
// which of the objects cannot be bound. All must have different type names.
func Bind(list []*Bound, s Spelling) (*plan.File, error) {
	x := NewIndex()
	for _, b := range list {
		b.Type = b.GoName(s)
		x.names.taken[b.Type], x.names.taken[b.Type+"Out"] = true, true
		if a, ok := b.Object.(*v1beta1.StepAction); ok && b.Reach == Along {
			x.Add(a, b.From)
			x.given[x.ids[a]] = b.Type
		}
	}
	file := &plan.File{}
	for _, b := range list {
		w := &binding{Bound: b, writer: writer{index: x}, spelling: s}
		switch o := b.Object.(type) {
		case *v1.Task:
			t := w.task(o)
			if err := b.proved(t); err != nil {
				return nil, err
			}
			file.Types = append(file.Types, t)
		case *v1beta1.StepAction:
			t, err := w.action(o)
			if err != nil {
				return nil, err
			}
			file.Types = append(file.Types, t)
		default:
			return nil, fmt.Errorf("a %T cannot be bound", o)
		}
	}
	return file, nil
}

// proved executes the type of a Task that comes along: what it declares must be what the YAML
// has.
func (b *Bound) proved(t *plan.Type) error {
	if b.Reach != Along {
		return nil
	}
	source, err := plan.Run(&plan.Func{Name: t.Name, Returns: plan.Fn("Define", plan.Make{Type: t})})
	if err != nil {
		return err
	}
	_, err = source.Objects()
	if found, ok := errors.AsType[diag.Findings](err); ok {
		for _, f := range found {
			if strings.HasPrefix(f.Code, "source-") {
				return errors.New(f.Message)
			}
		}
	}
	return nil
}

// binding translates one object.
type binding struct {
	*Bound
	writer
	spelling Spelling
	typ      *plan.Type
	fields   *names // of the inputs
	outs     *names // of the outputs
	locals   *names
	chosen   map[string]string // the names of fields, such as by in.params.url or out.results.digest
}

// begin begins the type.
func (b *binding) begin(description, receiver string, action bool) {
	doc := strings.TrimSpace(description)
	if b.From != "" {
		if doc != "" {
			doc += "\n"
		}
		doc += "\nIt is bound from " + b.From + "."
	}
	b.typ = &plan.Type{
		Name: b.Type, Object: b.Name(), Doc: doc, Action: action, In: &plan.Var{Name: "in"}, Param: &plan.Var{Name: receiver},
	}
	b.chosen = map[string]string{}
	b.fields, b.outs, b.locals = newNames(nil), newNames(nil), newNames(b.index.names)
	b.fields.taken["Define"], b.fields.taken["TaskName"], b.fields.taken["StepActionName"] = true, true, true
	b.locals.taken["in"], b.locals.taken[receiver] = true, true
}

// called returns the Go name of an input or a result.
func (b *binding) called(of *names, what, name, suffix string, hidden func(string) bool) string {
	want, ok := b.Fields[what+"."+name]
	if !ok {
		want, ok = b.Fields[name]
	}
	if !ok {
		want = b.spelling.exported(name)
		if hidden != nil && hidden(want) {
			want += suffix
		}
	}
	n := of.take(want, suffix)
	side := "in."
	if of == b.outs {
		side = "out."
	}
	b.chosen[side+what+"."+name] = n
	return n
}

// add adds a statement.
func (b *binding) add(v *plan.Var, e plan.Expr) {
	b.typ.Body = append(b.typ.Body, plan.Stmt{Var: v, Expr: e})
}

func (b *binding) local(name, suffix string) *plan.Var {
	return &plan.Var{Name: b.locals.take(unexported(name), suffix)}
}

// param declares a param.
func (b *binding) param(p *v1.ParamSpec, kind plan.Kind) {
	p = typed(p)
	field := b.called(b.fields, "params", p.Name, "Param", nil)
	method, args := "Param", []plan.Expr{plan.Text(p.Name), b.typ.In.Of(field)}
	var option plan.Expr = plan.Fn("Default", plan.Text(""))
	switch p.Type {
	case v1.ParamTypeArray:
		method, option = "ArrayParam", plan.Fn("DefaultArray")
	case v1.ParamTypeObject:
		// The keys without a default must be set.
		defaults := map[string]string{}
		if p.Default != nil {
			for k := range p.Default.ObjectVal {
				defaults[k] = ""
			}
		}
		method, option = "ObjectParam", plan.Fn("DefaultObject", plan.Literal{Value: defaults})
		args = append(args, plan.Literal{Value: keysOf(p.Properties)})
	}
	// The YAML of what comes along has the default itself. That of others is not repeated:
	// it would be sent nowhere, and a new one takes effect without a change here.
	if p.Default != nil && b.Reach != Along {
		args = append(args, option)
	}
	b.typ.Fields = append(b.typ.Fields, plan.Field{Name: field, Kind: kind, Doc: b.paramDoc(p)})
	b.add(nil, plan.Method(b.typ.Param, method, args...))
	for _, value := range p.Enum {
		name := b.index.names.take(b.Type+field+b.spelling.part(value), "Value")
		b.typ.Constants = append(b.typ.Constants, plan.Constant{Name: name, Kind: kind, Value: value})
	}
}

// part returns a name in Go's form for a part of a name.
func (s Spelling) part(name string) string {
	if len(words(name)) == 0 {
		return "Empty"
	}
	return strings.TrimPrefix(s.exported("x-"+name), "X")
}

// paramDoc returns the comment of a param.
func (b *binding) paramDoc(p *v1.ParamSpec) string {
	doc := sentences(p.Description, needed(p))
	if !strings.HasSuffix(doc, ".") {
		doc += "."
	}
	if p.Type == v1.ParamTypeObject && len(p.Properties) > 0 {
		doc += " Keys: " + strings.Join(keysOf(p.Properties), ", ") + "."
	}
	if len(p.Enum) > 0 {
		values := make([]string, len(p.Enum))
		for i, v := range p.Enum {
			values[i] = fmt.Sprintf("%q", v)
		}
		doc += " Values: " + strings.Join(values, ", ") + "."
	}
	return doc + " Param " + p.Name + "."
}

// result returns the kind and the call of a result.
func result(on plan.Expr, name string, kind v1.ResultsType, properties map[string]v1.PropertySpec) *plan.Call {
	switch kind {
	case v1.ResultsTypeArray:
		return plan.Method(on, "ArrayResult", plan.Text(name))
	case v1.ResultsTypeObject:
		return plan.Method(on, "ObjectResult", plan.Text(name), plan.Literal{Value: keysOf(properties)})
	}
	return plan.Method(on, "Result", plan.Text(name))
}

// output adds a handle to the output.
func (b *binding) output(field string, kind plan.Kind, doc string, v *plan.Var) {
	b.typ.Out = append(b.typ.Out, plan.Field{Name: field, Kind: kind, Doc: doc})
	b.typ.Returns = append(b.typ.Returns, plan.Set{Field: field, Value: plan.Method(v, "Value")})
}

// task translates the signature of a Task.
func (b *binding) task(o *v1.Task) *plan.Type {
	spec := &o.Spec
	b.begin(spec.Description, "t", false)
	for i := range spec.Params {
		b.param(&spec.Params[i], kindOf(typed(&spec.Params[i]).Type))
	}
	spaces := map[string]*plan.Var{}
	for i := range spec.Workspaces {
		spaces[spec.Workspaces[i].Name] = b.workspace(&spec.Workspaces[i])
	}
	seen := map[string]bool{}
	for i := range spec.Results {
		r := &spec.Results[i]
		if seen[r.Name] {
			continue
		}
		seen[r.Name] = true
		v := b.local(r.Name, "Result")
		b.add(v, result(b.typ.Param, r.Name, r.Type, r.Properties))
		field := b.called(b.outs, "results", r.Name, "Result", hidesMethod)
		b.output(field, kindOf(v1.ParamType(r.Type)), sentences(r.Description, "Result "+r.Name+"."), v)
	}
	for i := range spec.Workspaces {
		if d := &spec.Workspaces[i]; !d.ReadOnly && !d.Optional {
			field := b.called(b.outs, "workspaces", d.Name, "Workspace", hidesMethod)
			b.output(field, plan.Workspace, "The workspace "+d.Name+" as the task leaves it.", spaces[d.Name])
		}
	}
	switch b.Reach {
	case InCluster:
		b.add(nil, plan.Method(b.typ.Param, "Existing"))
	case Fetched:
		b.add(nil, plan.Method(b.typ.Param, "From", b.origin()))
	default:
		name := b.index.names.take(unexported(b.Type+"-YAML"), "")
		b.add(nil, plan.Method(b.typ.Param, "FromYAML", plan.Embedded{Name: name, Path: b.Path, Text: b.Text, Bytes: true}))
	}
	return b.typ
}

// workspace declares a workspace.
func (b *binding) workspace(d *v1.WorkspaceDeclaration) *plan.Var {
	field := b.called(b.fields, "workspaces", d.Name, "Workspace", nil)
	doc := optional(d.Optional)
	if d.ReadOnly {
		doc += " The task only reads it."
	}
	b.typ.Fields = append(b.typ.Fields, plan.Field{
		Name: field, Kind: plan.Workspace, Doc: sentences(d.Description, doc+" Workspace "+d.Name+"."),
	})
	args := []plan.Expr{plan.Text(d.Name), b.typ.In.Of(field)}
	if b.Reach != Along {
		if d.Optional {
			args = append(args, plan.Fn("Optional"))
		}
		if d.ReadOnly {
			args = append(args, plan.Fn("ReadOnly"))
		}
	}
	v := b.local(d.Name, "Workspace")
	b.add(v, plan.Method(b.typ.Param, "Workspace", args...))
	return v
}

// origin returns the resolver.
func (b *binding) origin() plan.Expr {
	return resolverWith(b.Resolver, b.Params, func(p *v1.Param) plan.Expr { return plan.Text(p.Value.StringVal) })
}

// action translates a StepAction: its signature, or all of it if it comes along.
func (b *binding) action(o *v1beta1.StepAction) (*plan.Type, error) {
	if b.Reach == Along {
		return b.wholeAction(o)
	}
	b.begin(o.Spec.Description, "a", true)
	for i := range o.Spec.Params {
		p := &o.Spec.Params[i]
		kind := plan.TaskString
		switch typed(p).Type {
		case v1.ParamTypeArray:
			kind = plan.TaskArray
		case v1.ParamTypeObject:
			kind = plan.TaskObject
		}
		b.param(p, kind)
	}
	seen := map[string]bool{}
	for i := range o.Spec.Results {
		r := &o.Spec.Results[i]
		if seen[r.Name] {
			continue
		}
		seen[r.Name] = true
		kind := plan.TaskString
		switch r.Type {
		case v1.ResultsTypeArray:
			kind = plan.TaskArray
		case v1.ResultsTypeObject:
			kind = plan.TaskObject
		}
		v := b.local(r.Name, "Result")
		b.add(v, result(b.typ.Param, r.Name, r.Type, r.Properties))
		field := b.called(b.outs, "results", r.Name, "Result", hidesStepMethod)
		b.output(field, kind, sentences(r.Description, "Result "+r.Name+"."), v)
	}
	if b.Reach == InCluster {
		b.add(nil, plan.Method(b.typ.Param, "Existing"))
	} else {
		b.add(nil, plan.Method(b.typ.Param, "From", b.origin()))
	}
	return b.typ, nil
}

// hidesStepMethod reports whether a field of the output of a StepAction must not have this
// name.
func hidesStepMethod(name string) bool {
	_, ok := reflect.TypeFor[*builder.Step]().MethodByName(name)
	return ok || name == "Step"
}

// wholeAction translates a StepAction with its container. There is no call that makes one
// from YAML.
func (b *binding) wholeAction(o *v1beta1.StepAction) (*plan.Type, error) {
	if len(b.Fields) > 0 {
		return nil, fmt.Errorf("the fields of StepAction %q cannot be renamed, as it is bound with its container", o.Name)
	}
	r := Import(b.index, o, b.From)
	if r.Func == nil {
		return nil, fmt.Errorf("StepAction %q cannot be written in Go: %s", o.Name, r.Reason)
	}
	t := b.index.actions[o].Type
	for _, s := range t.Body {
		inline(s.Expr)
	}
	if b.From != "" {
		if t.Doc = strings.TrimSpace(t.Doc); t.Doc != "" {
			t.Doc += "\n"
		}
		t.Doc += "\nIt is bound from " + b.From + "."
	}
	return t, nil
}

// inline puts the scripts of a StepAction into the Go: the file is written anew anyway, and
// nobody edits them.
func inline(e plan.Expr) {
	c, ok := e.(*plan.Call)
	if !ok {
		return
	}
	if c.On != nil {
		inline(c.On)
	}
	for i, a := range c.Args {
		if x, ok := a.(plan.Embedded); ok {
			c.Args[i] = plan.Text(x.Text)
		}
		inline(a)
	}
}

// Clashes returns pairs of bound objects that become Go types of one name, or of which one
// has the name of the output of the other.
func Clashes(list []*Bound, s Spelling) [][2]*Bound {
	taken := map[string]*Bound{}
	var out [][2]*Bound
	for _, b := range list {
		name := b.GoName(s)
		for _, n := range []string{name, name + "Out"} {
			if other := taken[n]; other != nil && other != b {
				out = append(out, [2]*Bound{other, b})
				break
			}
			taken[n] = b
		}
	}
	return slices.Clip(out)
}

// GoName returns the name of the Go type.
func (b *Bound) GoName(s Spelling) string {
	if b.Type != "" {
		return b.Type
	}
	return s.exported(b.Name())
}

// FileName returns a name as lower-case words with dashes, which is harmless as the name of a
// file.
func FileName(name string) string { return dashed(name) }
