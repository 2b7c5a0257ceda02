package cluster

import (
	"context"
	"strconv"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Run is a handle for a PipelineRun or TaskRun. It is safe for concurrent use.
type Run struct {
	client    *Client
	kind      string
	namespace string
	name      string
	uid       types.UID                       // "" if not known yet
	place     func(task string) diag.Position // where the run ("") or one of its tasks is defined; nil if not known
}

// PipelineRun returns a handle for a PipelineRun. It sends no request: whether
// the run exists becomes apparent when the handle is used. An empty namespace
// means Options.Namespace.
func (c *Client) PipelineRun(namespace, name string) *Run {
	return c.handle(KindPipelineRun, namespace, name)
}

// TaskRun returns a handle for a TaskRun, like PipelineRun.
func (c *Client) TaskRun(namespace, name string) *Run {
	return c.handle(KindTaskRun, namespace, name)
}

func (c *Client) handle(kind, namespace, name string) *Run {
	if namespace == "" && c != nil {
		namespace = c.options.Namespace
	}
	return &Run{client: c, kind: kind, namespace: namespace, name: name}
}

// Kind returns KindPipelineRun or KindTaskRun.
func (r *Run) Kind() string {
	if r == nil {
		return ""
	}
	return r.kind
}

// Namespace returns the namespace of the run.
func (r *Run) Namespace() string {
	if r == nil {
		return ""
	}
	return r.namespace
}

// Name returns the name of the run. For a run with a generateName, it is the
// name that the API server generated.
func (r *Run) Name() string {
	if r == nil {
		return ""
	}
	return r.name
}

// String returns the kind and the name of the run: PipelineRun "release-1".
func (r *Run) String() string {
	if r == nil {
		return absent
	}
	return r.kind + " " + strconv.Quote(r.name)
}

// get returns the run from the cluster.
func (r *Run) get(ctx context.Context) (run runtime.Object, err error) {
	if err := r.valid(); err != nil {
		return nil, err
	}
	err = r.client.retry(ctx, func(ctx context.Context) error {
		run, err = r.client.structured(r.kind, r.namespace).Get(ctx, r.name)
		return err
	})
	if err != nil {
		return nil, r.explain(err, "get")
	}
	if o, err := meta.Accessor(run); err == nil && r.uid != "" && o.GetUID() != r.uid {
		return nil, &NotFoundError{Kind: r.kind, Namespace: r.namespace, Name: r.name, Replaced: true}
	}
	return run, nil
}

// Status returns the current status of the run. It sends one request for the
// run, and one for each kind of its child runs, including those of nested
// pipelines.
func (r *Run) Status(ctx context.Context) (Status, error) {
	run, err := r.get(ctx)
	if err != nil {
		return Status{}, err
	}
	var others []runtime.Object
	if p, is := run.(*v1.PipelineRun); is {
		if others, err = r.children(ctx, p); err != nil {
			return Status{}, err
		}
	}
	return StatusOf(run, others...)
}

// children returns the runs that belong to a PipelineRun, including those of
// nested pipelines. It lists only kinds that appear in the status, so that no
// permissions are needed for others.
func (r *Run) children(ctx context.Context, run *v1.PipelineRun) ([]runtime.Object, error) {
	var all []runtime.Object
	kinds := map[string]bool{}
	for _, c := range run.Status.ChildReferences {
		kinds[c.Kind] = true
	}
	for _, kind := range []string{KindTaskRun, KindCustomRun, KindPipelineRun} {
		if !kinds[kind] {
			continue
		}
		l := r.client.lister(kind, r.namespace)
		err := r.client.retry(ctx, func(ctx context.Context) error {
			list, err := l.ListWithContextFunc(ctx, metav1.ListOptions{LabelSelector: pipeline.PipelineRunLabelKey + "=" + run.Name})
			if err != nil {
				return err
			}
			items, err := meta.ExtractList(list)
			all = append(all, items...)
			return err
		})
		if err != nil {
			return nil, r.explainKind(err, kind, "list")
		}
	}
	for _, o := range all {
		if nested, is := o.(*v1.PipelineRun); is && ownerOf(nested) == ownerKey(run) {
			inner, err := r.children(ctx, nested)
			if err != nil {
				return nil, err
			}
			all = append(all, inner...)
		}
	}
	return all, nil
}
