package oracle

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// colours are the values of every enum, so that some fit others.
var colours = []string{"red", "green", "blue", "white"}

func text(s string) v1.ParamValue { return v1.ParamValue{Type: v1.ParamTypeString, StringVal: s} }

func list(items ...string) v1.ParamValue {
	return v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: items}
}

func objectValue(m map[string]string) v1.ParamValue {
	return v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: m}
}

// paramSpecs declares up to max params of each type.
func (g *gen) paramSpecs(max int, enums bool, prefix string) v1.ParamSpecs {
	var out v1.ParamSpecs
	for i := range g.between(0, max) {
		p := v1.ParamSpec{Name: fmt.Sprintf(prefix+"text-%d", i), Type: v1.ParamTypeString}
		if g.chance(0.1) {
			p.Name = fmt.Sprintf(prefix+"text.%d", i)
		}
		if enums && g.chance(0.35) {
			p.Enum = slices.Clone(colours[:g.between(2, 4)])
		}
		out = append(out, p)
	}
	for i := range g.between(0, max) {
		out = append(out, v1.ParamSpec{Name: fmt.Sprintf(prefix+"list-%d", i), Type: v1.ParamTypeArray})
	}
	for i := range g.between(0, max) {
		p := v1.ParamSpec{Name: fmt.Sprintf(prefix+"object-%d", i), Type: v1.ParamTypeObject, Properties: map[string]v1.PropertySpec{}}
		for _, k := range []string{"url", "revision", "depth"}[:g.between(1, 3)] {
			p.Properties[k] = v1.PropertySpec{Type: v1.ParamTypeString}
		}
		out = append(out, p)
	}
	for i := range out {
		if g.chance(0.4) {
			v := g.literal(out[i])
			out[i].Default = &v
		}
	}
	return out
}

// literal is a value for the param without any $(...).
func (g *gen) literal(p v1.ParamSpec) v1.ParamValue {
	switch {
	case p.Type == v1.ParamTypeArray:
		return list([]string{"one", "two", "three"}[:g.between(2, 3)]...)
	case p.Type == v1.ParamTypeObject:
		m := map[string]string{}
		for _, k := range sortedKeys(p.Properties) {
			m[k] = "value of " + k
		}
		return objectValue(m)
	case len(p.Enum) > 0:
		c, _ := pick(g, p.Enum)
		return text(c)
	}
	return text(fmt.Sprintf("value-%d", g.IntN(100)))
}

// ref refers to a param in one of the spellings that Tekton knows.
func (g *gen) ref(name, suffix string) string {
	switch n := g.IntN(6); {
	case n == 0 || strings.Contains(name, "."):
		return "$(params['" + name + "']" + suffix + ")"
	case n == 1:
		return `$(params["` + name + `"]` + suffix + ")"
	}
	return "$(params." + name + suffix + ")"
}

// uses makes environment and arguments that use most of the params.
func (g *gen) uses(params v1.ParamSpecs) (env []corev1.EnvVar, args []string) {
	add := func(value string) {
		env = append(env, corev1.EnvVar{Name: fmt.Sprintf("INPUT_%d", len(env)), Value: value})
	}
	for _, p := range params {
		if g.chance(0.1) {
			continue
		}
		switch p.Type {
		case v1.ParamTypeString:
			add(g.ref(p.Name, ""))
		case v1.ParamTypeArray:
			// Tekton finds an index only in the dotted spelling.
			args = append(args, g.ref(p.Name, "[*]"), "$(params."+p.Name+"[1])")
		case v1.ParamTypeObject:
			for _, k := range sortedKeys(p.Properties) {
				add("$(params." + p.Name + "." + k + ")")
			}
		}
	}
	return env, args
}

func sortedKeys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
