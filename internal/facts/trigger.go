package facts

import (
	"encoding/json"
	"iter"
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
	given       map[string]*BindingParam // the first of each name
	supplyLacks bool
	supplyDone  bool
	used        map[string]bool

	breaking     []Constant
	breakingDone bool

	strangers     []Stranger
	strangersDone bool
	values        []StrangerValue
	valuesDone    bool
	gate          *WhenGate
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

// Users returns the ways on which listeners of the set pass events to the trigger. Of
// those on which the same events reach it, it is the first.
func (t *Trigger) Users() []TriggerUser {
	e := t.Spot.Entry
	e.set.asked(Events)
	if !t.usersDone {
		t.users, t.usersDone = e.set.handed().users[e], true
	}
	return t.users
}

// HandsOn reports whether a listener passes events to any trigger of the set.
func (e *Entry) HandsOn() bool {
	e.set.asked(Events)
	return len(e.Triggers()) > 0 || len(e.set.handed().triggers[e]) > 0
}

// ListenerNeed is a permission that the service account of a listener needs for its
// triggers: to create an object, or to impersonate a service account that does so.
type ListenerNeed struct {
	Account   string // to impersonate; "" if the listener creates the object itself
	Creation  Creation
	Namespace string // of the trigger
}

// ListenerNeeds returns what a listener needs for all triggers that it passes events to,
// each once. Many listeners may select the same Triggers.
func (e *Entry) ListenerNeeds() iter.Seq[ListenerNeed] {
	e.set.asked(Events)
	own, selected := needsOf(e.Triggers()), []ListenerNeed(nil)
	if h := e.set.handed(); h.shared[e] != nil {
		x := h.shared[e]
		if !x.needsDone {
			x.needs, x.needsDone = needsOf(triggersOf(x.sure)), true
		}
		selected = x.needs
	} else {
		selected = needsOf(triggersOf(h.triggers[e]))
	}
	return func(yield func(ListenerNeed) bool) {
		for _, list := range [...][]ListenerNeed{own, selected} {
			for i := range list {
				if !yield(list[i]) {
					return
				}
			}
		}
	}
}

func triggersOf(entries []*Entry) []*Trigger {
	var out []*Trigger
	for _, e := range entries {
		out = append(out, e.Triggers()...)
	}
	return out
}

func needsOf(triggers []*Trigger) []ListenerNeed {
	var out []ListenerNeed
	seen := map[ListenerNeed]bool{}
	add := func(n ListenerNeed) {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	for _, t := range triggers {
		namespace := t.Spot.Entry.Ref.Namespace
		if t.Account != "" {
			add(ListenerNeed{Account: t.Account, Namespace: namespace})
			continue
		}
		for _, x := range t.Creates() {
			add(ListenerNeed{Creation: x, Namespace: namespace})
		}
	}
	return out
}

// MaySelect reports whether a listener may pass events to a Trigger of the set whose
// namespace is not known, and which HandsOn therefore does not count.
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

// ListenerAccount returns the service account that the pod of a listener uses, or "" if
// the EventListener sets none, and the place that sets it. It is not known if the pod is
// not, or is in another namespace. Tekton uses spec.serviceAccountName for
// the Deployment alone: a customResource has its own.
func (e *Entry) ListenerAccount() (account string, s Spot, known bool) {
	spec := &e.Event.Listener.Spec
	at, pod, err := e.ListenerPod()
	custom := spec.Resources.CustomResource
	switch {
	case err != nil || custom != nil && (pod == nil || e.elsewhere(custom.Raw)):
		return "", Spot{}, false
	case custom != nil || pod != nil && pod.ServiceAccountName != "":
		return pod.ServiceAccountName, at.Field("serviceAccountName"), true
	}
	return spec.ServiceAccountName, e.At("spec", "serviceAccountName"), true
}

// elsewhere reports whether the customResource of a listener is, or may be, in another
// namespace than the listener.
func (e *Entry) elsewhere(raw []byte) bool {
	var with duckv1.WithPod
	return json.Unmarshal(raw, &with) != nil || with.Namespace != "" && with.Namespace != e.Ref.Namespace
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
	seen := map[Creation]bool{}
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
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}
