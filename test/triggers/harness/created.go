package harness

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"go.uber.org/zap"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	client "k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/testing"

	"github.com/tekwright/tekwright/internal/admission"
)

// created keeps what the sink creates.
type created struct {
	sync.Mutex
	objects  []object
	accounts []string
}

// object is a created object, raw and as upstream's struct of its kind.
type object struct {
	raw   *unstructured.Unstructured
	typed runtime.Object
}

// client admits objects as the API server and upstream's webhook do.
func (c *created) client() dynamic.Interface {
	d := fake.NewSimpleDynamicClient(runtime.NewScheme())
	d.PrependReactor("create", "*", func(action testing.Action) (bool, runtime.Object, error) {
		o, ok := action.(testing.CreateAction).GetObject().(*unstructured.Unstructured)
		if !ok {
			return true, nil, errors.New("the sink creates something else than an object")
		}
		o = o.DeepCopy()
		o.SetNamespace(action.GetNamespace())
		typed, err := admitted(o)
		if err != nil {
			return true, nil, fmt.Errorf("it is refused: %w", err)
		}
		c.Lock()
		defer c.Unlock()
		c.objects = append(c.objects, object{o, typed})
		return true, o, nil
	})
	return d
}

// admitted is an object as upstream's struct, read strictly; its labels must
// be such, and upstream must find it valid.
func admitted(o *unstructured.Unstructured) (runtime.Object, error) {
	raw, err := o.MarshalJSON()
	if err != nil {
		return nil, err
	}
	typed, err := decode(raw)
	if err != nil {
		return nil, err
	}
	if err := validation.ValidateLabels(o.GetLabels(), field.NewPath("metadata", "labels")).ToAggregate(); err != nil {
		return nil, err
	}
	return typed, admission.Object(typed)
}

// OverrideAuthentication keeps the account that a trigger creates as.
func (c *created) OverrideAuthentication(account, _ string, _ *zap.SugaredLogger,
	d client.ServerResourcesInterface, x dynamic.Interface,
) (client.ServerResourcesInterface, dynamic.Interface, error) {
	c.Lock()
	defer c.Unlock()
	c.accounts = append(c.accounts, account)
	return d, x, nil
}

// take returns what was created since it was called last.
func (c *created) take() (objects []object, accounts []string) {
	c.Lock()
	defer c.Unlock()
	objects, accounts = c.objects, c.accounts
	c.objects, c.accounts = nil, nil
	slices.SortStableFunc(objects, func(a, b object) int {
		return strings.Compare(triggerOf(a.raw), triggerOf(b.raw))
	})
	return objects, accounts
}

// triggerOf is the Trigger that created an object.
func triggerOf(o metav1.Object) string { return o.GetLabels()["triggers.tekton.dev/trigger"] }

// discovery knows the kinds that templates create.
type discovery struct {
	client.ServerResourcesInterface
}

// ServerResourcesForGroupVersion lists the kinds of a group.
func (discovery) ServerResourcesForGroupVersion(version string) (*metav1.APIResourceList, error) {
	kinds := map[string][]metav1.APIResource{
		pipelinev1.SchemeGroupVersion.String(): {
			{Name: "pipelineruns", Kind: "PipelineRun", Namespaced: true},
			{Name: "taskruns", Kind: "TaskRun", Namespaced: true},
		},
		"v1": {
			{Name: "persistentvolumeclaims", Kind: "PersistentVolumeClaim", Namespaced: true},
			{Name: "configmaps", Kind: "ConfigMap", Namespaced: true},
		},
	}[version]
	if kinds == nil {
		return nil, errors.New("the cluster does not serve " + version)
	}
	return &metav1.APIResourceList{GroupVersion: version, APIResources: kinds}, nil
}
