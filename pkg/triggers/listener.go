package triggers

import (
	"maps"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Listener describes an EventListener, which receives events and creates the
// objects of its triggers. Its methods record mistakes; Objects returns all of them
// at once. The methods that describe it are not safe for concurrent use.
type Listener struct {
	at           callsite.Place
	name         string
	secret       secretKey
	account      *string // of the pod
	namespaces   []string
	selector     map[string]string
	requirements []metav1.LabelSelectorRequirement
	groups       []*Group
	entries      []entry
	cloudEvents  string
	pod          pod
	mutate       callsite.Changes[v1beta1.EventListener]
	metadata
}

// NewListener returns an EventListener with the given metadata.name, which has at
// most 60 characters, since its Service is named el-NAME.
func NewListener(name string) *Listener { return &Listener{at: callsite.Here(), name: name} }

// orNew returns an empty listener for nil, so that methods can be called on nil.
func (l *Listener) orNew() *Listener {
	if l == nil {
		return &Listener{}
	}
	return l
}

// Secret sets the name and the key of the Secret with which the senders sign their
// events. It is used for all triggers without a Secret of their own.
func (l *Listener) Secret(name, key string) *Listener {
	l = l.orNew()
	l.secret = secretKey{callsite.Here(), true, name, key}
	return l
}

// ServiceAccount sets the service account of the listener's pod. The default is
// el-NAME, which infra.ListenerRBAC creates. With "", the listener has none, so that Tekton
// Triggers uses that of its configuration, which is default.
func (l *Listener) ServiceAccount(name string) *Listener {
	l = l.orNew()
	l.account = &name
	return l
}

// Namespaces makes the listener also serve the Triggers in other namespaces
// (spec.namespaceSelector). "*" means all namespaces.
func (l *Listener) Namespaces(names ...string) *Listener {
	l = l.orNew()
	l.namespaces = append([]string(nil), names...)
	return l
}

// Select makes the listener serve all Triggers with the given labels
// (spec.labelSelector). Its own Triggers get the labels.
func (l *Listener) Select(labels map[string]string) *Listener {
	l = l.orNew()
	l.selector = copied(labels)
	return l
}

// SelectBy is like [Listener.Select], for selectors that labels cannot express: the
// listener serves the Triggers whose labels meet all requirements (matchExpressions), in
// addition to those of Select. Its own Triggers do not get labels.
func (l *Listener) SelectBy(requirements ...metav1.LabelSelectorRequirement) *Listener {
	l = l.orNew()
	for i := range requirements {
		l.requirements = append(l.requirements, *requirements[i].DeepCopy())
	}
	return l
}

// CloudEvents makes the listener send CloudEvents about the events that it gets to a URI
// (cloudEventURI).
func (l *Listener) CloudEvents(uri string) *Listener {
	l = l.orNew()
	l.cloudEvents = uri
	return l
}

// Group makes the listener serve all Triggers with the given labels when the event
// happens (spec.triggerGroups). The signature and the filters of the event are
// checked once for the group, with the Secret of the listener, so that the
// Triggers need no signature check of their own.
func (l *Listener) Group(name string, e Event, match map[string]string) *Listener {
	l = l.orNew()
	g := &Group{at: callsite.Here(), name: name, labels: copied(match), of: true}
	if e != nil && !isNil(e) {
		g.event = e.describe()
	}
	l.groups = append(l.groups, g)
	return l
}

// Mutate registers a function that changes the EventListener before it is checked, for fields that
// have no method here. The function may be called more than once, each time with a
// new EventListener.
func (l *Listener) Mutate(change func(*v1beta1.EventListener)) *Listener {
	l = l.orNew()
	l.mutate.Add(callsite.Here(), change)
	return l
}

// Resource is an object that a trigger creates, such as a run or a
// PersistentVolumeClaim.
type Resource interface {
	// Object returns the object. It returns an object together with an error under
	// the same conditions as manifest.Source.
	Object() (object.Object, error)
}

// On adds a trigger: when the event happens, it creates the given objects. The name
// is unique in the listener, and becomes part of the names of its objects.
func (l *Listener) On(name string, e Event, start Resource, more ...Resource) *Trigger {
	l = l.orNew()
	t := &Trigger{listener: l, at: callsite.Here(), name: name, creates: append([]Resource{start}, more...)}
	if e != nil && !isNil(e) {
		t.event = e.describe()
	}
	l.entries = append(l.entries, entry{at: t.at, Trigger: t, own: true})
	return t
}

// Account returns the name of the service account of the listener's pod.
func (l *Listener) Account() string {
	l = l.orNew()
	switch {
	case l.account == nil:
		return "el-" + l.name
	case *l.account == "":
		return "default"
	}
	return *l.account
}

// triggers returns the triggers of the listener that are not nil.
func (l *Listener) triggers() []*Trigger {
	var out []*Trigger
	for _, e := range l.entries {
		if e.Trigger != nil {
			out = append(out, e.Trigger)
		}
	}
	return out
}

// Runs returns the runs that the listener starts, in the order of the triggers.
func (l *Listener) Runs() []builder.PodStarter {
	var out []builder.PodStarter
	for _, t := range l.orNew().triggers() {
		for _, c := range t.creates {
			if s, ok := c.(builder.PodStarter); ok && !isNil(c) {
				out = append(out, s)
			}
		}
	}
	return out
}

func copied(m map[string]string) map[string]string {
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m))
	maps.Copy(out, m)
	return out
}

// ref returns the reference of the EventListener.
func (l *Listener) ref() diag.ObjectRef {
	return reference("EventListener", l.name)
}

// quoted quotes a text for a message. Handles are replaced by their variables.
func quoted(s string) string { return strconv.Quote(handle.Strip(s)) }
