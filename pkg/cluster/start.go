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

// StartOptions say how a run is started. The zero value is of use.
type StartOptions struct {
	// Name picks the run by its name, or generateName, where the source has
	// more than one.
	Name string

	// Again makes a new name of that of the run, so that the same source can be
	// started many times: "release-1" becomes "release-1-x7k2p". A run with a
	// generateName needs it not.
	Again bool

	// Params take the place of those of the run that have their names, or are
	// added. They are held against the Pipeline or Task, where the source has it:
	// to give one that it does not declare, or the same one twice, is an error.
	Params []v1.Param

	// Apply applies the other objects of the source before, by these options.
	// Otherwise they must be in the cluster.
	Apply *ApplyOptions
}

// Start creates the run of the source, a PipelineRun or a TaskRun, and returns a
// handle of it. The source is held against every rule first, as by
// manifest.Set.Build; nothing is sent if it has errors. It needs no right but
// those to create the run, and to apply: whether the account may follow it turns
// out by Follow. The package lists all rights.
func (c *Client) Start(ctx context.Context, source manifest.Source, o StartOptions) (*Run, error) {
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
	// As Apply sends it, which then finds nothing to change in it.
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

// sourceOf is a source of objects that have been collected before.
type sourceOf []object.Object

func (s sourceOf) Objects() ([]object.Object, error) { return s, nil }

// pick returns the run of the objects, and all that are no runs.
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
		return object.Object{}, nil, errors.New("there is no run to start: add a PipelineRun or a TaskRun to the source, such as that of Pipeline.Run")
	case len(runs) == 0:
		return object.Object{}, nil, fmt.Errorf("there is no run %q to start, but %s", name, strings.Join(names, ", "))
	case len(runs) > 1 && name == "":
		return object.Object{}, nil, fmt.Errorf("there is more than one run to start, %s: pick one by its name (StartOptions.Name, --name)", strings.Join(names, ", "))
	case len(runs) > 1:
		return object.Object{}, nil, fmt.Errorf("there is more than one run %q to start: give them different names", name)
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

// prepare fills the handle, and gives the run a name that the cluster makes if
// it is to be started again.
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

// create creates the run. When the connection is lost, it may be there all the
// same: one with a name of its own is then known again by the mark, one without
// is not asked for twice.
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
			final = fmt.Errorf("the connection was lost while a %s of generateName %q was created: look whether it is there, and start it again if not: %w",
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

// AlreadyExistsError says that a run cannot be started, since its name is taken.
type AlreadyExistsError struct {
	Kind, Namespace, Name string
	Position              diag.Position // what asked for the run
	Unsure                bool          // the connection was lost before: it may be this very run
}

// Error says what to do.
func (e *AlreadyExistsError) Error() string {
	s := at(e.Position, fmt.Sprintf("%s %q is in namespace %q already", e.Kind, e.Name, e.Namespace))
	if e.Unsure {
		return s + help("the connection was lost when it was started, so that it may be this one: look at it")
	}
	return s + help("give the run another name, or have a new one made of it (StartOptions.Again, --again)")
}

// places returns the function that finds what asked for a task of the run, or
// for the run itself by "".
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
