package bind

import (
	"context"
	"fmt"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
)

// signature is what the users of a Task or a StepAction depend on.
type signature struct {
	params     []v1.ParamSpec
	workspaces []v1.WorkspaceDeclaration
	results    []v1.TaskResult
}

func (d *document) signature() signature {
	var s signature
	switch o := d.object.(type) {
	case *v1.Task:
		s = signature{o.Spec.Params, o.Spec.Workspaces, o.Spec.Results}
	case *v1beta1.StepAction:
		s.params = o.Spec.Params
		for _, r := range o.Spec.Results {
			s.results = append(s.results, v1.TaskResult{Name: r.Name, Type: r.Type, Properties: r.Properties})
		}
	}
	s.params = slices.Clone(s.params)
	for i := range s.params {
		p := s.params[i].DeepCopy()
		p.SetDefaults(context.Background())
		s.params[i] = *p
	}
	return s
}

// names returns the names of the inputs and results: params.url.
func (s signature) names() []string {
	var out []string
	for _, p := range s.params {
		out = append(out, "params."+p.Name)
	}
	for _, w := range s.workspaces {
		out = append(out, "workspaces."+w.Name)
	}
	for _, r := range s.results {
		out = append(out, "results."+r.Name)
	}
	return out
}

// changes returns what has changed between two versions of a Task, as lines.
func changes(before, after *document) []string {
	var out []string
	say := func(format string, args ...any) {
		out = append(out, fmt.Sprintf("%s %s: ", after.kind(), after.name())+fmt.Sprintf(format, args...))
	}
	was, is := before.signature(), after.signature()
	compare(was.params, is.params, func(p v1.ParamSpec) string { return p.Name }, func(p v1.ParamSpec) {
		say("param %q is gone", p.Name)
	}, func(p v1.ParamSpec) {
		say("param %q is new, and %s", p.Name, need(p.Default != nil))
	}, func(a, b v1.ParamSpec) {
		if a.Type != b.Type {
			say("param %q has the type %s, and had %s", b.Name, b.Type, a.Type)
		}
		if (a.Default == nil) != (b.Default == nil) {
			say("param %q is now %s", b.Name, need(b.Default != nil))
		} else if a.Default != nil && fmt.Sprint(*a.Default) != fmt.Sprint(*b.Default) {
			say("param %q has another default", b.Name)
		}
		if !slices.Equal(a.Enum, b.Enum) {
			say("param %q has other values: %s", b.Name, strings.Join(b.Enum, ", "))
		}
	})
	compare(was.workspaces, is.workspaces, func(w v1.WorkspaceDeclaration) string { return w.Name }, func(w v1.WorkspaceDeclaration) {
		say("workspace %q is gone", w.Name)
	}, func(w v1.WorkspaceDeclaration) {
		say("workspace %q is new, and %s", w.Name, need(w.Optional))
	}, func(a, b v1.WorkspaceDeclaration) {
		if a.Optional != b.Optional {
			say("workspace %q is now %s", b.Name, need(b.Optional))
		}
		if a.ReadOnly != b.ReadOnly {
			say("workspace %q: readOnly is now %t", b.Name, b.ReadOnly)
		}
	})
	compare(was.results, is.results, func(r v1.TaskResult) string { return r.Name }, func(r v1.TaskResult) {
		say("result %q is gone", r.Name)
	}, func(r v1.TaskResult) {
		say("result %q is new", r.Name)
	}, func(a, b v1.TaskResult) {
		if a.Type != b.Type {
			say("result %q has the type %s, and had %s", b.Name, b.Type, a.Type)
		}
	})
	if len(out) == 0 && before.text != after.text {
		say("the YAML has changed; its params, workspaces and results have not")
	}
	return out
}

func need(optional bool) string {
	if optional {
		return "optional"
	}
	return "required"
}

// compare calls a function for each item that is gone, new, or in both lists.
func compare[T any](before, after []T, name func(T) string, gone, added func(T), both func(a, b T)) {
	find := func(list []T, n string) int {
		return slices.IndexFunc(list, func(x T) bool { return name(x) == n })
	}
	for _, a := range before {
		if find(after, name(a)) < 0 {
			gone(a)
		}
	}
	for _, b := range after {
		if i := find(before, name(b)); i < 0 {
			added(b)
		} else {
			both(before[i], b)
		}
	}
}
