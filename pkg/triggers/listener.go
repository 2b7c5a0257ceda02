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

// Listener receives events and starts what its triggers say: an EventListener.
// Its methods never fail: they record, and Objects returns every problem at
// once. It is not safe for concurrent use while it is being described.
type Listener struct {
	at         callsite.Place
	name       string
	secret     secretKey
	account    string
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
	mutate     []func(*v1beta1.EventListener)

	labels, annotations map[string]string
}

// group is a set of further Triggers that the listener serves.
type group struct {
	at    callsite.Place
	name  string
	event *event
	match map[string]string
}

// NewListener starts an EventListener. The name is its metadata.name, at most
// 60 characters: its Service is called el-NAME.
func NewListener(name string) *Listener { return &Listener{at: callsite.Here(), name: name} }

// orNew lets a nil listener be described; what is described is lost.
func (l *Listener) orNew() *Listener {
	if l == nil {
		return &Listener{}
	}
	return l
}

// Secret names the Secret, and the key in it, whose value the senders sign
// with. It holds for every trigger that names none of its own.
func (l *Listener) Secret(name, key string) *Listener {
	l = l.orNew()
	l.secret = secretKey{callsite.Here(), true, name, key}
	return l
}

// ServiceAccount sets the account of the listener's pod. The default is
// el-NAME, which infra.ListenerRBAC makes.
func (l *Listener) ServiceAccount(name string) *Listener {
	l = l.orNew()
	l.account = name
	return l
}

// Namespaces lets the listener serve the Triggers of these namespaces too; "*"
// is all of them.
func (l *Listener) Namespaces(names ...string) *Listener {
	l = l.orNew()
	l.namespaces = append([]string(nil), names...)
	return l
}

// Select lets the listener serve all Triggers that have these labels, not only
// its own. Its own get them.
func (l *Listener) Select(labels map[string]string) *Listener {
	l = l.orNew()
	l.selector = copied(labels)
	return l
}

// Replicas sets how many pods receive events. The default is 1.
func (l *Listener) Replicas(count int) *Listener {
	l = l.orNew()
	l.replicas, l.replicasAt = &count, callsite.Here()
	return l
}

// TLS makes the listener serve https with the certificate of a Secret of type
// kubernetes.io/tls. Its Service then listens on port 8443.
func (l *Listener) TLS(secret string) *Listener {
	l = l.orNew()
	l.tls, l.tlsAt = secret, callsite.Here()
	return l
}

// Requests asks for CPU and memory for the listener's pod, as quantities;
// "" leaves one out.
func (l *Listener) Requests(cpu, memory string) *Listener {
	l = l.orNew()
	l.requests, l.requestsAt = [2]string{cpu, memory}, callsite.Here()
	return l
}

// Group lets the listener serve Triggers that others make, those with these
// labels, whenever the event happens. The event is checked once, for all of
// them (spec.triggerGroups), with the listener's Secret; Triggers that are
// found so need no check of their own.
func (l *Listener) Group(name string, e Event, match map[string]string) *Listener {
	l = l.orNew()
	g := &group{at: callsite.Here(), name: name, match: copied(match)}
	if e != nil && !isNil(e) {
		g.event = e.describe()
	}
	l.groups = append(l.groups, g)
	return l
}

// Mutate changes the EventListener after it has been lowered: the hatch for
// fields that have no method here. It may be called more than once, on a fresh
// copy each time.
func (l *Listener) Mutate(change func(*v1beta1.EventListener)) *Listener {
	l = l.orNew()
	if change != nil {
		l.mutate = append(l.mutate, change)
	}
	return l
}

// Resource is one object that a trigger creates: a run, a claim.
type Resource interface {
	// Object returns the object; the error, and the object beside one, are as in
	// manifest.Source.
	Object() (object.Object, error)
}

// On creates start, and more, whenever the event happens. The name is unique
// in the listener and a valid label value.
func (l *Listener) On(name string, e Event, start Resource, more ...Resource) *Trigger {
	l = l.orNew()
	t := &Trigger{listener: l, at: callsite.Here(), name: name, creates: append([]Resource{start}, more...)}
	if e != nil && !isNil(e) {
		t.event = e.describe()
	}
	l.triggers = append(l.triggers, t)
	return t
}

// Expose sets the type of the listener's Service and the port that it listens
// on; 0 is the usual one. The default is a ClusterIP, which only the cluster and
// its Ingress reach.
func (l *Listener) Expose(service corev1.ServiceType, port int) *Listener {
	l = l.orNew()
	l.service, l.port, l.exposedAt = service, int32(min(max(port, -1), 1<<16)), callsite.Here() // bounded
	return l
}

// Service is the name and the port of the listener's Service, for an Ingress.
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

// Account is the account of the listener's pod.
func (l *Listener) Account() string {
	l = l.orNew()
	if l.account != "" {
		return l.account
	}
	return "el-" + l.name
}

// Runs are the runs that the listener starts, in the order of the triggers.
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

// ref is the EventListener, for findings.
func (l *Listener) ref() diag.ObjectRef {
	return reference("EventListener", l.name)
}

// quoted names things in a sentence, where a handle reads as what it refers to.
func quoted(s string) string { return strconv.Quote(handle.Strip(s)) }
