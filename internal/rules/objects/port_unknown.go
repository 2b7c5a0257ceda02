package objects

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed port-unknown.md
var portUnknownText string

var portUnknown = &rule.Rule{
	Code:     "port-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     portUnknownText,
	Kinds:    []string{"Ingress", "HTTPRoute"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if p.Entry.IsCopy() {
			return
		}
		known := map[*rule.Entry]*servicePorts{} // many backends may use one Service
		p.Entry.EachService(func(b *facts.ServiceBackend) { backendPort(p, known, b) })
	},
}

// backendPort looks up the port of a backend in its Service. The Service of an
// EventListener is called el-NAME, and its port depends on the EventListener. The ports
// of Services are kept in known.
func backendPort(p *rule.Pass, known map[*rule.Entry]*servicePorts, b *facts.ServiceBackend) {
	if listener, ok := strings.CutPrefix(b.Name, "el-"); ok {
		if e := p.Set.Find("EventListener", b.Namespace, listener, p.Entry); e != nil {
			if e.Event.Listener != nil && e.Event.Listener.Spec.Resources.CustomResource == nil {
				listenerPort(p, b, e)
			}
			return
		}
	}
	port := b.Port
	found := p.Set.Find("Service", b.Namespace, b.Name, p.Entry)
	if found == nil {
		return
	}
	service, ok := found.Kube.(*corev1.Service)
	if !ok || service.Spec.Type == corev1.ServiceTypeExternalName || len(service.Spec.Ports) == 0 {
		return
	}
	have := known[found]
	if have == nil {
		have = portsOf(service)
		known[found] = have
	}
	switch {
	case port.Name != "" && have.names[port.Name] || port.Number != 0 && have.numbers[port.Number]:
	case port.Name != "":
		noPort(p, b, found, have.helpName)
	default:
		noPort(p, b, found, have.helpNumber)
	}
}

// servicePorts are the ports of a Service.
type servicePorts struct {
	names                map[string]bool
	numbers              map[int32]bool
	helpName, helpNumber string
}

func portsOf(service *corev1.Service) *servicePorts {
	out := &servicePorts{names: map[string]bool{}, numbers: map[int32]bool{}}
	var names, numbers []string
	for _, o := range service.Spec.Ports {
		out.names[o.Name], out.numbers[o.Port] = true, true
		names, numbers = append(names, o.Name), append(numbers, strconv.Itoa(int(o.Port)))
	}
	out.helpName, out.helpNumber = usePort(names), usePort(numbers)
	return out
}

// usePort returns the help for a Service with these ports. It names only a few.
func usePort(ports []string) string {
	const few = 8
	if len(ports) > few {
		return "use one of the " + phrase.Count(len(ports), "port") + " of the Service, such as " + ports[0]
	}
	return "use port " + strings.Join(ports, " or ")
}

// listenerPort looks up a port in the Service of an EventListener.
func listenerPort(p *rule.Pass, b *facts.ServiceBackend, e *rule.Entry) {
	port := b.Port
	wantName, wantNumber := listenerPortOf(e.Event.Listener)
	switch {
	case port.Name == wantName || port.Number == wantNumber, port.Name == "http-metrics" || port.Number == 9000:
	case port.Name != "":
		noPort(p, b, e, "use port "+wantName)
	default:
		noPort(p, b, e, "use port "+strconv.Itoa(int(wantNumber)))
	}
}

// listenerPortOf returns the port for events of the Service that Tekton Triggers creates for
// an EventListener.
func listenerPortOf(l *v1beta1.EventListener) (name string, number int32) {
	name, number = "http-listener", 8080
	k := l.Spec.Resources.KubernetesResource
	if k == nil {
		return name, number
	}
	if k.ServicePort != nil {
		number = *k.ServicePort
	}
	if containers := k.Template.Spec.Containers; len(containers) > 0 {
		cert, key := false, false
		for _, v := range containers[0].Env {
			if v.ValueFrom != nil && v.ValueFrom.SecretKeyRef != nil && v.ValueFrom.SecretKeyRef.Key != "" {
				cert, key = cert || v.Name == "TLS_CERT", key || v.Name == "TLS_KEY"
			}
		}
		if cert && key {
			name = "https-listener"
			if k.ServicePort == nil || number == 8080 {
				number = 8443
			}
		}
	}
	return name, number
}

func noPort(p *rule.Pass, b *facts.ServiceBackend, e *rule.Entry, help string) {
	label, subject := phrase.Quote(b.Port.Name), b.Port.Name
	if b.Port.Name == "" {
		label = strconv.Itoa(int(b.Port.Number))
		subject = label
	}
	of := "Service " + phrase.Quote(b.Name)
	if e.Ref.Kind == "EventListener" {
		of += " of " + e.Ref.String()
	}
	p.Error(b.PortAt, subject, of+" has no port "+label, help, e.At("spec").Related(e.Ref.String()+" is declared here"))
}
