package check

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/tekref"
)

// backend checks where an Ingress sends requests to.
func (c *checker) backend(s spot, b *networkingv1.IngressBackend) {
	switch {
	case b.Service == nil && b.Resource == nil:
		c.fail(s, "backend-invalid", s.ref.Name, "a backend of "+s.ref.String()+" is empty", "set service.name and service.port")
		return
	case b.Service != nil && b.Resource != nil:
		c.fail(s, "backend-invalid", s.ref.Name, "a backend of "+s.ref.String()+" has both a service and a resource", "keep one of them")
		return
	case b.Service == nil:
		return
	}
	name, port, at := b.Service.Name, b.Service.Port, s.field("service")
	switch {
	case name == "":
		c.fail(at, "backend-invalid", s.ref.Name, "a backend of "+s.ref.String()+" names no service", "set service.name")
		return
	case !tekref.Contains(name) && len(validation.IsDNS1035Label(name)) > 0:
		c.fail(at.field("name"), "backend-invalid", name, q(name)+" is not the name of a Service", dnsHelp+", and a letter first")
		return
	case port.Name == "" && port.Number == 0:
		c.fail(at, "backend-invalid", name, "the backend "+q(name)+" has no port", "set service.port.number or service.port.name")
		return
	case port.Name != "" && port.Number != 0:
		c.fail(at.field("port"), "backend-invalid", name, "the port of backend "+q(name)+" has both a name and a number", "keep one of them")
		return
	case port.Number < 0 || port.Number > 65535:
		c.fail(at.field("port.number"), "backend-invalid", strconv.Itoa(int(port.Number)), fmt.Sprintf("the port of backend %q is %d", name, port.Number), "a port is from 1 to 65535")
		return
	}
	c.backendService(at, name, port)
}

// backendService looks up the Service of a backend: that of a listener has the
// name el-NAME, and a port that follows from the listener.
func (c *checker) backendService(s spot, name string, port networkingv1.ServiceBackendPort) {
	namespace := s.ref.Namespace
	if listener, ok := strings.CutPrefix(name, "el-"); ok {
		if e := c.find("EventListener", namespace, listener); e != nil {
			if e.event.listener != nil && e.event.listener.Spec.Resources.CustomResource == nil {
				c.listenerPort(s, e, name, port)
			}
			return
		}
	}
	w := want{kind: "Service", name: name}
	if c.find("EventListener", namespace, name) != nil {
		w.help = "the Service of EventListener " + q(name) + " is called " + q("el-"+name)
	} else if near := nearest(name, c.listenerServices()); near != "" {
		w.help = "did you mean " + q(near) + "?"
	}
	found := c.wants(s.field("name"), w)
	if found == nil {
		return
	}
	service, ok := found.kube.(*corev1.Service)
	if !ok || service.Spec.Type == corev1.ServiceTypeExternalName || len(service.Spec.Ports) == 0 {
		return
	}
	var have []string
	for _, p := range service.Spec.Ports {
		if port.Name != "" && p.Name == port.Name || port.Number != 0 && p.Port == port.Number {
			return
		}
		if port.Name == "" {
			have = append(have, strconv.Itoa(int(p.Port)))
		} else {
			have = append(have, p.Name)
		}
	}
	c.noPort(s, found, name, port, "write one of "+strings.Join(have, ", "))
}

// listenerServices are the names of the Services that listeners get.
func (c *checker) listenerServices() []string {
	names := c.namesOfKind("EventListener")
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "el-" + n
	}
	return out
}

// listenerPort checks the port of the Service of a listener.
func (c *checker) listenerPort(s spot, e *entry, name string, port networkingv1.ServiceBackendPort) {
	wantName, wantNumber := portOf(e.event.listener)
	switch {
	case port.Name == wantName || port.Number == wantNumber, port.Name == "http-metrics" || port.Number == 9000:
	case port.Name != "":
		c.noPort(s, e, name, port, "write name: "+wantName)
	default:
		c.noPort(s, e, name, port, "write number: "+strconv.Itoa(int(wantNumber)))
	}
}

// portOf is the port for events of the Service of a listener, as Tekton
// Triggers makes it.
func portOf(l *v1beta1.EventListener) (name string, number int32) {
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

func (c *checker) noPort(s spot, e *entry, name string, port networkingv1.ServiceBackendPort, help string) {
	label, at := port.Name, s.field("port.name")
	if port.Name == "" {
		label, at = strconv.Itoa(int(port.Number)), s.field("port.number")
	} else {
		label = q(label)
	}
	of := "Service " + q(name)
	if e.ref.Kind == "EventListener" {
		of += " of " + e.ref.String()
	}
	c.fail(at, "port-unknown", strings.Trim(label, `"`), of+" has no port "+label, help, in(e, "spec").related(e.ref.String()+" is declared"))
}
