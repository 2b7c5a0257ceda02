package same

import (
	"context"
	"reflect"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// values compares values of params and results. Tekton treats ["$(x[*])"], "$(x[*])",
// ["$(x)"] and "$(x)" alike if x is an array.
func values(c *comparison, path []Step, a, b reflect.Value) {
	x, y := a.Interface().(v1.ParamValue), b.Interface().(v1.ParamValue)
	if wx, wy := c.array(x), c.array(y); wx != "" && wx == wy {
		return
	}
	if x.Type != y.Type {
		c.differ(path, a, b)
		return
	}
	switch x.Type {
	case v1.ParamTypeArray:
		if len(x.ArrayVal) != len(y.ArrayVal) {
			c.differ(path, a, b)
			return
		}
		for i := range x.ArrayVal {
			if c.spelled(x.ArrayVal[i]) != c.spelled(y.ArrayVal[i]) {
				c.differ(path, a, b)
				return
			}
		}
	case v1.ParamTypeObject:
		if len(x.ObjectVal) != len(y.ObjectVal) {
			c.differ(path, a, b)
			return
		}
		for k, v := range x.ObjectVal {
			if w, ok := y.ObjectVal[k]; !ok || c.spelled(v) != c.spelled(w) {
				c.differ(path, a, b)
				return
			}
		}
	default:
		if c.spelled(x.StringVal) != c.spelled(y.StringVal) {
			c.differ(path, a, b)
		}
	}
}

// array returns the variable of a value that is a whole array or object, or "".
func (c *comparison) array(v v1.ParamValue) string {
	s := v.StringVal
	switch {
	case v.Type == v1.ParamTypeArray && len(v.ArrayVal) == 1:
		s = v.ArrayVal[0]
	case v.Type != v1.ParamTypeString:
		return ""
	}
	s = c.spelled(s)
	for m := range tekref.Scan(s) {
		if m.Start == 0 && m.End == len(s) && !m.Open && strings.HasSuffix(m.Expr, "[*]") {
			return m.Expr
		}
	}
	return ""
}

// Spelled returns a text with each variable in the form in which the builder writes it:
// params.x for params["x"] and for inputs.params.x.
func Spelled(s string) string {
	if !strings.Contains(s, "$(") {
		return s
	}
	return tekref.Replace(s, func(m tekref.Match) string {
		if m.Open || m.Escaped {
			return m.String()
		}
		expr := strings.TrimPrefix(m.Expr, "inputs.")
		if !strings.HasPrefix(expr, "params") {
			expr = m.Expr
		}
		v := tekref.Parse(expr)
		if v.Fault != "" || v.Kind != tekref.Param || !v.Bracket && expr == m.Expr {
			return m.String()
		}
		if strings.Contains(v.Name, ".") {
			return m.String()
		}
		out := tekref.ParamOf(v.Name)
		switch {
		case v.Star:
			out = out.All()
		case v.Index >= 0:
			out = out.At(v.Index)
		case v.Key != "":
			return tekref.Text(out.Expr + "." + v.Key)
		}
		return out.String()
	})
}

// spelled is like Spelled. A variable that is all of a text gets [*] if it is a whole array.
func (c *comparison) spelled(s string) string {
	if c.exact || c.literal {
		return s
	}
	s = Spelled(s)
	for m := range tekref.Scan(s) {
		if m.Start != 0 || m.End != len(s) || m.Open {
			break
		}
		v := tekref.Parse(m.Expr)
		if v.Kind != tekref.Param || v.Fault != "" || v.Star || v.Index >= 0 || v.Key != "" {
			break
		}
		for _, declared := range slices.Backward(c.arrays) {
			if is, ok := declared[v.Name]; ok {
				if is {
					return tekref.Text(m.Expr + "[*]")
				}
				break
			}
		}
	}
	return s
}

// within calls f with the params of a spec known.
func (c *comparison) within(params v1.ParamSpecs, f func()) {
	known := map[string]bool{}
	for i := range params {
		p := params[i].DeepCopy()
		p.SetDefaults(context.Background())
		known[p.Name] = p.Type != v1.ParamTypeString
	}
	c.arrays = append(c.arrays, known)
	f()
	c.arrays = c.arrays[:len(c.arrays)-1]
}

// tasks compares the specs of Tasks.
func tasks(c *comparison, path []Step, a, b reflect.Value) {
	params, _ := reflect.TypeAssert[v1.ParamSpecs](a.FieldByName("Params"))
	c.within(params, func() { c.fields(path, a, b) })
}

// pipelines compares the specs of pipelines. Lists of runAfter are the same if the order
// that they give, together with results that are used, is.
func pipelines(c *comparison, path []Step, a, b reflect.Value) {
	params, _ := reflect.TypeAssert[v1.ParamSpecs](a.FieldByName("Params"))
	c.within(params, func() { c.pipeline(path, a, b) })
}

func (c *comparison) pipeline(path []Step, a, b reflect.Value) {
	c.fields(path, a, b, "Tasks")
	x, y := a.FieldByName("Tasks"), b.FieldByName("Tasks")
	at := append(path, Step{Field: "Tasks", JSON: "tasks"})
	steps, ok := c.paired(x, y)
	if !ok {
		c.differ(at, x, y)
		return
	}
	for _, s := range steps {
		c.fields(append(at, s), x.Index(s.A), y.Index(s.B), "RunAfter")
	}
	xs, ys := x.Interface().([]v1.PipelineTask), y.Interface().([]v1.PipelineTask)
	before, after := Order(xs), Order(ys)
	for i := range xs {
		j := steps[i].B
		if !reflect.DeepEqual(before[i], after[j]) {
			c.differ(append(at, Step{A: i, B: j, Name: xs[i].Name}, Step{Field: "RunAfter", JSON: "runAfter"}),
				x.Index(i).FieldByName("RunAfter"), y.Index(j).FieldByName("RunAfter"))
		}
	}
}

// Order returns for each task the names of all tasks that run before it.
func Order(tasks []v1.PipelineTask) []map[string]bool {
	direct := make(map[string][]string, len(tasks))
	for i := range tasks {
		direct[tasks[i].Name] = append(direct[tasks[i].Name], tasks[i].Deps()...)
	}
	out := make([]map[string]bool, len(tasks))
	for i := range tasks {
		seen := map[string]bool{}
		open := []string{tasks[i].Name}
		for len(open) > 0 {
			n := open[len(open)-1]
			open = open[:len(open)-1]
			for _, d := range direct[n] {
				if !seen[d] {
					seen[d] = true
					open = append(open, d)
				}
			}
		}
		out[i] = seen
	}
	return out
}
