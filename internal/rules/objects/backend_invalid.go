package objects

import (
	_ "embed"
	"fmt"
	"strconv"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed backend-invalid.md
var backendInvalidText string

var backendInvalid = &rule.Rule{
	Code:     "backend-invalid",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     backendInvalidText,
	Kinds:    []string{"Ingress"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		if !p.Entry.IsCopy() {
			p.Entry.EachBackend(func(s facts.Spot, b *networkingv1.IngressBackend) { backend(p, s, b) })
		}
	},
}

// backend checks a backend of an Ingress.
func backend(p *rule.Pass, s facts.Spot, b *networkingv1.IngressBackend) {
	ref := p.Entry.Ref
	switch {
	case b.Service == nil && b.Resource == nil:
		p.Error(s, ref.Name, "a backend of "+ref.String()+" is empty", "set service.name and service.port")
		return
	case b.Service != nil && b.Resource != nil:
		p.Error(s, ref.Name, "a backend of "+ref.String()+" has both a service and a resource", "keep one of them")
		return
	case b.Service == nil:
		return
	}
	name, port, at := b.Service.Name, b.Service.Port, s.Field("service")
	switch {
	case name == "":
		p.Error(at, ref.Name, "a backend of "+ref.String()+" has no service name", "set service.name")
	case !tekref.Contains(name) && len(validation.IsDNS1035Label(name)) > 0:
		p.Error(at.Field("name"), name, phrase.Quote(name)+" is not a valid Service name", dnsHelp+", and a letter first")
	case port.Name == "" && port.Number == 0:
		p.Error(at, name, "the backend "+phrase.Quote(name)+" has no port", "set service.port.number or service.port.name")
	case port.Name != "" && port.Number != 0:
		p.Error(at.Field("port"), name, "the port of backend "+phrase.Quote(name)+" has both a name and a number", "keep one of them")
	case !facts.ValidPort(port):
		p.Error(at.Field("port", "number"), strconv.Itoa(int(port.Number)), fmt.Sprintf("port %d of backend %q is not valid", port.Number, name), "use a port from 1 to 65535")
	}
}
