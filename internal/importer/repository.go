package importer

import (
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// repository translates a Repository of Pipelines-as-Code to package pac. It returns nil for
// other objects.
func (x *Index) repository(o runtime.Object, file string) *Result {
	u, ok := o.(*unstructured.Unstructured)
	if !ok || u.GetKind() != "Repository" || u.GetAPIVersion() != v1alpha1.GroupVersion.String() {
		return nil
	}
	r := &Result{}
	want, _ := same.Prepared(o).(*unstructured.Unstructured)
	spec := &v1alpha1.Repository{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(want.Object, spec, true); err != nil {
		return r.raw("the Repository has fields that package pac does not know")
	}
	f := (&writer{index: x, object: o, file: file}).repositoryFunc(spec)
	source, err := plan.Run(f)
	if err != nil {
		return r.raw(err.Error())
	}
	objects, err := source.Objects()
	if err != nil || len(objects) != 1 {
		return r.raw("package pac does not accept the Repository")
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(objects[0].Object)
	if err != nil || len(x.differences(want, x.prepared(&unstructured.Unstructured{Object: content}))) > 0 {
		return r.raw("no call describes a Repository like this")
	}
	r.Func = f
	return r
}

// repositoryFunc returns a function that describes a Repository.
func (w *writer) repositoryFunc(o *v1alpha1.Repository) *plan.Func {
	c := &chain{plan.Fn("pac.NewRepository", plan.Text(o.Name), plan.Text(o.Spec.URL))}
	if p := o.Spec.GitProvider; p != nil {
		c.do("Provider", plan.Literal{Value: *p})
	}
	if n := o.Spec.ConcurrencyLimit; n != nil {
		c.do("ConcurrencyLimit", plan.Int(*n))
	}
	for _, i := range o.Spec.Incomings {
		c.do("Incoming", append([]plan.Expr{plan.Text(i.Secret.Name), plan.Text(i.Secret.Key)}, texts(i.Targets)...)...)
		if len(i.Params) > 0 {
			c.do("IncomingParams", texts(i.Params)...)
		}
	}
	if s := o.Spec.Settings; s != nil {
		c.do("Settings", plan.Literal{Value: *s})
	}
	var sets []plan.Assignment
	for name, m := range map[string]map[string]string{"Labels": o.Labels, "Annotations": o.Annotations} {
		if len(m) > 0 {
			sets = append(sets, plan.Assignment{Path: []plan.Step{{Field: name}}, Value: reflect.ValueOf(m)})
		}
	}
	if len(sets) == 2 && sets[0].Path[0].Field == "Labels" {
		sets[0], sets[1] = sets[1], sets[0]
	}
	if len(sets) > 0 {
		c.do("Mutate", plan.Change{Of: reflect.TypeFor[v1alpha1.Repository](), Sets: sets})
	}
	f := w.infraFunc("*pac.Repository", c.e)
	if len(o.Spec.Params) == 0 {
		return f
	}
	v := &plan.Var{Name: "r"}
	f.Body = []plan.Stmt{{Var: v, Expr: c.e}}
	for _, p := range o.Spec.Params {
		e := plan.Method(v, "Param", plan.Text(p.Name), plan.Text(p.Value))
		if p.SecretRef != nil || p.Filter != "" {
			e = plan.Method(v, "ParamFrom", plan.Literal{Value: p})
		}
		f.Body = append(f.Body, plan.Stmt{Expr: e})
	}
	f.Returns = v
	return f
}
