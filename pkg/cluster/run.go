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

// Run is a handle of one PipelineRun or TaskRun. It is safe for concurrent use.
type Run struct {
	client    *Client
	kind      string
	namespace string
	name      string
	uid       types.UID                       // "" where the run has not been looked at
	place     func(task string) diag.Position // of what was started: the run for "", or a task of it; nil knows nothing
}

// PipelineRun returns a handle of a PipelineRun, and asks nothing: whether it is
// there turns out when the handle is used. No namespace is that of the Options.
func (c *Client) PipelineRun(namespace, name string) *Run {
	return c.handle(KindPipelineRun, namespace, name)
}

// TaskRun returns a handle of a TaskRun, as PipelineRun does.
func (c *Client) TaskRun(namespace, name string) *Run {
	return c.handle(KindTaskRun, namespace, name)
}

func (c *Client) handle(kind, namespace, name string) *Run {
	if namespace == "" {
		namespace = c.options.Namespace
	}
	return &Run{client: c, kind: kind, namespace: namespace, name: name}
}

// Kind is KindPipelineRun or KindTaskRun.
func (r *Run) Kind() string { return r.kind }

// Namespace is where the run is.
func (r *Run) Namespace() string { return r.namespace }

// Name is the name of the run, which the cluster made if it has a generateName.
func (r *Run) Name() string { return r.name }

// String names the run: PipelineRun "release-1".
func (r *Run) String() string { return r.kind + " " + strconv.Quote(r.name) }

// get returns the run as the cluster has it.
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

// Status returns what has become of the run: one request for the run, and one
// each for the runs of its tasks, and of pipelines in it.
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

// children returns the runs that belong to a PipelineRun, those of pipelines in
// it included. Only kinds that its status names are asked for, so that no rights
// are needed for others.
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
