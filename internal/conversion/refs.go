package conversion

import (
	"cmp"
	"reflect"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Bundles makes references to bundles use the bundles resolver, in an object of v1beta1 that
// it changes. Tekton's conversion drops the bundle, so that the reference would mean an object
// of the cluster.
func Bundles(o runtime.Object) Moves {
	var moves Moves
	resolve := func(at diag.Path, name, bundle *string, kind string, to *v1beta1.ResolverRef) bool {
		if *bundle == "" || to.Resolver != "" {
			return false
		}
		to.Resolver = "bundles"
		for _, p := range [][2]string{{"bundle", *bundle}, {"name", *name}, {"kind", kind}} {
			to.Params = append(to.Params, v1beta1.Param{Name: p[0], Value: *v1beta1.NewStructuredValues(p[1])})
		}
		*name, *bundle = "", ""
		moves.move(at.Field("bundle"), at.Field("params"))
		moves.move(at.Field("bundle"), at.Field("resolver"))
		return true
	}
	each(o, func(at diag.Path, r *v1beta1.TaskRef) {
		if kind := cmp.Or(strings.ToLower(string(r.Kind)), "task"); resolve(at, &r.Name, &r.Bundle, kind, &r.ResolverRef) {
			r.Kind = ""
		}
	})
	each(o, func(at diag.Path, r *v1beta1.PipelineRef) {
		resolve(at, &r.Name, &r.Bundle, "pipeline", &r.ResolverRef)
	})
	return moves
}

// ClusterTask is a reference to a ClusterTask.
type ClusterTask struct {
	Name string
	At   diag.Path // of its kind
}

// ClusterTasks makes references to ClusterTasks, which Tekton has removed, refer to Tasks of
// the same name, in an object of v1 that it changes. It returns these references.
func ClusterTasks(o runtime.Object) []ClusterTask {
	var out []ClusterTask
	each(o, func(at diag.Path, r *v1.TaskRef) {
		if isClusterTask(r) {
			r.Kind = v1.NamespacedTaskKind
			out = append(out, ClusterTask{r.Name, at.Field("kind")})
		}
	})
	return out
}

// HasClusterTasks reports whether an object of v1 refers to ClusterTasks.
func HasClusterTasks(o runtime.Object) (has bool) {
	each(o, func(_ diag.Path, r *v1.TaskRef) { has = has || isClusterTask(r) })
	return has
}

func isClusterTask(r *v1.TaskRef) bool {
	return r.Kind == "ClusterTask" && r.Resolver == "" && (r.APIVersion == "" || strings.HasPrefix(r.APIVersion, "tekton.dev/"))
}

// each calls visit for each value of a type in an object, and its path.
func each[T any](o any, visit func(diag.Path, *T)) { walk(reflect.ValueOf(o), diag.Path{}, visit) }

func walk[T any](v reflect.Value, at diag.Path, visit func(diag.Path, *T)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if x, ok := reflect.TypeAssert[*T](v); ok {
			visit(at, x)
			return
		}
		walk(v.Elem(), at, visit)
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), at.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case !f.IsExported() || name == "-" || name == "metadata" || name == "status":
			case name == "" && strings.Contains(options, "inline"):
				walk(v.Field(i), at, visit)
			case name != "":
				walk(v.Field(i), at.Field(name), visit)
			}
		}
	}
}
