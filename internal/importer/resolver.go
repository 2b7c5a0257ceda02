package importer

import (
	"path"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// constructors are the functions that return a resolver, with the params that their
// arguments set.
var constructors = map[v1.ResolverName]struct {
	function string
	params   []string
}{
	"bundles": {"Bundle", []string{"bundle", "name"}},
	"cluster": {"Cluster", []string{"namespace", "name"}},
	"git":     {"Git", []string{"url", "revision", "pathInRepo"}},
	"http":    {"HTTP", []string{"url"}},
	"hub":     {"Hub", []string{"name", "version"}},
}

// resolverCall returns a resolver as an expression.
func resolverCall(s *scope, name v1.ResolverName, params v1.Params) plan.Expr {
	return resolverWith(name, params, func(p *v1.Param) plan.Expr { return s.text(p.Value.StringVal) })
}

// resolverWith is like resolverCall with another function for the values that are strings.
// The constructor of a resolver is used if all params that it sets are given.
func resolverWith(name v1.ResolverName, params v1.Params, value func(*v1.Param) plan.Expr) plan.Expr {
	c, ok := constructors[name]
	args := make([]plan.Expr, len(c.params))
	for i, want := range c.params {
		j := slices.IndexFunc(params, func(p v1.Param) bool { return p.Name == want })
		if j < 0 || params[j].Value.Type != v1.ParamTypeString || params[j].Value.StringVal == "" {
			ok = false
			break
		}
		args[i] = value(&params[j])
	}
	e := plan.Fn(c.function, args...)
	if !ok {
		c.params, e = nil, plan.Fn("NewResolver", plan.Text(name))
	}
	for i := range params {
		p := &params[i]
		switch {
		case slices.Contains(c.params, p.Name):
		case p.Value.Type == v1.ParamTypeArray:
			e = plan.Method(e, "WithArray", plan.Text(p.Name), plan.Fn("Strings", texts(p.Value.ArrayVal)...))
		case p.Value.Type == v1.ParamTypeObject:
			e = plan.Method(e, "WithObject", plan.Text(p.Name), newScope(false).objectOf(p.Value.ObjectVal))
		case p.Value.StringVal == "":
			e = plan.Method(e, "With", plan.Text(p.Name), plan.Const("Empty"))
		default:
			e = plan.Method(e, "With", plan.Text(p.Name), value(p))
		}
	}
	return e
}

// refName returns a name for what a resolver fetches: that of the object or of the file.
func refName(resolver v1.ResolverName, params v1.Params, otherwise string) string {
	want := "name"
	switch resolver {
	case "git":
		want = "pathInRepo"
	case "http":
		want = "url"
	}
	for _, p := range params {
		if p.Name == want && p.Value.StringVal != "" && !strings.Contains(p.Value.StringVal, "$(") {
			base := path.Base(p.Value.StringVal)
			base = strings.TrimSuffix(strings.TrimSuffix(base, ".yaml"), ".yml")
			if len(words(base)) > 0 {
				return base
			}
		}
	}
	return otherwise
}
