package harness

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1alpha1"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	listersv1alpha1 "github.com/tektoncd/triggers/pkg/client/listers/triggers/v1alpha1"
	listersv1beta1 "github.com/tektoncd/triggers/pkg/client/listers/triggers/v1beta1"
	"github.com/tektoncd/triggers/pkg/interceptors"
	"github.com/tektoncd/triggers/pkg/sink"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"
	sigsjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlsplit"
)

// objects are what the sink looks up, by kind.
type objects struct {
	listener *v1beta1.EventListener
	byKind   map[string]cache.Indexer
}

// read reads a YAML stream, each document into upstream's struct of its kind.
func read(t testing.TB, stream []byte) *objects {
	t.Helper()
	require.NoError(t, admission.Stream(stream), "upstream refuses\n%s", stream)
	out := &objects{byKind: map[string]cache.Indexer{}}
	for _, doc := range yamlsplit.Split(string(stream)) {
		raw, err := yaml.YAMLToJSONStrict([]byte(doc.Text))
		require.NoError(t, err)
		o, err := decode(raw)
		require.NoError(t, err)
		meta := o.(metav1.Object)
		if meta.GetNamespace() == "" && kinds.Namespaced(o.GetObjectKind().GroupVersionKind().GroupKind()) {
			meta.SetNamespace(Namespace)
		}
		if l, ok := o.(*v1beta1.EventListener); ok {
			require.Nil(t, out.listener, "the stream has two listeners")
			out.listener = l
		}
		out.add(t, o)
	}
	require.NotNil(t, out.listener, "the stream has no listener")
	for _, name := range []string{"bitbucket", "cel", "github", "gitlab", "slack"} {
		out.add(t, coreInterceptor(name))
	}
	return out
}

// decode reads JSON into upstream's struct of its kind, as the API server does.
func decode(raw []byte) (runtime.Object, error) {
	var head metav1.TypeMeta
	if err := sigsjson.UnmarshalCaseSensitivePreserveInts(raw, &head); err != nil {
		return nil, err
	}
	o := kinds.New(head.APIVersion, head.Kind)
	if o == nil {
		return nil, fmt.Errorf("kind %q of %q is unknown", head.Kind, head.APIVersion)
	}
	strict, err := sigsjson.UnmarshalStrict(raw, o)
	if err == nil && len(strict) > 0 {
		err = strict[0]
	}
	return o, err
}

// coreInterceptor is a ClusterInterceptor as upstream's release makes it.
func coreInterceptor(name string) *v1alpha1.ClusterInterceptor {
	port := int32(8443)
	return &v1alpha1.ClusterInterceptor{
		TypeMeta:   metav1.TypeMeta{Kind: "ClusterInterceptor"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.ClusterInterceptorSpec{ClientConfig: v1alpha1.ClientConfig{Service: &v1alpha1.ServiceReference{
			Name: interceptors.CoreInterceptorsHost, Namespace: "tekton-pipelines", Path: name, Port: &port,
		}}},
	}
}

func (o *objects) add(t testing.TB, object runtime.Object) {
	t.Helper()
	require.NoError(t, o.indexer(object.GetObjectKind().GroupVersionKind().Kind).Add(object))
}

func (o *objects) indexer(kind string) cache.Indexer {
	if o.byKind[kind] == nil {
		o.byKind[kind] = cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{
			cache.NamespaceIndex: cache.MetaNamespaceIndexFunc,
		})
	}
	return o.byKind[kind]
}

// serve lets a sink find the objects.
func (o *objects) serve(s *sink.Sink) {
	s.EventListenerLister = listersv1beta1.NewEventListenerLister(o.indexer("EventListener"))
	s.TriggerLister = listersv1beta1.NewTriggerLister(o.indexer("Trigger"))
	s.TriggerBindingLister = listersv1beta1.NewTriggerBindingLister(o.indexer("TriggerBinding"))
	s.ClusterTriggerBindingLister = listersv1beta1.NewClusterTriggerBindingLister(o.indexer("ClusterTriggerBinding"))
	s.TriggerTemplateLister = listersv1beta1.NewTriggerTemplateLister(o.indexer("TriggerTemplate"))
	s.ClusterInterceptorLister = listersv1alpha1.NewClusterInterceptorLister(o.indexer("ClusterInterceptor"))
	s.InterceptorLister = listersv1alpha1.NewInterceptorLister(o.indexer("Interceptor"))
}
