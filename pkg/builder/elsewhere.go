package builder

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// elsewhere is where a pipeline is described that has no tasks here.
type elsewhere struct {
	name     String    // in the cluster, or
	resolver *Resolver // which fetches it
}

// ExistingPipeline returns a Pipeline that exists in the cluster under this name. Runs
// and [Pipeline.AddPipeline] refer to it by name, and it is not written with the other
// objects. The params and workspaces that are declared on it are the contract: runs are
// checked against them. A param that has a default in the cluster is declared with
// [Default]; the default is not sent.
//
//	release := builder.ExistingPipeline("release")
//	version, source := release.Param("version"), release.Workspace("source")
//	run := release.Run("release-", version.Set("1.2"), source.VolumeClaimTemplate("1Gi"))
//
// It has no tasks: Add reports an error.
func ExistingPipeline(name String) *Pipeline {
	p := newPipeline(callsite.Here(), text(name))
	p.elsewhere = &elsewhere{name: name}
	return p
}

// RemotePipeline is like [ExistingPipeline], for a Pipeline that a resolver fetches when a
// run starts.
//
//	release := builder.RemotePipeline(builder.Git("https://example.com/ci.git", "main", "release.yaml"))
func RemotePipeline(r Resolver) *Pipeline {
	r.at = callsite.Here()
	p := newPipeline(r.at, r.title())
	p.elsewhere = &elsewhere{resolver: &r}
	return p
}

// Task returns a task of a pipeline that is described elsewhere, for
// [PipelineRun.TaskRunSpec]:
//
//	release := builder.ExistingPipeline("release")
//	release.Run("release-").TaskRunSpec(release.Task("build"), builder.TaskRunSpec{Memory: "4Gi"})
//
// Of a pipeline that is described here, it returns the task that was added with this name.
func (p *Pipeline) Task(name string) AnyTask {
	p = p.orNew()
	at := callsite.Here()
	if p.elsewhere != nil {
		return &PipelineTask{scope: p.scope, pipeline: p, at: at, name: name, broken: true}
	}
	if t := p.byName[name]; t != nil {
		return t
	}
	p.reportf(at, "task-unknown", "Pipeline %s has no task %s", quote(p.name), quote(name)).
		Help = "add the task first, or use what Add returned"
	return (*PipelineTask)(nil)
}

// title returns a name for what the resolver fetches, for messages.
func (r Resolver) title() string {
	for _, name := range []string{"name", "pathInRepo", "url"} {
		for _, p := range r.params {
			if p.name == name && p.str != "" {
				return text(p.str)
			}
		}
	}
	return r.name
}

// lowerElsewhere returns what is known of a pipeline that is described elsewhere.
func (p *Pipeline) lowerElsewhere() *lowered {
	l := newLowering(p.problems.owner)
	misplaced := func(at place, what string) {
		l.reportf(at, "pipeline-invalid", "%s to Pipeline %s, which is described elsewhere", what, quote(p.name)).
			Help = "describe the Pipeline here with NewPipeline, or declare only params and workspaces"
	}
	for _, list := range [][]*PipelineTask{p.tasks, p.finally} {
		for _, t := range list {
			misplaced(t.at, "task "+quote(t.name)+" is added")
		}
	}
	for _, r := range p.results {
		misplaced(r.at, "result "+quote(r.name)+" is added")
	}
	if len(p.mutate) > 0 {
		misplaced(p.at, "a function is passed with Mutate")
	}
	known := l.signature(p.at, func(l *lowering) object.Object {
		return object.Object{Object: &v1.Pipeline{
			TypeMeta:   metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Pipeline"},
			ObjectMeta: metav1.ObjectMeta{Name: handle.Strip(p.name)},
			Spec:       v1.PipelineSpec{Params: l.params(diag.Fields("spec"), p.params), Workspaces: l.pipelineWorkspaces(p.workspaces)},
		}}
	})
	return &lowered{signature: known, findings: append(append(diag.Findings(nil), p.problems.list...), l.list...)}
}

// pipelineRef lowers a reference to a pipeline at a path, for an object that cannot embed
// a pipeline which is described elsewhere.
func (l *lowering) pipelineRef(p *Pipeline, low *lowered, at place, path diag.Path, c wiring, embed bool) *v1.PipelineRef {
	e := p.elsewhere
	if e == nil {
		return &v1.PipelineRef{Name: handle.Strip(p.name)}
	}
	l.knows(path, low.signature)
	if embed {
		l.reportf(at, "pipeline-invalid", "Embed is called, but Pipeline %s is described elsewhere", quote(p.name)).
			Help = "remove the call to Embed"
	}
	l.put(path, p.at)
	if e.resolver != nil {
		return &v1.PipelineRef{ResolverRef: l.resolver(c, e.resolver.of("pipeline"))}
	}
	c.check(p.at, "the name of a pipeline", string(e.name))
	return &v1.PipelineRef{Name: text(e.name)}
}
