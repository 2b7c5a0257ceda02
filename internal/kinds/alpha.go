package kinds

import (
	"reflect"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"
	duckv1 "knative.dev/pkg/apis/duck/v1"
)

// shapes are stand-ins for the structs of kinds whose upstream package this module
// does not link. Objects of these kinds are read as unstructured objects, and their
// fields are checked against these types. TestShapes compares the types with the
// source code of upstream.
var shapes = map[[2]string]reflect.Type{
	{tektonAlpha, "StepAction"}:         reflect.TypeFor[pipelinev1beta1.StepAction](),
	{tektonAlpha, "VerificationPolicy"}: reflect.TypeFor[object[policySpec, noStatus]](),

	{resolution, "ResolutionRequest"}: reflect.TypeFor[object[requestSpec, requestStatus]](),

	{triggersAlpha, "EventListener"}:         reflect.TypeFor[object[listenerSpec, triggersv1beta1.EventListenerStatus]](),
	{triggersAlpha, "Trigger"}:               reflect.TypeFor[object[triggerSpec, noStatus]](),
	{triggersAlpha, "TriggerTemplate"}:       reflect.TypeFor[triggersv1beta1.TriggerTemplate](),
	{triggersAlpha, "TriggerBinding"}:        reflect.TypeFor[triggersv1beta1.TriggerBinding](),
	{triggersAlpha, "ClusterTriggerBinding"}: reflect.TypeFor[triggersv1beta1.ClusterTriggerBinding](),
	{triggersAlpha, "ClusterInterceptor"}:    reflect.TypeFor[object[interceptorSpec, interceptorStatus]](),
	{triggersAlpha, "Interceptor"}:           reflect.TypeFor[object[interceptorSpec, interceptorStatus]](),
}

type object[S, T any] struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              S `json:"spec,omitempty"`
	Status            T `json:"status,omitempty"`
}

type noStatus struct{}

type policySpec struct {
	Resources []struct {
		Pattern string `json:"pattern"`
	} `json:"resources"`
	Authorities []struct {
		Name string `json:"name"`
		Key  *struct {
			SecretRef     *corev1.SecretReference `json:"secretRef,omitempty"`
			Data          string                  `json:"data,omitempty"`
			KMS           string                  `json:"kms,omitempty"`
			HashAlgorithm string                  `json:"hashAlgorithm,omitempty"`
		} `json:"key,omitempty"`
	} `json:"authorities"`
	Mode string `json:"mode,omitempty"`
}

type requestSpec struct {
	Params []pipelinev1.Param `json:"params,omitempty"`
	URL    string             `json:"url,omitempty"`
}

type requestStatus struct {
	duckv1.Status `json:",inline"`
	Data          string                `json:"data"`
	Source        *pipelinev1.RefSource `json:"source"`
	RefSource     *pipelinev1.RefSource `json:"refSource"`
}

type interceptorSpec struct {
	ClientConfig struct {
		CaBundle []byte    `json:"caBundle,omitempty"`
		URL      *apis.URL `json:"url,omitempty"`
		Service  *struct {
			Name      string `json:"name"`
			Namespace string `json:"namespace"`
			Path      string `json:"path,omitempty"`
			Port      *int32 `json:"port,omitempty"`
		} `json:"service,omitempty"`
	} `json:"clientConfig"`
}

type interceptorStatus struct {
	duckv1.Status        `json:",inline"`
	duckv1.AddressStatus `json:",inline"`
}

type listenerSpec struct {
	ServiceAccountName string                            `json:"serviceAccountName,omitempty"`
	Triggers           []listenerTrigger                 `json:"triggers"`
	NamespaceSelector  triggersv1beta1.NamespaceSelector `json:"namespaceSelector,omitempty"`
	LabelSelector      *metav1.LabelSelector             `json:"labelSelector,omitempty"`
	Resources          struct {
		KubernetesResource *struct {
			Replicas           *int32             `json:"replicas,omitempty"`
			ServiceType        corev1.ServiceType `json:"serviceType,omitempty"`
			duckv1.WithPodSpec `json:"spec,omitempty"`
		} `json:"kubernetesResource,omitempty"`
		CustomResource *runtime.RawExtension `json:"customResource,omitempty"`
	} `json:"resources,omitempty"`
}

type triggerSpec struct {
	Bindings           []*triggersv1beta1.TriggerSpecBinding `json:"bindings"`
	Template           triggersv1beta1.TriggerSpecTemplate   `json:"template"`
	Name               string                                `json:"name,omitempty"`
	Interceptors       []*interceptorUse                     `json:"interceptors,omitempty"`
	ServiceAccountName string                                `json:"serviceAccountName,omitempty"`
}

type listenerTrigger struct {
	Bindings           []*triggersv1beta1.TriggerSpecBinding `json:"bindings,omitempty"`
	Template           *triggersv1beta1.TriggerSpecTemplate  `json:"template,omitempty"`
	TriggerRef         string                                `json:"triggerRef,omitempty"`
	Name               string                                `json:"name,omitempty"`
	Interceptors       []*interceptorUse                     `json:"interceptors,omitempty"`
	ServiceAccountName string                                `json:"serviceAccountName,omitempty"`
}

type interceptorUse struct {
	Name    *string                             `json:"name,omitempty"`
	Ref     triggersv1beta1.InterceptorRef      `json:"ref"`
	Params  []triggersv1beta1.InterceptorParams `json:"params,omitempty"`
	Webhook *struct {
		ObjectRef *corev1.ObjectReference `json:"objectRef,omitempty"`
		URL       *apis.URL               `json:"url,omitempty"`
		Header    []pipelinev1beta1.Param `json:"header,omitempty"`
	} `json:"webhook,omitempty"`

	// Deprecated in upstream: v1beta1 has ref and params instead.
	GitHub    *eventFilter `json:"github,omitempty"`
	GitLab    *eventFilter `json:"gitlab,omitempty"`
	Bitbucket *eventFilter `json:"bitbucket,omitempty"`
	CEL       *struct {
		Filter   string `json:"filter,omitempty"`
		Overlays []struct {
			Key        string `json:"key,omitempty"`
			Expression string `json:"expression,omitempty"`
		} `json:"overlays,omitempty"`
	} `json:"cel,omitempty"`
}

type eventFilter struct {
	SecretRef  *triggersv1beta1.SecretRef `json:"secretRef,omitempty"`
	EventTypes []string                   `json:"eventTypes,omitempty"`
}
