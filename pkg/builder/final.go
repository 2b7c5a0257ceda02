package builder

import (
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/internal/ref"
)

// Final is a finally task: it runs when all other tasks have ended, however
// they ended. Finally tasks run side by side, and nothing runs after them.
type Final[Out Noder] struct {
	node *Node
	out  Out
}

// Finally adds a finally task. One that takes a result which was not written,
// because its task failed or was skipped, is skipped itself.
func Finally[T TaskType[Out], Out Noder](p *Pipeline, name string, task T) *Final[Out] {
	n := p.orNew().newNode(caller.Here(), name, true)
	out, _ := define[T, Out](n, task)
	return &Final[Out]{node: n, out: out}
}

// When adds conditions, on values or on how tasks ended; the task runs only
// where all of them hold: When(deploy.Status().In(builder.Failed)).
func (f *Final[Out]) When(conditions ...Guard) *Final[Out] {
	if f == nil {
		return f
	}
	for _, c := range conditions {
		if c != nil {
			f.node.When(c.guard())
		}
	}
	return f
}

// Retries is as Node.Retries.
func (f *Final[Out]) Retries(count int) *Final[Out] {
	if f != nil {
		f.node.Retries(count)
	}
	return f
}

// Timeout is as Node.Timeout.
func (f *Final[Out]) Timeout(d time.Duration) *Final[Out] {
	if f != nil {
		f.node.Timeout(d)
	}
	return f
}

// DisplayName is as Node.DisplayName.
func (f *Final[Out]) DisplayName(text string) *Final[Out] {
	if f != nil {
		f.node.DisplayName(text)
	}
	return f
}

// Embed is as Node.Embed.
func (f *Final[Out]) Embed() *Final[Out] {
	if f != nil {
		f.node.Embed()
	}
	return f
}

// Mutate is as Node.Mutate.
func (f *Final[Out]) Mutate(change func(*v1.PipelineTask)) *Final[Out] {
	if f != nil {
		f.node.Mutate(change)
	}
	return f
}

// Publish makes a result of the finally task the pipeline's result: the only
// way that its results can go.
//
//	rollback.Publish("revision", func(r tasks.RolledBack) builder.String { return r.Revision })
func (f *Final[Out]) Publish(name string, pick func(Out) String, opts ...ResultOption) {
	if f == nil || f.node == nil || f.node.pipeline == nil {
		return
	}
	at := caller.Here()
	p := f.node.pipeline
	var v String
	if pick != nil && !nothing(f.out) {
		v = pick(f.out)
	}
	tok, ok := ref.Single(string(v))
	if ok && tok.Form == ref.Bad {
		return
	}
	if !ok || tok.Owner.ID != p.owner.ID || tok.Form != ref.Final {
		p.reportf(at, "publish-invalid", "Publish of task %s does not return one of its results", quote(f.node.name)).
			Help = "return a result of the task as it is, without joining it to other text"
		return
	}
	p.result(at, name, stringKind, opts).str = v
}
