package triggers

import (
	"maps"

	corev1 "k8s.io/api/core/v1"

	"strconv"

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
	at         callsite.Place
	name       string
	secret     secretKey
	account    string // of the pod
	namespaces []string
	selector   map[string]string
	replicas   *int
	replicasAt callsite.Place
	service    corev1.ServiceType
	port       int32
	exposedAt  callsite.Place
	tls        string
	tlsAt      callsite.Place
	requests   [2]string
	requestsAt callsite.Place
	groups     []*group
	triggers   []*Trigger
	mutate     callsite.Changes[v1beta1.EventListener]

	labels, annotations map[string]string
}

// group is a trigger group of the listener.
type group struct {
	at    callsite.Place
	name  string
	event *event
	match map[string]string
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
// el-NAME, which infra.ListenerRBAC creates.
func (l *Listener) ServiceAccount(name string) *Listener {
	l = l.orNew()
	l.account = name
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

// Replicas sets the number of pods. The default is 1.
func (l *Listener) Replicas(count int) *Listener {
	l = l.orNew()
	l.replicas, l.replicasAt = &count, callsite.Here()
	return l
}

// TLS makes the listener serve HTTPS with the certificate in a Secret of type
// kubernetes.io/tls. The default port of its Service is then 8443.
func (l *Listener) TLS(secret string) *Listener {
	l = l.orNew()
	l.tls, l.tlsAt = secret, callsite.Here()
	return l
}

// Requests sets the CPU and memory requests of the listener's pod, as quantities.
// "" means no request.
func (l *Listener) Requests(cpu, memory string) *Listener {
	l = l.orNew()
	l.requests, l.requestsAt = [2]string{cpu, memory}, callsite.Here()
	return l
}

// Group makes the listener serve all Triggers with the given labels when the event
// happens (spec.triggerGroups). The signature and the filters of the event are
// checked once for the group, with the Secret of the listener, so that the
// Triggers need no signature check of their own.
func (l *Listener) Group(name string, e Event, match map[string]string) *Listener {
	l = l.orNew()
	g := &group{at: callsite.Here(), name: name, match: copied(match)}
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
// is a DNS label that is unique in the listener.
func (l *Listener) On(name string, e Event, start Resource, more ...Resource) *Trigger {
	l = l.orNew()
	t := &Trigger{listener: l, at: callsite.Here(), name: name, creates: append([]Resource{start}, more...)}
	if e != nil && !isNil(e) {
		t.event = e.describe()
	}
	l.triggers = append(l.triggers, t)
	return t
}

// Expose sets the type and the port of the listener's Service. Port 0 means the
// default, 8080, or 8443 with TLS. The default type is ClusterIP, which can only be
// reached from inside the cluster, for instance by an Ingress.
func (l *Listener) Expose(service corev1.ServiceType, port int) *Listener {
	l = l.orNew()
	l.service, l.port, l.exposedAt = service, int32(min(max(port, -1), 1<<16)), callsite.Here() // bounded
	return l
}

// Service returns the name and the port of the listener's Service.
func (l *Listener) Service() (string, int32) {
	l = l.orNew()
	switch {
	case l.port != 0:
		return "el-" + l.name, l.port
	case l.tls != "":
		return "el-" + l.name, 8443
	}
	return "el-" + l.name, 8080
}

// Account returns the name of the service account of the listener's pod.
func (l *Listener) Account() string {
	l = l.orNew()
	if l.account != "" {
		return l.account
	}
	return "el-" + l.name
}

// Runs returns the runs that the listener starts, in the order of the triggers.
func (l *Listener) Runs() []builder.PodStarter {
	var out []builder.PodStarter
	for _, t := range l.orNew().triggers {
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
