package harness

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"sigs.k8s.io/yaml"
)

// Manager owns the fields that the suite writes without the library.
const Manager = "tekwright-e2e"

// Documents are the texts of a YAML stream, without the empty ones.
func Documents(t *testing.T, text string) [][]byte {
	t.Helper()
	var out [][]byte
	r := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewBufferString(text)))
	for {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		if doc = bytes.TrimPrefix(doc, []byte("---\n")); len(bytes.TrimSpace(doc)) > 0 {
			out = append(out, doc)
		}
	}
}

// Decode reads a YAML stream as kubectl does, and checks nothing.
func Decode(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	var out []*unstructured.Unstructured
	for _, doc := range Documents(t, text) {
		data, err := yaml.YAMLToJSON(doc)
		require.NoError(t, err)
		o := map[string]any{}
		require.NoError(t, utiljson.Unmarshal(data, &o))
		if len(o) > 0 { // nothing but comments otherwise
			out = append(out, &unstructured.Unstructured{Object: o})
		}
	}
	return out
}

// Unstructured is a copy of the object as the API server gets it.
func Unstructured(t *testing.T, o runtime.Object) *unstructured.Unstructured {
	t.Helper()
	if u, ok := o.(*unstructured.Unstructured); ok {
		return u.DeepCopy()
	}
	data, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	require.NoError(t, err)
	u := &unstructured.Unstructured{Object: data}
	delete(u.Object, "status")
	unstructured.RemoveNestedField(u.Object, "metadata", "creationTimestamp")
	return u
}

// Kind finds the resource of a kind; the error is that of a client which asks
// the cluster what it serves.
func (c *Cluster) Kind(kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	c.mapped.Do(func() {
		c.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(c.Core.Discovery()))
	})
	return c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
}

// Of is the client for objects like this one.
func (c *Cluster) Of(o *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	m, err := c.Kind(o.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	if m.Scope.Name() == meta.RESTScopeNameRoot {
		return c.Objects.Resource(m.Resource), nil
	}
	return c.Objects.Resource(m.Resource).Namespace(o.GetNamespace()), nil
}

// Create sends the object as it is, with strict validation.
func (c *Cluster) Create(ctx context.Context, o *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	objects, err := c.Of(o)
	if err != nil {
		return nil, err
	}
	return objects.Create(ctx, o, metav1.CreateOptions{FieldManager: Manager, FieldValidation: metav1.FieldValidationStrict})
}

// DryRun asks for the verdict on the object, and stores nothing.
func (c *Cluster) DryRun(ctx context.Context, o *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	objects, err := c.Of(o)
	if err != nil {
		return nil, err
	}
	return objects.Create(ctx, o, metav1.CreateOptions{FieldManager: Manager, FieldValidation: metav1.FieldValidationStrict,
		DryRun: []string{metav1.DryRunAll}})
}

// Post sends a text to the API server, which reads it itself: nothing on the
// way sorts, merges or mends it.
func (c *Cluster) Post(ctx context.Context, kind schema.GroupVersionKind, namespace string, text []byte) error {
	m, err := c.Kind(kind)
	if err != nil {
		return err
	}
	config := rest.CopyConfig(c.Config)
	config.APIPath, config.GroupVersion = "/apis", &schema.GroupVersion{Group: kind.Group, Version: kind.Version}
	if kind.Group == "" {
		config.APIPath = "/api"
	}
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	client, err := rest.RESTClientFor(config)
	if err != nil {
		return err
	}
	return client.Post().NamespaceIfScoped(namespace, m.Scope.Name() != meta.RESTScopeNameRoot).Resource(m.Resource.Resource).
		Param("fieldValidation", metav1.FieldValidationStrict).Param("fieldManager", Manager).
		SetHeader("Content-Type", "application/yaml").Body(text).Do(ctx).Error()
}

// Move returns the objects as they would be in namespaces of the test's own:
// the namespace ci becomes PREFIX-ci, and the names of objects that are in no
// namespace begin with PREFIX as well. Objects that name none go to own, which
// is the namespace of that name. All of it is removed at the end of the test.
func (c *Cluster) Move(t *testing.T, own string, objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	m := mover{own: own, made: map[string]bool{own: true}, cluster: map[string]bool{}, moved: map[*unstructured.Unstructured]bool{}}
	out := make([]*unstructured.Unstructured, len(objects))
	for i, o := range objects {
		out[i] = o.DeepCopy()
		if mapping, err := c.Kind(o.GroupVersionKind()); err == nil && mapping.Scope.Name() == meta.RESTScopeNameRoot {
			m.cluster[o.GetKind()+"/"+o.GetName()] = true
		}
	}
	for _, o := range out {
		m.move(o)
		if m.moved[o] {
			c.Removed(t, o)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.made)) {
		if name != own {
			c.makeNamespace(t, name)
		}
	}
	return out
}

func (c *Cluster) makeNamespace(t *testing.T, name string) {
	t.Helper()
	ns := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}}
	_, err := c.Create(t.Context(), ns)
	require.NoError(t, err)
	c.Removed(t, ns)
}

// Removed removes the object at the end of the test, and waits for nothing.
func (c *Cluster) Removed(t *testing.T, o *unstructured.Unstructured) {
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if objects, err := c.Of(o); err == nil {
			_ = objects.Delete(ctx, o.GetName(), metav1.DeleteOptions{})
		}
	})
}

type mover struct {
	own     string
	made    map[string]bool // namespaces that must be there
	cluster map[string]bool // objects of the set that are in no namespace
	moved   map[*unstructured.Unstructured]bool
}

func (m *mover) namespace(name string) string {
	if name == "" {
		return m.own
	}
	name = m.own + "-" + name
	m.made[name] = true
	return name
}

func (m *mover) move(o *unstructured.Unstructured) {
	if m.cluster[o.GetKind()+"/"+o.GetName()] {
		m.moved[o] = true
		if o.GetKind() == "Namespace" {
			o.SetName(m.namespace(o.GetName()))
		} else {
			o.SetName(m.own + "-" + o.GetName())
		}
	} else {
		o.SetNamespace(m.namespace(o.GetNamespace()))
	}
	subjects, _, _ := unstructured.NestedSlice(o.Object, "subjects")
	for _, s := range subjects {
		if s, ok := s.(map[string]any); ok && s["namespace"] != nil {
			s["namespace"] = m.namespace(s["namespace"].(string))
		}
	}
	if len(subjects) > 0 {
		o.Object["subjects"] = subjects
	}
	if role, ok := o.Object["roleRef"].(map[string]any); ok && role["kind"] == "ClusterRole" {
		if name, _ := role["name"].(string); m.cluster["ClusterRole/"+name] {
			role["name"] = m.own + "-" + name
		}
	}
}
