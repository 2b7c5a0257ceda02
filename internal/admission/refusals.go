package admission

import (
	"context"

	"github.com/tektoncd/pipeline/pkg/apis/config"
	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"
)

// Refusals returns the errors of upstream's SetDefaults and Validate about the
// creation of the object, with their fields. The object is not changed. ctx
// contains the configuration of the cluster; see [Everything]. Kinds of
// Kubernetes itself have no errors. It returns false and no errors if upstream
// panics.
func Refusals(ctx context.Context, obj runtime.Object) (refused []*apis.FieldError, ok bool) {
	defer func() {
		if recover() != nil {
			refused, ok = nil, false
		}
	}()
	obj = obj.DeepCopyObject()
	if meta, ok := obj.(metav1.Object); ok && meta.GetName() == "" && meta.GetGenerateName() != "" {
		meta.SetName(generated(meta.GetGenerateName()))
	}
	ctx = apis.WithinCreate(ctx)
	if d, ok := obj.(apis.Defaultable); ok {
		d.SetDefaults(contexts.WithUpgradeViaDefaulting(ctx))
	}
	if v, ok := obj.(apis.Validatable); ok {
		refused = v.Validate(ctx).WrappedErrors()
	}
	return refused, true
}

// Everything is the configuration of a cluster with all features enabled.
func Everything() context.Context { return flags(context.Background()) }

// Default is the default configuration of a cluster.
func Default() context.Context {
	return config.ToContext(context.Background(), config.FromContextOrDefaults(context.Background()))
}
