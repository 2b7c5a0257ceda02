package builder

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// lowered is a description as upstream objects. Of a pipeline that is described elsewhere,
// it has the signature and no objects.
type lowered struct {
	signature object.Object

	object   *v1.Pipeline
	places   *callsite.Places // by path within the Pipeline
	known    signatures       // of what the Pipeline refers to
	objects  []object.Object  // what it refers to, then the object itself
	findings diag.Findings    // of describing and of lowering
}

// lower returns the Pipeline and the objects that it refers to.
func (p *Pipeline) lower() *lowered {
	return p.lowerIn(&nesting{done: map[*Pipeline]*lowered{}})
}

func (p *Pipeline) lowerIn(nested *nesting) *lowered {
	nested.open = append(nested.open, p)
	defer func() { nested.open = nested.open[:len(nested.open)-1] }()
	if p.elsewhere != nil {
		out := p.lowerElsewhere()
		nested.done[p] = out
		return out
	}
	l := newLowering(p.problems.owner)
	l.nested = nested
	o := &v1.Pipeline{
		TypeMeta: metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Pipeline"},
		ObjectMeta: metav1.ObjectMeta{
			Name:        l.plain(p.at, "the name of a pipeline", p.name),
			Labels:      l.labels(diag.Fields("metadata", "labels"), p.labels),
			Annotations: l.labels(diag.Fields("metadata", "annotations"), p.annotations),
		},
		Spec: v1.PipelineSpec{
			Description: l.prose("the description of a pipeline", p.desc),
			DisplayName: l.prose("the display name of a pipeline", p.displayName),
		},
	}
	o.Spec.Params = l.params(diag.Fields("spec"), p.params)
	o.Spec.Workspaces = l.pipelineWorkspaces(p.workspaces)
	parts := newParts(l)
	o.Spec.Tasks = l.pipelineTasks(p.tasks, diag.Fields("spec", "tasks"), parts)
	o.Spec.Finally = l.pipelineTasks(p.finally, diag.Fields("spec", "finally"), parts)
	l.edges(p, o.Spec.Tasks)
	for i, nodes := range [][]*PipelineTask{p.tasks, p.finally} {
		list := [][]v1.PipelineTask{o.Spec.Tasks, o.Spec.Finally}[i]
		for j, n := range nodes {
			mutate(l.problems, n.mutate, &list[j])
			if len(n.mutate) > 0 {
				n.wiring(l.problems, true).raw(n.at, "a mutated field of task "+quote(n.name), &list[j])
			}
		}
	}
	l.pipelineResults(p, o)
	mutate(l.problems, p.mutate, o)
	if len(p.mutate) > 0 {
		wiring{problems: l.problems, owner: p.owner, pipeline: p, finally: true, result: true, list: true}.
			raw(p.at, "a mutated field", o)
	}
	parts.put(&parts.pipelines, object.Object{
		Object: o, Locate: l.places.Locate(p.at), Adjust: p.adjust(p.tasks, p.finally), Signature: l.known.find(),
	})
	// The result is shared: an append must not write into it.
	out := &lowered{object: o, places: l.places, known: l.known, objects: slices.Clip(parts.objects())}
	out.findings = slices.Clip(slices.Concat(p.problems.list, l.list))
	nested.done[p] = out
	return out
}

func (l *lowering) pipelineWorkspaces(list []*workspaceDecl) []v1.PipelineWorkspaceDeclaration {
	var out []v1.PipelineWorkspaceDeclaration
	for i, d := range list {
		l.put(diag.Fields("spec").FieldIndex("workspaces", i), d.at)
		out = append(out, v1.PipelineWorkspaceDeclaration{
			Name:        l.plain(d.at, "the name of a workspace", d.name),
			Description: l.plain(d.at, "the description of a workspace", d.desc),
			Optional:    d.optional,
		})
	}
	return out
}

func (l *lowering) pipelineTasks(list []*PipelineTask, path diag.Path, parts *parts) []v1.PipelineTask {
	var out []v1.PipelineTask
	for i, n := range list {
		pt, def := l.pipelineTask(n, path.Index(i))
		out = append(out, pt)
		parts.add(def)
	}
	return out
}

// pipelineResults lowers the results of the pipeline. Those whose value is reported
// here, or was before, are left out: the rules have nothing to add.
func (l *lowering) pipelineResults(p *Pipeline, o *v1.Pipeline) {
	c := wiring{problems: l.problems, owner: p.owner, pipeline: p, result: true}
	list := c
	list.list = true
	for _, r := range p.results {
		where := "pipeline result " + quote(r.name)
		out := v1.PipelineResult{
			Name:        l.plain(r.at, "the name of a result", r.name),
			Description: l.plain(r.at, "the description of a result", r.desc),
		}
		ok := true
		switch r.kind {
		case arrayKind:
			out.Type = v1.ResultsTypeArray
			out.Value = wholeArray(r.array)
			for _, s := range r.array.list() {
				ok = list.check(r.at, where, string(s)) && ok
			}
		case objectKind:
			out.Type = v1.ResultsTypeObject
			out.Value = objectValue(r.object)
			c.checkObject(r.at, where, r.object)
		default:
			out.Value = *v1.NewStructuredValues(text(r.str))
			ok = c.check(r.at, where, string(r.str))
		}
		if r.kind == stringKind && r.str == "" || r.kind == arrayKind && !r.array.isSet() || r.kind == objectKind && !r.object.isSet() {
			l.reportf(r.at, "result-empty", "%s has no value", where).Help = "set it to the result of a task"
		}
		if !ok {
			continue
		}
		l.put(diag.Fields("spec").FieldIndex("results", len(o.Spec.Results)), r.at)
		o.Spec.Results = append(o.Spec.Results, out)
	}
}
