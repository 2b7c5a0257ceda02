package oracle

import (
	"context"
	"errors"
	"fmt"

	"github.com/tektoncd/pipeline/pkg/apis/config"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	clientset "github.com/tektoncd/pipeline/pkg/client/clientset/versioned"
	fakeclientset "github.com/tektoncd/pipeline/pkg/client/clientset/versioned/fake"
	"github.com/tektoncd/pipeline/pkg/trustedresources"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"knative.dev/pkg/apis"
)

// cluster is a system that was applied to a cluster of which only Tekton's
// webhook and reconcilers are there.
type cluster struct {
	*system
	ctx    context.Context
	client clientset.Interface     // for StepActions
	pods   map[string]*v1.TaskSpec // what the Pod of each TaskRun is made of
}

// errCrash is a fault of Tekton's, which would neither refuse nor run.
var errCrash = errors.New("tekton's code panics")

// theirs is what Tekton has against the system, nil if it runs: what the
// webhook refuses, what the reconcilers fail a run for, and a $(...) that is
// still there when a Pod is made. The tasks of the Pipeline are run one after
// the other, and leave behind a result of each kind that they declare.
func theirs(s *system) error {
	_, err := apply(s)
	return err
}

func apply(s *system) (c *cluster, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", errCrash, r)
		}
	}()
	c = &cluster{system: s.copy(), ctx: features(), pods: map[string]*v1.TaskSpec{}}
	var actions []runtime.Object
	for _, o := range c.runtimeObjects() {
		if m, ok := o.(metav1.Object); ok {
			m.SetNamespace("default")
		}
		if err := admit(c.ctx, o); err != nil {
			return c, fmt.Errorf("webhook, %s: %w", o.GetObjectKind().GroupVersionKind().Kind, err)
		}
	}
	for _, a := range c.actions {
		actions = append(actions, a)
	}
	c.client = fakeclientset.NewSimpleClientset(actions...)
	if err := c.reconcilePipelineRun(); err != nil {
		return c, fmt.Errorf("PipelineRun: %w", err)
	}
	if err := c.reconcileTaskRun(c.taskRun); err != nil {
		return c, fmt.Errorf("TaskRun: %w", err)
	}
	return c, nil
}

// admit sets defaults as the webhook does, and asks for its verdict.
func admit(ctx context.Context, o runtime.Object) error {
	target, ok := o.(interface {
		apis.Defaultable
		apis.Validatable
	})
	if !ok {
		return fmt.Errorf("%T is none of Tekton's", o)
	}
	target.SetDefaults(ctx)
	// A PipelineRun's Validate writes into its params.
	judged, _ := o.DeepCopyObject().(apis.Validatable)
	if err := judged.Validate(ctx); err != nil {
		return err
	}
	return nil
}

// features is a context in which enums and all alpha fields are on.
func features() context.Context {
	cfg := config.FromContextOrDefaults(context.Background())
	flags, err := config.NewFeatureFlagsFromMap(map[string]string{
		"enable-api-fields": "alpha", "enable-param-enum": "true", "enable-cel-in-whenexpression": "true",
	})
	if err != nil {
		panic(err) // the names are wrong
	}
	cfg.FeatureFlags = flags
	return config.ToContext(context.Background(), cfg)
}

func (c *cluster) getTask(_ context.Context, name string) (*v1.Task, *v1.RefSource, *trustedresources.VerificationResult, error) {
	if t := c.task(name); t != nil {
		return t.DeepCopy(), nil, nil, nil
	}
	return nil, nil, nil, notFound("tasks", name)
}

func notFound(resource, name string) error {
	return kerrors.NewNotFound(schema.GroupResource{Group: "tekton.dev", Resource: resource}, name)
}
