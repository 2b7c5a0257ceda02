package same

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// special returns the rule for a type whose values can differ although Tekton treats them
// alike, nil if there is none.
func (c *comparison) special(t reflect.Type) func(c *comparison, path []Step, a, b reflect.Value) {
	switch t {
	case reflect.TypeFor[metav1.TypeMeta]():
		return func(*comparison, []Step, reflect.Value, reflect.Value) {}
	case reflect.TypeFor[metav1.Time]():
		return times
	case reflect.TypeFor[corev1.Secret]():
		return secrets
	case reflect.TypeFor[apiextensionsv1.JSON]():
		return rawJSON
	case reflect.TypeFor[resource.Quantity]():
		return quantities
	}
	raw := t == reflect.TypeFor[runtime.RawExtension]()
	switch {
	case c.exact && raw:
		return rawJSON
	case c.exact:
		return nil
	case raw:
		return extensions
	}
	switch t {
	case reflect.TypeFor[v1.ParamValue]():
		return values
	case reflect.TypeFor[v1.TaskRef]():
		return refs
	case reflect.TypeFor[v1.WorkspacePipelineTaskBinding]():
		return bindings
	case reflect.TypeFor[v1.PipelineSpec]():
		return pipelines
	case reflect.TypeFor[v1.TaskSpec]():
		return tasks
	case reflect.TypeFor[v1.OnErrorType](), reflect.TypeFor[v1.PipelineTaskOnErrorType]():
		return onError
	case reflect.TypeFor[v1.ParamType](), reflect.TypeFor[v1.ResultsType]():
		return paramTypes
	}
	return nil
}

// rawJSON compares structs whose field Raw is JSON, of any spelling.
func rawJSON(c *comparison, path []Step, a, b reflect.Value) {
	if !bytes.Equal(canonical(a.FieldByName("Raw").Bytes()), canonical(b.FieldByName("Raw").Bytes())) {
		c.differ(path, a, b)
	}
}

// bytes compares values that are written in base64.
func (c *comparison) bytes(path []Step, a, b reflect.Value) {
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		c.differ(path, a, b)
	}
}

// secrets compares the keys and the types of Secrets. Their values do not count, and are in
// no difference.
func secrets(c *comparison, path []Step, a, b reflect.Value) {
	x, _ := reflect.TypeAssert[corev1.Secret](a)
	y, _ := reflect.TypeAssert[corev1.Secret](b)
	for _, s := range []*corev1.Secret{&x, &y} {
		if s.Type == "" {
			s.Type = corev1.SecretTypeOpaque // as the API server does
		}
	}
	c.fields(path, reflect.ValueOf(x), reflect.ValueOf(y), "Data", "StringData")
	if m, n := keys(x), keys(y); !slices.Equal(m, n) {
		c.differ(append(path, Step{Field: "Data", JSON: "data"}), reflect.ValueOf(m), reflect.ValueOf(n))
	}
}

// keys returns the keys of a Secret.
func keys(s corev1.Secret) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(s.Data)), maps.Keys(s.StringData))
	slices.Sort(all)
	return slices.Compact(all)
}

// substituted reports whether Tekton replaces variables such as $(params.x) in objects of a
// type.
func substituted(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath(), "github.com/tektoncd/pipeline/")
}

// unreplaced are fields of such objects in which it replaces none.
var unreplaced = map[string]bool{"metadata": true, "description": true}

// opaque reports whether the fields of a struct cannot be compared one by one.
func opaque(t reflect.Type) bool {
	for f := range t.Fields() {
		if f.IsExported() {
			return false
		}
	}
	return t.NumField() > 0
}

// dropNull removes null, which is the same as an absent value.
func dropNull(v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			if item == nil {
				delete(v, k)
				continue
			}
			dropNull(item)
		}
	case []any:
		for _, item := range v {
			dropNull(item)
		}
	}
}

// Inner returns the differences between two values that are JSON, such as the objects in a
// template, with paths that begin with that of the values. It returns nil for other values.
func (d Difference) Inner(exact bool) []Difference {
	if !d.A.IsValid() || !d.B.IsValid() || d.A.Type() != d.B.Type() {
		return nil
	}
	x, ok := reflect.TypeAssert[runtime.RawExtension](d.A)
	y, same := reflect.TypeAssert[runtime.RawExtension](d.B)
	if !ok || !same {
		return nil
	}
	var inner []Difference
	if o, p := Typed(x.Raw), Typed(y.Raw); !exact && o != nil && p != nil && reflect.TypeOf(o) == reflect.TypeOf(p) {
		inner = Objects(Prepared(o), Prepared(p))
	} else {
		var v, w any
		if json.Unmarshal(x.Raw, &v) != nil || json.Unmarshal(y.Raw, &w) != nil {
			return nil
		}
		dropNull(v)
		dropNull(w)
		c := &comparison{exact: true, literal: true}
		c.compare(nil, reflect.ValueOf(&v).Elem(), reflect.ValueOf(&w).Elem())
		inner = c.found
	}
	for i := range inner {
		inner[i].Path = slices.Concat(d.Path, inner[i].Path)
	}
	return inner
}
