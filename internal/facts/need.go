package facts

import (
	"cmp"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Need is a reference to an object by its kind and name: to a Secret, a ConfigMap, a
// PersistentVolumeClaim, a ServiceAccount, a role, a Service, or an object of Tekton
// Triggers. References to Tasks, Pipelines and StepActions are [Ref]s.
type Need struct {
	Spot Spot
	Kind string
	Name string
	// Namespace is the namespace of the object.
	Namespace string
	// For is the purpose of the reference, which decides what happens if the object is
	// missing.
	For Purpose
	// Optional reports whether the object may be missing.
	Optional bool
	// Skipped reports whether the object that refers to it works without it, and only
	// logs that.
	Skipped bool
	// Keys are the keys of a Secret or a ConfigMap that are read.
	Keys []NeededKey
	// Port is the port of a Service that an Ingress refers to; nil for others.
	Port *networkingv1.ServiceBackendPort
	// Default reports whether it is the default ServiceAccount of a run that sets none.
	// Its name is from the profile.
	Default bool
}

// NeededKey is a key of a Secret or a ConfigMap that is read.
type NeededKey struct {
	Spot Spot
	Key  string
}

// Purpose is the purpose of a reference.
type Purpose int

// The purposes.
const (
	ForPod         Purpose = iota // a pod, a ServiceAccount of one, or the role of a binding
	ForResolver                   // to fetch a Task or a Pipeline
	ForEvent                      // to process an event: a binding, a template
	ForTrigger                    // a trigger of a listener
	ForInterceptor                // to call an interceptor
	ForWebhook                    // to reach an interceptor, or to verify an event with a secret
	ForListener                   // a setting of the pod of a listener
	ForCertificate                // to serve TLS
	ForSubject                    // the subject of a role binding
	ForSelector                   // to select triggers
	ForPull                       // to pull images
)

// Needs returns the objects that the object refers to. References without a name, or
// with a variable in the name, also one of Pipelines-as-Code, are left out.
func (e *Entry) Needs() []Need {
	if e.needsDone {
		return e.needs
	}
	e.needsDone = true
	s := e.At("spec")
	switch {
	case e.Task != nil:
		e.taskNeeds(s, &e.Task.Spec)
	case e.StepAction != nil:
		e.envNeeds(s, e.StepAction.Spec.Env, nil)
	case e.Pipeline != nil:
		e.pipelineNeeds(s, &e.Pipeline.Spec)
	case e.Run != nil:
		e.runNeeds(s)
	case e.TaskRun != nil:
		spec := &e.TaskRun.Spec
		e.bindingNeeds(s, spec.Workspaces)
		e.podNeeds(s.Field("podTemplate"), spec.PodTemplate)
		e.accountNeed(s, s.Field("serviceAccountName"), spec.ServiceAccountName)
		if spec.TaskRef != nil {
			e.resolverNeeds(s.Field("taskRef"), &spec.TaskRef.ResolverRef)
		}
		if spec.TaskSpec != nil {
			e.taskNeeds(s.Field("taskSpec"), spec.TaskSpec)
		}
	default:
		e.eventNeeds(s)
		e.kubeNeeds()
	}
	return e.needs
}

func (e *Entry) need(n Need) {
	if n.Name == "" && !n.Default || tekref.Contains(n.Name) || e.IsFilledIn(n.Name) {
		return
	}
	n.Namespace = cmp.Or(n.Namespace, e.Ref.Namespace)
	e.needs = append(e.needs, n)
}

// accountNeed adds the ServiceAccount that is set, or the default one.
func (e *Entry) accountNeed(spec, at Spot, name string) {
	if name == "" {
		e.need(Need{Spot: spec, Kind: "ServiceAccount", Default: true})
		return
	}
	e.need(Need{Spot: at, Kind: "ServiceAccount", Name: name})
}

// IsCopy reports whether an earlier object of the set is identical.
func (e *Entry) IsCopy() bool {
	e.set.asked(Objects)
	if e.Within != nil {
		return false
	}
	list := e.set.index[[2]string{e.Ref.Kind, e.Ref.Name}]
	return len(list) > 1 && list[0] != e && list[0].Ref == e.Ref && equality.Semantic.DeepEqual(list[0].Object.Object, e.Object.Object)
}

// Found returns the object that is referred to; nil if it is not in the set.
func (n *Need) Found() *Entry {
	return n.Spot.Entry.set.Find(n.Kind, n.Namespace, n.Name, n.Spot.Entry)
}

// IsEverywhere reports whether Kubernetes creates the object in each namespace.
func (n *Need) IsEverywhere() bool {
	return n.Kind == "ServiceAccount" && n.Name == "default" ||
		n.Kind == "ConfigMap" && (n.Name == "kube-root-ca.crt" || n.Name == "openshift-service-ca.crt")
}

// SameNamespace reports whether two namespaces may be the same. An object without a
// namespace may be applied to any.
func SameNamespace(a, b string) bool { return a == b || a == "" || b == "" }
