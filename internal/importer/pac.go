package importer

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/pac"
)

// inFolder reports whether Pipelines-as-Code takes an object of a file from a folder .tekton.
func inFolder(o runtime.Object, file string) bool {
	switch o.(type) {
	case *v1.PipelineRun, *v1.Pipeline, *v1.Task:
		return slices.Contains(strings.Split(path.Dir(file), "/"), ".tekton")
	}
	return false
}

// InFolder reports whether Pipelines-as-Code takes an object of a file from a folder .tekton, so
// that it is a run of the set and not one of its objects.
func InFolder(o runtime.Object, file string) bool { return inFolder(o, file) }

// folderRun translates a run of a folder of Pipelines-as-Code to one of package pac. It returns
// nil if that has no calls for its annotations, or would not accept the run. The run is then one
// of package builder, whose annotations are texts.
func (x *Index) folderRun(o *v1.PipelineRun, file string) *Result {
	for _, of := range readAnnotations(o) {
		r := x.translate(&Result{}, o, file, of)
		if r.Func != nil && len(r.Hatches) == 0 && len(r.Faults) == 0 {
			return r
		}
	}
	return nil
}

// annotated is what the annotations of a run say, in calls of package pac.
type annotated struct {
	calls []call
}

type call struct {
	method string
	args   []plan.Expr
}

// run returns the run of package pac.
func (a *annotated) run(run plan.Expr) plan.Expr {
	c := &chain{plan.Fn("pac.Run", run)}
	for _, call := range a.calls {
		c.do(call.method, call.args...)
	}
	return c.e
}

func (a *annotated) add(method string, args ...plan.Expr) {
	a.calls = append(a.calls, call{method, args})
}

// readAnnotations returns what the annotations of a run say, in the ways in which package pac
// may say the same. There are none if it has no calls for one of them.
func readAnnotations(o *v1.PipelineRun) []*annotated {
	var events [][]plan.Expr
	rest := &annotated{}
	lists := map[string][]string{}
	var tasks []string
	comment := ""
	for _, k := range slices.Sorted(maps.Keys(o.Annotations)) {
		name, ok := strings.CutPrefix(k, pac.Prefix)
		if !ok {
			continue
		}
		value := o.Annotations[k]
		switch {
		case name == "on-cel-expression":
			events = celEvents(value)
		case name == "on-comment":
			comment = value
		case pac.IsTask(k), slices.Contains(pac.Lists, name):
			list, err := pac.List(value)
			if err != nil {
				return nil
			}
			if pac.IsTask(k) {
				tasks = append(tasks, list...)
				continue
			}
			lists[name] = list
		case name == "max-keep-runs":
			n, err := strconv.Atoi(value)
			if err != nil {
				return nil
			}
			rest.add("MaxKeepRuns", plan.Int(n))
		case name == "cancel-in-progress":
			if value != "true" && value != "false" {
				return nil
			}
			rest.add("CancelInProgress", plan.Literal{Value: value == "true"})
		case name == "target-namespace":
			rest.add("TargetNamespace", plan.Text(value))
		default:
			return nil
		}
	}
	if len(tasks) > 0 {
		rest.add("RemoteTasks", texts(tasks)...)
	}
	if p := lists["pipeline"]; len(p) > 1 {
		return nil
	} else if len(p) == 1 {
		rest.add("RemotePipeline", plan.Text(p[0]))
		delete(lists, "pipeline")
	}
	if o.GenerateName != "" {
		rest.add("GenerateName")
	}
	if len(lists) > 0 {
		if events != nil {
			return nil // the lists are ignored
		}
		events = listEvents(lists)
	}
	if comment != "" {
		c := plan.Fn("pac.Comment", plan.Text(comment))
		for i := range events {
			events[i] = append(events[i], c)
		}
		if events == nil {
			events = [][]plan.Expr{{c}}
		}
	}
	var out []*annotated
	for _, e := range events {
		a := &annotated{calls: []call{{"On", e}}}
		a.calls = append(a.calls, rest.calls...)
		out = append(out, a)
	}
	return out
}

var (
	simplePush = regexp.MustCompile(`^event == "push" && target_branch == "([^"\\]+)"$`)
	simplePull = regexp.MustCompile(`^event == "pull_request"(?: && target_branch == "([^"\\]+)")?$`)
)

// celEvents returns the events that an expression selects. The simple expressions are those
// that package pac writes.
func celEvents(expr string) [][]plan.Expr {
	var out [][]plan.Expr
	if m := simplePush.FindStringSubmatch(expr); m != nil {
		e := plan.Method(plan.Fn("pac.Push"), "Branches", plan.Text(m[1]))
		if tag, ok := strings.CutPrefix(m[1], "refs/tags/"); ok {
			e = plan.Fn("pac.Tag", plan.Text(tag))
		}
		out = append(out, []plan.Expr{e})
	}
	if m := simplePull.FindStringSubmatch(expr); m != nil {
		e := plan.Fn("pac.PullRequest")
		if m[1] != "" {
			e = plan.Method(e, "Targets", plan.Text(m[1]))
		}
		out = append(out, []plan.Expr{e})
	}
	return append(out, []plan.Expr{plan.Fn("pac.CEL", plan.Text(expr))})
}

// listEvents returns the events that the annotations with lists select.
func listEvents(lists map[string][]string) [][]plan.Expr {
	on, branches := lists["on-event"], lists["on-target-branch"]
	if slices.Equal(on, []string{"incoming"}) && slices.Equal(branches, []string{"*"}) && len(lists) == 2 {
		return [][]plan.Expr{{plan.Fn("pac.Incoming")}}
	}
	e := plan.Fn("pac.OnEvent", texts(on)...)
	for _, m := range [][2]string{
		{"on-target-branch", "TargetBranch"}, {"on-path-change", "PathChange"}, {"on-path-change-ignore", "PathChangeIgnore"}, {"on-label", "Label"},
	} {
		if len(lists[m[0]]) > 0 {
			e = plan.Method(e, m[1], texts(lists[m[0]])...)
		}
	}
	return [][]plan.Expr{{e}}
}

// variables are the values of events that package pac writes as they are.
var variables = map[string]plan.Const{
	"revision": "pac.Revision", "repo_url": "pac.RepoURL", "repo_owner": "pac.RepoOwner", "repo_name": "pac.RepoName",
	"source_url": "pac.SourceURL", "event_type": "pac.EventType", "target_namespace": "pac.TargetNamespace", "git_auth_secret": "pac.GitAuthSecret",
}

// withVariables splits a text at the variables of Pipelines-as-Code that are constants of
// package pac.
func withVariables(t string) []plan.Expr {
	var parts []plan.Expr
	last := 0
	for _, v := range pac.Variables(t) {
		c, ok := variables[v.Key]
		if !ok {
			continue
		}
		if v.Start > last {
			parts = append(parts, plan.Text(t[last:v.Start]))
		}
		parts, last = append(parts, c), v.End
	}
	if last < len(t) || len(parts) == 0 {
		parts = append(parts, plan.Text(t[last:]))
	}
	return parts
}
