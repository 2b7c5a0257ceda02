package simulate

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/resources"
	"go.uber.org/zap"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	sigsjson "sigs.k8s.io/json"

	"github.com/tekwright/tekwright/internal/kinds"
)

// created returns an object of a template as the sink sends it to the API server.
func (s *sink) created(t *v1beta1.Trigger, raw json.RawMessage) (*EventObject, error) {
	var head metav1.TypeMeta
	_ = json.Unmarshal(raw, &head) // the original has words for it
	c := &creation{head: head}
	err := resources.Create(zap.NewNop().Sugar(), raw, t.Name, s.eventID, s.listener.Name, t.Namespace, c, c)
	if err != nil {
		return nil, err
	}
	if c.object == nil {
		return nil, errors.New("no object is created")
	}
	name := c.object.GetName()
	if name == "" {
		name = c.object.GetGenerateName()
	}
	return &EventObject{Kind: c.object.GetKind(), Namespace: c.namespace, Name: name, Object: c.object.Object}, nil
}

// creation is the API server for one object, whose kind it knows.
type creation struct {
	discovery.ServerResourcesInterface
	dynamic.NamespaceableResourceInterface
	head      metav1.TypeMeta
	namespace string
	object    *unstructured.Unstructured
}

// ServerResourcesForGroupVersion lists the kind of the object.
func (c *creation) ServerResourcesForGroupVersion(version string) (*metav1.APIResourceList, error) {
	return &metav1.APIResourceList{GroupVersion: version, APIResources: []metav1.APIResource{
		{Name: "objects", Kind: c.head.Kind, Namespaced: true},
	}}, nil
}

// Resource implements [dynamic.Interface].
func (c *creation) Resource(schema.GroupVersionResource) dynamic.NamespaceableResourceInterface {
	return c
}

// Namespace implements [dynamic.NamespaceableResourceInterface].
func (c *creation) Namespace(namespace string) dynamic.ResourceInterface {
	c.namespace = namespace
	return c
}

// Create keeps the object.
func (c *creation) Create(_ context.Context, o *unstructured.Unstructured, _ metav1.CreateOptions, _ ...string) (*unstructured.Unstructured, error) {
	c.object = o
	return o, nil
}

// admitted returns why Tekton's webhook or the API server refuses the object. Only objects of
// Tekton are looked at.
func (s *sink) admitted(o *EventObject) error {
	u := &unstructured.Unstructured{Object: o.Object}
	if u.GetName() == "" && u.GetGenerateName() == "" {
		return &RefusedError{Object: o.Kind, Err: errors.New("metadata.name and metadata.generateName are missing")}
	}
	to := kinds.New(u.GetAPIVersion(), u.GetKind())
	if to == nil || u.GroupVersionKind().Group != "tekton.dev" {
		return nil
	}
	text, err := u.MarshalJSON()
	if err != nil {
		return err
	}
	unknown, err := sigsjson.UnmarshalStrict(text, to)
	if err == nil && len(unknown) > 0 {
		err = unknown[0]
	}
	if err != nil {
		return &RefusedError{Object: o.Kind + "/" + o.Name, Err: err}
	}
	return s.named(to, o)
}

// named lets Tekton judge the object with the name that it will have.
func (s *sink) named(to runtime.Object, o *EventObject) error {
	if m, ok := to.(metav1.Object); ok && m.GetName() == "" {
		m.SetName(m.GetGenerateName() + "xxxxx")
	}
	err := s.plan.accept(to)
	if refused := (*RefusedError)(nil); errors.As(err, &refused) {
		refused.Object = o.Kind + "/" + o.Name
	}
	return err
}
