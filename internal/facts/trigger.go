package facts

import (
	"encoding/json"
	"slices"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	duckv1 "knative.dev/pkg/apis/duck/v1"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/internal/tekref"
)

// CoreInterceptors are the ClusterInterceptors that come with Tekton Triggers.
var CoreInterceptors = []string{"bitbucket", "cel", "github", "gitlab", "slack"}

// CoreOf returns the name of the interceptor if it comes with Tekton Triggers, ""
// otherwise.
func CoreOf(x *v1beta1.TriggerInterceptor) string {
	if x == nil || x.Webhook != nil || x.Ref.Kind == v1beta1.NamespacedInterceptorKind || !slices.Contains(CoreInterceptors, x.Ref.Name) {
		return ""
	}
	return x.Ref.Name
}

// Trigger is a Trigger, or a trigger of an EventListener.
type Trigger struct {
	Spot  Spot   // of its spec
	Label string // for sentences

	Bindings     []*v1beta1.TriggerSpecBinding
	Template     *v1beta1.TriggerSpecTemplate // nil if it has none
	Interceptors []*v1beta1.TriggerInterceptor
	Account      string

	users     []TriggerUser
	usersDone bool

	chain       []*Interceptor
	chainDone   bool
	outgoing    []Extensions
	supply      []*BindingParam
	supplyLacks bool
	supplyDone  bool
	used        map[string]bool

	breaking     []Constant
	breakingDone bool

	strangers     []Stranger
	strangersDone bool
	values        []StrangerValue
	valuesDone    bool
}

// TriggerUser is a listener that passes events to a trigger, possibly those that
// passed the interceptors of a group.
type TriggerUser struct {
	Listener *Entry
	Group    *v1beta1.EventListenerTriggerGroup // nil if there is none
	Spot     Spot                               // of the group

	index int // of the group
}

// Triggers returns the trigger of a Trigger, or those in an EventListener.
func (e *Entry) Triggers() []*Trigger {
	if e.triggersDone {
		return e.triggers
	}
	e.triggersDone = true
	s := e.At("spec")
	switch o := e.Event; {
	case o.Trigger != nil:
		spec := &o.Trigger.Spec
		e.triggers = []*Trigger{{
			Spot: s, Label: e.Ref.String(), Bindings: spec.Bindings, Template: &spec.Template,
			Interceptors: spec.Interceptors, Account: spec.ServiceAccountName,
		}}
	case o.Listener != nil:
		for i := range o.Listener.Spec.Triggers {
			t := &o.Listener.Spec.Triggers[i]
			if t.TriggerRef != "" && t.Template == nil {
				continue
			}
			e.triggers = append(e.triggers, &Trigger{
				Spot: s.Index("triggers", i), Label: InlineTriggerLabel(e, t.Name), Bindings: t.Bindings, Template: t.Template,
				Interceptors: t.Interceptors, Account: t.ServiceAccountName, users: []TriggerUser{{Listener: e}}, usersDone: true,
			})
		}
	}
	return e.triggers
}

// Users returns the listeners of the set that pass events to the trigger.
func (t *Trigger) Users() []TriggerUser {
	e := t.Spot.Entry
	e.set.asked(Events)
	if !t.usersDone {
		t.users, t.usersDone = e.set.handed().users[e], true
	}
	return t.users
}

// ListenerTriggers returns all triggers that a listener passes events to, as far as
// they are in the set.
func (e *Entry) ListenerTriggers() []*Trigger {
	e.set.asked(Events)
	out := slices.Clone(e.Triggers())
	for _, o := range e.set.handed().triggers[e] {
		out = append(out, o.Triggers()...)
	}
	return out
}

// MaySelect reports whether a listener may pass events to a Trigger of the set whose
// namespace is not known, and which ListenerTriggers therefore does not return.
func (e *Entry) MaySelect() bool {
	e.set.asked(Events)
	return e.set.handed().maybe[e]
}

// ListenerPod returns the pod of a listener, as far as its EventListener sets it, in
// kubernetesResource or customResource. The pod is nil if there is none, or if it
// cannot be read, in which case err is the reason.
func (e *Entry) ListenerPod() (s Spot, pod *corev1.PodSpec, err error) {
	if e.Event.Listener == nil {
		return Spot{}, nil, nil
	}
	r := &e.Event.Listener.Spec.Resources
	s = e.At("spec", "resources")
	switch {
	case r.KubernetesResource != nil && r.CustomResource != nil:
	case r.KubernetesResource != nil:
		return s.Field("kubernetesResource", "spec", "template", "spec"), &r.KubernetesResource.Template.Spec, nil
	case r.CustomResource != nil:
		var with duckv1.WithPod
		if err := json.Unmarshal(r.CustomResource.Raw, &with); err != nil {
			return s.Field("customResource"), nil, err
		}
		return s.Field("customResource", "spec", "template", "spec"), &with.Spec.Template.Spec, nil
	}
	return s, nil, nil
}

// listenerPodNeeds adds the Secrets that the pod of a listener reads.
func (e *Entry) listenerPodNeeds() {
	s, pod, err := e.ListenerPod()
	if err != nil || pod == nil || len(pod.Containers) != 1 {
		return
	}
	env := pod.Containers[0].Env
	for i := range env {
		v := &env[i]
		if v.ValueFrom == nil || v.ValueFrom.SecretKeyRef == nil {
			continue
		}
		if ref := v.ValueFrom.SecretKeyRef; !isTrue(ref.Optional) {
			key := s.Index("containers", 0).Index("env", i).Field("valueFrom", "secretKeyRef")
			e.need(Need{Spot: key, Kind: "Secret", Name: ref.Name, For: ForListener, Keys: []NeededKey{{key, ref.Key}}})
		}
	}
}

// HasTriggers reports whether an EventListener lists or selects triggers. It is
// true for other kinds.
func (e *Entry) HasTriggers() bool {
	if e.Event.Listener == nil {
		return true
	}
	spec := &e.Event.Listener.Spec
	return spec.LabelSelector != nil || len(spec.NamespaceSelector.MatchNames) > 0 || len(spec.TriggerGroups) > 0 || len(spec.Triggers) > 0
}

// TemplateOf returns the template of the trigger; nil if it is not in the set.
func (t *Trigger) TemplateOf() (spec *v1beta1.TriggerTemplateSpec, at Spot, label string) {
	switch {
	case t.Template == nil:
	case t.Template.Spec != nil:
		return t.Template.Spec, t.Spot.Field("template", "spec"), "the template of " + t.Label
	case t.Template.Ref != nil:
		e := t.Spot.Entry
		if found := e.set.Find("TriggerTemplate", e.Ref.Namespace, *t.Template.Ref, e); found != nil && found.Event.Template != nil {
			return &found.Event.Template.Spec, found.At("spec"), found.Ref.String()
		}
	}
	return nil, Spot{}, ""
}

// Creation is an object that a trigger creates, as the permission that is needed for
// it.
type Creation struct {
	rbac.Permission
	Namespace string // "" for that of the trigger
}

// Creates returns the objects that the template of the trigger creates, as far as
// they are known, each kind once.
func (t *Trigger) Creates() []Creation {
	s := t.Spot.Entry.set
	s.asked(Events)
	spec, _, _ := t.TemplateOf()
	if spec == nil {
		return nil
	}
	out, ok := s.creations[spec]
	if !ok {
		out = creations(spec)
		if s.creations == nil {
			s.creations = map[*v1beta1.TriggerTemplateSpec][]Creation{}
		}
		s.creations[spec] = out
	}
	return out
}

func creations(spec *v1beta1.TriggerTemplateSpec) []Creation {
	var out []Creation
	for i := range spec.ResourceTemplates {
		content, ok := bodyContent(spec.ResourceTemplates[i].Raw)
		if !ok {
			continue
		}
		version, _ := content["apiVersion"].(string)
		kind, _ := content["kind"].(string)
		if version == "" || kind == "" || tekref.Contains(version+kind) {
			continue
		}
		metadata, _ := content["metadata"].(map[string]any)
		namespace, _ := metadata["namespace"].(string)
		gvk := schema.FromAPIVersionAndKind(version, kind)
		if tekref.Contains(namespace) || !kinds.Namespaced(gvk.GroupKind()) {
			continue
		}
		plural, _ := meta.UnsafeGuessKindToResource(gvk)
		x := Creation{rbac.Permission{Verb: "create", Group: plural.Group, Resource: plural.Resource}, namespace}
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
