package cluster

import (
	"context"
	"io"
	"net/http" //nolint:depguard // the type of client-go's parameter
	"sync"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"
)

// kindEvent is the kind of core Events, used for warnings about pods.
const kindEvent = "Event"

// structs are the kinds that a Client decodes into Go structs. Clientsets would
// do the same, but they register all kinds of Kubernetes when a program starts,
// which would slow down commands that do not talk to a cluster.
var structs = map[string]struct {
	version   schema.GroupVersion
	resource  string
	one, list func() runtime.Object
}{
	KindPipelineRun: {v1.SchemeGroupVersion, "pipelineruns",
		func() runtime.Object { return &v1.PipelineRun{} }, func() runtime.Object { return &v1.PipelineRunList{} }},
	KindTaskRun: {v1.SchemeGroupVersion, "taskruns",
		func() runtime.Object { return &v1.TaskRun{} }, func() runtime.Object { return &v1.TaskRunList{} }},
	KindCustomRun: {v1beta1.SchemeGroupVersion, "customruns",
		func() runtime.Object { return &v1beta1.CustomRun{} }, func() runtime.Object { return &v1beta1.CustomRunList{} }},
	kindEvent: {corev1.SchemeGroupVersion, "events",
		func() runtime.Object { return &corev1.Event{} }, func() runtime.Object { return &corev1.EventList{} }},
}

// codec encodes and decodes the kinds in structs, and the options of requests.
type codec struct {
	objects runtime.NegotiatedSerializer
	options runtime.ParameterCodec
}

// codecOf creates the codec when the first client is created.
var codecOf = sync.OnceValue(func() codec {
	scheme := runtime.NewScheme()
	for _, k := range structs {
		scheme.AddKnownTypes(k.version, k.one(), k.list())
	}
	scheme.AddKnownTypes(corev1.SchemeGroupVersion, &corev1.PodLogOptions{})
	for _, version := range []schema.GroupVersion{v1.SchemeGroupVersion, v1beta1.SchemeGroupVersion, corev1.SchemeGroupVersion} {
		metav1.AddToGroupVersion(scheme, version)
	}
	return codec{serializer.NewCodecFactory(scheme).WithoutConversion(), runtime.NewParameterCodec(scheme)}
})

// restClients makes the clients for the group versions that structs are of.
func restClients(config *rest.Config, client *http.Client) (map[schema.GroupVersion]rest.Interface, error) {
	clients := map[schema.GroupVersion]rest.Interface{}
	for _, k := range structs {
		if clients[k.version] != nil {
			continue
		}
		of := rest.CopyConfig(config)
		of.GroupVersion, of.APIPath, of.NegotiatedSerializer = &k.version, "/apis", codecOf().objects
		if k.version.Group == "" {
			of.APIPath = "/api"
		}
		made, err := rest.RESTClientForConfigAndClient(of, client)
		if err != nil {
			return nil, err
		}
		clients[k.version] = made
	}
	return clients, nil
}

// structured is a client for the objects of one kind in a namespace, as
// structs.
type structured struct {
	client              rest.Interface
	resource, namespace string
	one, list           func() runtime.Object
}

// structured returns the client for one of the kinds in structs.
func (c *Client) structured(kind, namespace string) structured {
	k := structs[kind]
	return structured{c.structs[k.version], k.resource, namespace, k.one, k.list}
}

// on sets the resource and the options of a request.
func (s structured) on(r *rest.Request, options runtime.Object) *rest.Request {
	return r.Namespace(s.namespace).Resource(s.resource).VersionedParams(options, codecOf().options)
}

// Get returns an object.
func (s structured) Get(ctx context.Context, name string) (runtime.Object, error) {
	o := s.one()
	return o, s.on(s.client.Get(), &metav1.GetOptions{}).Name(name).Do(quiet(ctx)).Into(o)
}

// Patch applies a merge patch.
func (s structured) Patch(ctx context.Context, name string, patch []byte, o metav1.PatchOptions) error {
	return s.on(s.client.Patch(types.MergePatchType), &o).Name(name).Body(patch).Do(quiet(ctx)).Error()
}

// List implements cache.ListFuncWithContext.
func (s structured) List(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
	list := s.list()
	return list, s.on(s.client.Get(), &o).Do(quiet(ctx)).Into(list)
}

// Watch implements cache.WatchFuncWithContext.
func (s structured) Watch(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
	o.Watch = true
	return s.on(s.client.Get(), &o).Watch(quiet(ctx))
}

// podLog streams the log of a pod.
func (c *Client) podLog(ctx context.Context, namespace, pod string, o *corev1.PodLogOptions) (io.ReadCloser, error) {
	return c.structs[corev1.SchemeGroupVersion].Get().Namespace(namespace).Resource("pods").Name(pod).SubResource("log").
		VersionedParams(o, codecOf().options).Stream(quiet(ctx))
}
