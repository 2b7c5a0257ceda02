package builder

import (
	"reflect"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/check"
)

// lowered is a description as upstream objects.
type lowered struct {
	object   *v1.Pipeline
	objects  []check.Object // what it needs first, then itself
	findings check.Findings // of the chains, and of lowering
}

// lower makes the Pipeline and the objects that it refers to.
func (p *Pipeline) lower() *lowered {
	l := newLowering(p.problems.owner)
	o := &v1.Pipeline{
		TypeMeta: metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Pipeline"},
		ObjectMeta: metav1.ObjectMeta{
			Name:        l.plain(p.at, "the name of a pipeline", p.name),
			Labels:      l.labels("metadata.labels", p.labels),
			Annotations: l.labels("metadata.annotations", p.annotations),
		},
		Spec: v1.PipelineSpec{
			Description: l.plain(p.at, "the description of a pipeline", p.desc),
			DisplayName: l.plain(p.at, "the display name of a pipeline", p.displayName),
		},
	}
	o.Spec.Params = l.params("spec.params", p.params)
	for i, d := range p.workspaces {
		l.put(index("spec.workspaces", i), d.at)
		o.Spec.Workspaces = append(o.Spec.Workspaces, v1.PipelineWorkspaceDeclaration{
			Name:        l.plain(d.at, "the name of a workspace", d.name),
			Description: l.plain(d.at, "the description of a workspace", d.desc),
			Optional:    d.optional,
		})
	}
	parts := newParts(l)
	o.Spec.Tasks = l.nodes(p.tasks, "spec.tasks", parts)
	o.Spec.Finally = l.nodes(p.finally, "spec.finally", parts)
	l.edges(p, o.Spec.Tasks)
	for i, nodes := range [][]*Node{p.tasks, p.finally} {
		list := [][]v1.PipelineTask{o.Spec.Tasks, o.Spec.Finally}[i]
		for j, n := range nodes {
			for _, change := range n.mutate {
				change(&list[j])
			}
			if len(n.mutate) > 0 {
				n.wiring(l.problems, true).raw(n.at, "a mutated field of task "+strconv.Quote(n.name), &list[j])
			}
		}
	}
	l.pipelineResults(p, o)
	for _, change := range p.mutate {
		change(o)
	}
	if len(p.mutate) > 0 {
		wiring{problems: l.problems, owner: p.owner, pipeline: p, finally: true, result: true, list: true}.
			raw(p.at, "a mutated field", o)
	}
	out := &lowered{object: o, objects: parts.objects()}
	out.findings = append(append(out.findings, p.problems.list...), l.list...)
	out.objects = append(out.objects, check.Object{
		Object: o, Place: findPlace(l.places, p.at), Adjust: p.adjust(p.tasks, p.finally),
	})
	return out
}

func (l *lowering) nodes(list []*Node, path string, parts *parts) []v1.PipelineTask {
	var out []v1.PipelineTask
	for i, n := range list {
		pt, def := l.node(n, index(path, i))
		out = append(out, pt)
		parts.add(n, def)
	}
	return out
}

// pipelineResults lowers the results of the pipeline.
func (l *lowering) pipelineResults(p *Pipeline, o *v1.Pipeline) {
	c := wiring{problems: l.problems, owner: p.owner, pipeline: p, result: true}
	list := c
	list.list = true
	for i, r := range p.results {
		l.put(index("spec.results", i), r.at)
		where := "pipeline result " + strconv.Quote(r.name)
		out := v1.PipelineResult{
			Name:        l.plain(r.at, "the name of a result", r.name),
			Description: l.plain(r.at, "the description of a result", r.desc),
		}
		switch r.kind {
		case arrayKind:
			out.Type = v1.ResultsTypeArray
			out.Value = wholeArray(r.array)
			for _, s := range r.array.list() {
				list.check(r.at, where, string(s))
			}
		case objectKind:
			out.Type = v1.ResultsTypeObject
			out.Value = objectValue(r.object)
			if d := r.object.d; d != nil {
				list.check(r.at, where, d.whole)
				for _, s := range sortedValues(d.fields) {
					c.check(r.at, where, string(s))
				}
			}
		default:
			out.Value = *v1.NewStructuredValues(text(r.str))
			c.check(r.at, where, string(r.str))
		}
		if r.kind == stringKind && r.str == "" || r.kind == arrayKind && !r.array.given() || r.kind == objectKind && !r.object.given() {
			l.reportf(r.at, "result-empty", "%s has no value", where).Help = "pass it a task's result"
		}
		o.Spec.Results = append(o.Spec.Results, out)
	}
}

// parts gathers the objects that a pipeline refers to, each once.
type parts struct {
	l         *lowering
	tasks     []*definition
	actions   []*stepAction
	taskIndex map[string]*definition
	actIndex  map[string]*stepAction
	children  []*Pipeline
}

func newParts(l *lowering) *parts {
	return &parts{l: l, taskIndex: map[string]*definition{}, actIndex: map[string]*stepAction{}}
}

func (ps *parts) add(n *Node, def *definition) {
	if n.nested != nil && !n.embed {
		ps.children = append(ps.children, n.nested.child)
	}
	if def == nil {
		return
	}
	for _, a := range def.actions {
		first, ok := ps.actIndex[a.object.Name]
		switch {
		case !ok:
			ps.actIndex[a.object.Name] = a
			ps.actions = append(ps.actions, a)
		case !reflect.DeepEqual(first.object, a.object):
			ps.differs(a.at, first.at, "StepAction", a.object.Name, "ActionName")
		}
	}
	if def.name == "" {
		return
	}
	first, ok := ps.taskIndex[def.name]
	switch {
	case !ok:
		ps.taskIndex[def.name] = def
		ps.tasks = append(ps.tasks, def)
	case !reflect.DeepEqual(first.spec, def.spec) || !reflect.DeepEqual(first.meta, def.meta):
		ps.differs(def.at, first.at, "Task", def.name, "TaskName")
	}
}

func (ps *parts) differs(at, first place, kind, name, method string) {
	f := ps.l.reportf(at, "definition-differs", "%s %s is defined in two ways", kind, strconv.Quote(name))
	f.Related = []check.Related{{Message: "it is defined otherwise", Place: first.String()}}
	f.Help = "plain Go fields that change a definition must show in " + method
}

func (ps *parts) objects() []check.Object {
	var out []check.Object
	for _, a := range ps.actions {
		out = append(out, check.Object{Object: a.object, Place: findPlace(a.places, a.at)})
	}
	for _, d := range ps.tasks {
		out = append(out, d.object())
	}
	for _, c := range ps.children {
		child := c.lower()
		out = append(out, child.objects...)
		ps.l.list = append(ps.l.list, child.findings...)
	}
	return out
}

// withActions is the Task and the StepActions that it uses.
func (d *definition) withActions() []check.Object {
	var out []check.Object
	for _, a := range d.actions {
		out = append(out, check.Object{Object: a.object, Place: findPlace(a.places, a.at)})
	}
	if d.name == "" {
		return out
	}
	return append(out, d.object())
}

func (d *definition) object() check.Object {
	return check.Object{Place: findPlace(d.places, d.at), Object: &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Task"},
		ObjectMeta: d.meta, Spec: d.spec,
	}}
}
