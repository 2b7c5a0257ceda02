package facts

import (
	"cmp"
	"maps"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// sortedKeys returns the keys of a map in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// ParamType returns the type of a declared param, with Tekton's default.
func ParamType(p *v1.ParamSpec) v1.ParamType {
	switch {
	case p.Type != "":
		return p.Type
	case p.Properties != nil:
		return v1.ParamTypeObject
	case p.Default == nil:
		return v1.ParamTypeString
	case p.Default.Type != "":
		return p.Default.Type
	case p.Default.ArrayVal != nil:
		return v1.ParamTypeArray
	case p.Default.ObjectVal != nil:
		return v1.ParamTypeObject
	}
	return v1.ParamTypeString
}

// ResultType returns the type of a declared result, with Tekton's default.
func ResultType(t v1.ResultsType, properties map[string]v1.PropertySpec) v1.ParamType {
	switch {
	case t != "":
		return v1.ParamType(t)
	case properties != nil:
		return v1.ParamTypeObject
	}
	return v1.ParamTypeString
}

// IsUnset reports whether a value is missing. The empty string is a value.
func IsUnset(v *v1.ParamValue) bool {
	return v.Type == "" && v.StringVal == "" && v.ArrayVal == nil && v.ObjectVal == nil
}

// ValueKind returns the type of a value as it is written.
func ValueKind(v *v1.ParamValue) v1.ParamType {
	if v.Type == "" {
		return v1.ParamTypeString
	}
	return v.Type
}

// TypeOf returns the type of the value of a variable; false if it is not known.
type TypeOf func(tekref.Variable) (v1.ParamType, bool)

// ValueType returns the type that a value has once its variables are replaced; false
// if that is not known.
func ValueType(v *v1.ParamValue, of TypeOf) (v1.ParamType, bool) {
	kind := ValueKind(v)
	if kind != v1.ParamTypeString || !tekref.Contains(v.StringVal) {
		return kind, true
	}
	r, ok := Alone(v.StringVal)
	if !ok {
		return v1.ParamTypeString, true
	}
	if r.Fault != "" || of == nil {
		return "", false
	}
	return of(r)
}

// Alone returns the variable that is the whole text.
func Alone(s string) (tekref.Variable, bool) {
	var v tekref.Variable
	n, all := 0, false
	for m := range tekref.Scan(s) {
		n++
		if all = m.Start == 0 && m.End == len(s) && !m.Open; all {
			v = tekref.Parse(m.Expr)
		}
	}
	return v, n == 1 && all
}
