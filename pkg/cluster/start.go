package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// StartOptions are options for [Client.Start]. The zero value is valid.
type StartOptions struct {
	// Name selects the run by its name or generateName if the source has more
	// than one.
	Name string

	// Again gives the run a new, generated name, so that the same source can be
	// started repeatedly: "release-1" becomes "release-1-x7k2p". A run with a
	// generateName does not need it.
	Again bool

	// Params are added to the params of the run, or replace those of the same
	// name. If the source contains the Pipeline or Task, it is an error to set
	// a param that it does not declare. It is also an error to set a param
	// twice.
	Params []v1.Param

	// Apply, if not nil, applies the other objects of the source first, with
	// these options. Otherwise they must already exist in the cluster.
	Apply *ApplyOptions
}

// Start creates the run in the source, a PipelineRun or a TaskRun, and returns
// a handle for it. The source is checked first, as by manifest.Set.Build;
// nothing is sent if there are errors. Start needs only the permissions to
// create the run and, if used, to apply objects. Missing permissions to follow
// the run are reported by Follow. The package documentation lists all
// permissions.
func (c *Client) Start(ctx context.Context, source manifest.Source, o StartOptions) (*Run, error) {
	if err := c.valid(); err != nil {
		return nil, err
	}
	objects, err := manifest.New(source).Objects()
	if err != nil {
		return nil, err
	}
	if objects, err = withParams(objects, o.Name, o.Params); err != nil {
		return nil, err
	}
	like := manifest.New()
	if set, is := source.(*manifest.Set); is {
		like = set
	}
	if err := like.Derive(sourceOf(objects)).Build(); err != nil { // with the profile of the set
		return nil, err
	}
	found, others, err := pick(objects, o.Name)
	if err != nil {
		return nil, err
	}
	if o.Apply != nil {
		if _, err := c.Apply(ctx, like.Derive(sourceOf(others)), *o.Apply); err != nil {
			return nil, err
		}
	}
	run := &Run{client: c, place: places(found, others)}
	object := found.Object.DeepCopyObject()
	kind, resource := KindTaskRun, "taskruns"
	if _, is := object.(*v1.PipelineRun); is {
		kind, resource = KindPipelineRun, "pipelineruns"
	}
	c.prepare(run, kind, object.(metav1.Object), o.Again)
	found.Object = object
	// The run is encoded as by Apply, so that a later Apply does not change it.
	sent, err := targetOf(found)
	if err != nil {
		return nil, err
	}
	runs := c.objects.Resource(v1.SchemeGroupVersion.WithResource(resource)).Namespace(run.namespace)
	err = run.create(ctx, sent.body, func(ctx context.Context, o metav1.CreateOptions) (metav1.Object, error) {
		return runs.Create(ctx, sent.body, o)
	})
	if err != nil {
		return nil, err
	}
	return run, nil
}

// sourceOf is a source of collected objects.
type sourceOf []object.Object

func (s sourceOf) Objects() ([]object.Object, error) { return s, nil }

// pick returns the run to start, and all objects that are not runs.
func pick(objects []object.Object, name string) (object.Object, []object.Object, error) {
	objects, _, err := manifest.Upgrade(objects)
	if err != nil {
		return object.Object{}, nil, err
	}
	var runs, others []object.Object
	var names []string
	for _, o := range objects {
		switch run := o.Object.(type) {
		case *v1.PipelineRun, *v1.TaskRun:
			of := run.(metav1.Object)
			names = append(names, strconv.Quote(firstOf(of.GetName(), of.GetGenerateName())))
			if name == "" || name == of.GetName() || name == of.GetGenerateName() {
				runs = append(runs, o)
			}
		default:
			others = append(others, o)
		}
	}
	slices.Sort(names)
	switch {
	case len(names) == 0:
		return object.Object{}, nil, errors.New("the source has no run to start: add a PipelineRun or a TaskRun, such as that of Pipeline.Run")
	case len(runs) == 0:
		return object.Object{}, nil, fmt.Errorf("the source has no run %q; it has %s", name, strings.Join(names, ", "))
	case len(runs) > 1 && name == "":
		return object.Object{}, nil, fmt.Errorf("the source has more than one run, %s: select one by name (StartOptions.Name, --name)", strings.Join(names, ", "))
	case len(runs) > 1:
		return object.Object{}, nil, fmt.Errorf("the source has more than one run %q: give them different names", name)
	}
	return runs[0], others, nil
}

func replaced(params, by v1.Params) v1.Params {
	params = slices.Clone(params)
	for _, p := range by {
		if i := slices.IndexFunc(params, func(old v1.Param) bool { return old.Name == p.Name }); i >= 0 {
			params[i] = p
			continue
		}
		params = append(params, p)
	}
	return params
}

// prepare sets the fields of the handle, and has the API server generate the
// name of a run that is started again.
func (c *Client) prepare(run *Run, kind string, object metav1.Object, again bool) {
	if object.GetNamespace() == "" {
		object.SetNamespace(c.options.Namespace)
	}
	if again && object.GetName() != "" {
		object.SetGenerateName(object.GetName() + "-")
		object.SetName("")
	}
	run.kind, run.namespace, run.name = kind, object.GetNamespace(), object.GetName()
}

type creates = func(context.Context, metav1.CreateOptions) (metav1.Object, error)

// create creates the run. If the connection is lost, the run may have been
// created nevertheless: one with a name is then reported as already existing,
// one without is not sent twice.
func (r *Run) create(ctx context.Context, object metav1.Object, create creates) error {
	o := metav1.CreateOptions{FieldManager: r.client.options.FieldManager, FieldValidation: metav1.FieldValidationStrict}
	named := object.GetName() != ""
	tried := false
	var made metav1.Object
	var final error
	err := r.client.retry(ctx, func(ctx context.Context) error {
		var err error
		made, err = create(ctx, o)
		switch {
		case err == nil:
			return nil
		case apierrors.IsAlreadyExists(err) && named:
			final = &AlreadyExistsError{Kind: r.kind, Namespace: r.namespace, Name: r.name, Position: r.at(), Unsure: tried}
			return nil
		case lost(err) && !named:
			final = fmt.Errorf("the connection was lost while a %s with generateName %q was created: check whether it exists, and start it again if not: %w",
				r.kind, object.GetGenerateName(), err)
			return nil
		}
		tried = tried || lost(err)
		return err
	})
	switch {
	case err != nil:
		if r.name == "" {
			r.name = object.GetGenerateName()
		}
		return r.explain(err, "create")
	case final != nil:
		return final
	}
	r.name, r.uid = made.GetName(), made.GetUID()
	return nil
}

func (r *Run) at() diag.Position {
	if r.place == nil {
		return diag.Position{}
	}
	return r.place("")
}

// AlreadyExistsError reports that a run cannot be started because another run
// has its name.
type AlreadyExistsError struct {
	Kind, Namespace, Name string
	Position              diag.Position // where the run is defined
	Unsure                bool          // the connection was lost in an earlier attempt: it may be this very run
}

// Error returns a message that says what to do.
func (e *AlreadyExistsError) Error() string {
	if e == nil {
		return absent
	}
	s := at(e.Position, fmt.Sprintf("%s %q already exists in namespace %q", e.Kind, e.Name, e.Namespace))
	if e.Unsure {
		return s + help("the connection was lost when the run was created, so this may be it; check it")
	}
	return s + help("rename the run, or start it with a generated name (StartOptions.Again, --again)")
}

// places returns a function that finds where a task of the run is defined, or
// the run itself for "".
func places(run object.Object, others []object.Object) func(task string) diag.Position {
	spec, of, field := (*v1.PipelineSpec)(nil), run, diag.Fields("spec", "pipelineSpec")
	if p, is := run.Object.(*v1.PipelineRun); is {
		spec = p.Spec.PipelineSpec
		if ref := p.Spec.PipelineRef; ref != nil {
			for _, o := range others {
				if named, is := o.Object.(*v1.Pipeline); is && named.Name == ref.Name && named.Namespace == p.Namespace {
					spec, of, field = &named.Spec, o, diag.Fields("spec")
				}
			}
		}
	}
	return func(task string) diag.Position {
		if task != "" && spec != nil {
			for list, tasks := range map[string][]v1.PipelineTask{"tasks": spec.Tasks, "finally": spec.Finally} {
				for i, t := range tasks {
					if t.Name == task {
						return of.At(field.Field(list).Index(i))
					}
				}
			}
		}
		if task != "" {
			return diag.Position{}
		}
		return run.At(diag.Path{})
	}
}
