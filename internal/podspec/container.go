package podspec

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/pkg/diag"
)

const portHelp = "use a number from 1 to 65535"

// Ports returns the problems of the ports of a container, below the list.
func Ports(ports []corev1.ContainerPort) []Problem {
	var l problems
	names := map[string]bool{}
	for i := range ports {
		at, p := (diag.Path{}).Index(i), &ports[i]
		if p.Name != "" && !isOpen(p.Name) {
			l.portName(at.Field("name"), p.Name)
			if names[p.Name] {
				l.add(at.Field("name"), p.Name, "has several ports with the name "+quote(p.Name), "choose different names")
			}
			names[p.Name] = true
		}
		if p.ContainerPort == 0 {
			l.missing(at.Field("containerPort"), "has a port without containerPort", "set containerPort")
		} else {
			l.portNumber(at.Field("containerPort"), int(p.ContainerPort))
		}
		if p.HostPort != 0 {
			l.portNumber(at.Field("hostPort"), int(p.HostPort))
		}
	}
	return l
}

func (l *problems) portName(at diag.Path, name string) {
	l.invalid(at, "port name", name, "use at most 15 lower-case letters, digits and -, with at least one letter", validation.IsValidPortName)
}

func (l *problems) portNumber(at diag.Path, n int) {
	if len(validation.IsValidPortNum(n)) > 0 {
		l.add(at, strconv.Itoa(n), "has the invalid port "+strconv.Itoa(n), portHelp)
	}
}

// Probes and hooks of a container, by their fields.
const (
	Liveness  = "livenessProbe"
	Readiness = "readinessProbe"
	Startup   = "startupProbe"
)

// Probe returns the problems of a probe: one of [Liveness], [Readiness] and [Startup].
func Probe(kind string, p *corev1.Probe) []Problem {
	if p == nil {
		return nil
	}
	var l problems
	at := diag.Fields(kind)
	l.handler(at, kind, handler{p.Exec, p.HTTPGet, p.TCPSocket, p.GRPC, nil})
	for _, f := range [...]struct {
		name  string
		value int32
	}{
		{"initialDelaySeconds", p.InitialDelaySeconds},
		{"timeoutSeconds", p.TimeoutSeconds},
		{"periodSeconds", p.PeriodSeconds},
		{"successThreshold", p.SuccessThreshold},
		{"failureThreshold", p.FailureThreshold},
	} {
		n := strconv.Itoa(int(f.value))
		switch {
		case f.value < 0:
			l.add(at.Field(f.name), n, "has a "+kind+" with the negative "+f.name+" "+n, "use a positive number")
		case f.name == "successThreshold" && f.value > 1 && kind != Readiness:
			l.add(at.Field(f.name), n, "has a "+kind+" with successThreshold "+n+", which must be 1", "remove successThreshold")
		}
	}
	if s := p.TerminationGracePeriodSeconds; s != nil {
		at, n := at.Field("terminationGracePeriodSeconds"), strconv.FormatInt(*s, 10)
		switch {
		case kind == Readiness:
			l.add(at, n, "has a readinessProbe with terminationGracePeriodSeconds, which only other probes may have", "remove it")
		case *s <= 0:
			l.add(at, n, "has a "+kind+" with terminationGracePeriodSeconds "+n+", which must be positive", "use a positive number")
		}
	}
	return l
}

// Lifecycle returns the problems of the hooks of a container.
func Lifecycle(c *corev1.Lifecycle) []Problem {
	if c == nil {
		return nil
	}
	var l problems
	for _, hook := range [...]struct {
		name string
		h    *corev1.LifecycleHandler
	}{{"postStart", c.PostStart}, {"preStop", c.PreStop}} {
		if h := hook.h; h != nil {
			l.handler(diag.Fields("lifecycle", hook.name), hook.name, handler{h.Exec, h.HTTPGet, h.TCPSocket, nil, h.Sleep})
		}
	}
	return l
}

// handler is what a probe or a hook does.
type handler struct {
	exec  *corev1.ExecAction
	http  *corev1.HTTPGetAction
	tcp   *corev1.TCPSocketAction
	grpc  *corev1.GRPCAction
	sleep *corev1.SleepAction
}

// handler checks what a probe or a hook does. If it has several actions, the API server
// checks the first.
func (l *problems) handler(at diag.Path, noun string, h handler) {
	actions := 0
	for _, set := range [...]bool{h.exec != nil, h.http != nil, h.tcp != nil, h.grpc != nil, h.sleep != nil} {
		if set {
			actions++
		}
	}
	switch {
	case actions == 0:
		help := "set one of exec, httpGet, tcpSocket and grpc"
		if !strings.HasSuffix(noun, "Probe") {
			help = "set one of exec, httpGet and sleep"
		}
		l.add(at, "", "has a "+noun+" without an action", help)
	case actions > 1:
		l.add(at, "", "has a "+noun+" with several actions", "keep one of them")
	case h.exec != nil:
		if len(h.exec.Command) == 0 {
			l.add(at.Field("exec", "command"), "", "has a "+noun+" without a command", "set command")
		}
	case h.http != nil:
		l.port(at.Field("httpGet", "port"), noun, h.http.Port)
		for i := range h.http.HTTPHeaders {
			l.invalid(at.Field("httpGet").FieldIndex("httpHeaders", i).Field("name"), "header name", h.http.HTTPHeaders[i].Name, "use letters, digits and -", validation.IsHTTPHeaderName)
		}
	case h.tcp != nil:
		l.port(at.Field("tcpSocket", "port"), noun, h.tcp.Port)
	case h.grpc != nil:
		l.port(at.Field("grpc", "port"), noun, intstr.FromInt32(h.grpc.Port))
	case h.sleep.Seconds < 0:
		n := strconv.FormatInt(h.sleep.Seconds, 10)
		l.add(at.Field("sleep", "seconds"), n, "has a "+noun+" that sleeps "+n+" seconds", "use a positive number")
	}
}

// port checks the port that a probe connects to.
func (l *problems) port(at diag.Path, noun string, p intstr.IntOrString) {
	switch {
	case p.Type == intstr.String && p.StrVal != "":
		l.portName(at, p.StrVal)
	case p.Type == intstr.String || p.IntVal == 0:
		l.missing(at, "has a "+noun+" without a port", "set port")
	default:
		l.portNumber(at, int(p.IntVal))
	}
}

// maxID is the largest ID of a user or a group.
const maxID = 1<<31 - 1

func (l *problems) id(name string, id *int64) {
	if id != nil && (*id < 0 || *id > maxID) {
		n := strconv.FormatInt(*id, 10)
		l.add(diag.Fields(name), n, "sets "+name+" to "+n+", but IDs go from 0 to 2147483647", "use another ID, or remove it")
	}
}

// Security returns the problems of the IDs in the security context of a container.
func Security(c *corev1.SecurityContext) []Problem {
	if c == nil {
		return nil
	}
	var l problems
	l.id("runAsUser", c.RunAsUser)
	l.id("runAsGroup", c.RunAsGroup)
	return l
}

// PodSecurity returns the problems of the IDs in the security context of a pod.
func PodSecurity(c *corev1.PodSecurityContext) []Problem {
	if c == nil {
		return nil
	}
	var l problems
	l.id("runAsUser", c.RunAsUser)
	l.id("runAsGroup", c.RunAsGroup)
	l.id("fsGroup", c.FSGroup)
	for i := range c.SupplementalGroups {
		var item problems
		item.id("supplementalGroups", &c.SupplementalGroups[i])
		for _, p := range item {
			p.Path = p.Path.Index(i)
			l = append(l, p)
		}
	}
	return l
}

// IsExtended reports whether a resource is one that devices or operators provide, such as
// nvidia.com/gpu. Its amount is a whole number, and its request is its limit.
func IsExtended(name string) bool {
	return strings.Contains(name, "/") && !strings.Contains(name, "kubernetes.io/")
}

// NeedsLimit reports whether a request for a resource needs an equal limit.
func NeedsLimit(name string) bool { return IsExtended(name) || strings.HasPrefix(name, "hugepages-") }

// What is wrong with an amount of a resource.
const (
	Negative = "a negative amount"
	Fraction = "not a whole number"
)

// Amount returns what is wrong with an amount of a resource, "" if nothing is.
func Amount(name string, amount resource.Quantity) string {
	switch {
	case amount.Sign() < 0:
		return Negative
	case IsExtended(name) && amount.MilliValue()%1000 != 0:
		return Fraction
	}
	return ""
}

// IsResourceName reports whether the API server accepts the name of a resource with a
// domain in it.
func IsResourceName(name string) bool {
	if !strings.Contains(name, "/") || isOpen(name) {
		return true
	}
	if IsExtended(name) {
		return !strings.HasPrefix(name, "requests.") && len(validation.IsQualifiedName("requests."+name)) == 0
	}
	return len(validation.IsQualifiedName(name)) == 0
}
