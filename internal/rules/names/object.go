package names

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/rule"
)

// objectName reports a name or a namespace that the API server rejects.
func objectName(p *rule.Pass) {
	e := p.Entry
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return
	}
	at, name := p.At("metadata", "name"), m.GetName()
	if name == "" {
		at, name = p.At("metadata", "generateName"), m.GetGenerateName()
	}
	switch {
	case e.Event.Listener != nil:
		if !listenerName(p, m) {
			kubeName(p, at, name, m.GetName() == "")
		}
	case e.IsTekton(), e.CustomRun != nil, e.Policy != nil, e.Event.Trigger != nil, e.Event.Binding != nil, e.Event.Template != nil:
		if !tektonName(p, at, name, m.GetName() == "" || e.IsGenerated()) && !e.IsTekton() {
			kubeName(p, at, name, m.GetName() == "")
		}
	default:
		kubeName(p, at, name, m.GetName() == "")
	}
	namespace := m.GetNamespace()
	if form := naming.DNSLabel(); namespace != "" && !e.IsFilledIn(namespace) && e.IsNamespaced() && len(form.Problems(namespace)) > 0 {
		p.Error(p.At("metadata", "namespace"), namespace, "the namespace "+phrase.Quote(namespace)+" is not "+form.Form, form.Help)
	}
}

// tektonName checks the name of a Tekton object, and reports whether it is invalid.
func tektonName(p *rule.Pass, at facts.Spot, name string, generated bool) bool {
	e := p.Entry
	if name == "" {
		p.Error(p.At("metadata"), "", "this "+e.Ref.Kind+" has no name", "set metadata.name, or generateName for a run")
		return true
	}
	full := name
	if generated { // the API server cuts it, so that there is room for its five characters
		name = strings.TrimRight(name[:min(len(name), 58)], "-.") + "-x"
	}
	switch {
	case tekref.Contains(full) && (e.Within != nil || facts.OfTemplate(full)), e.IsFilledIn(full): // the final name is not known
		return fixedPart(p, at, full, generated, naming.DNSName())
	case len(name) > 63:
		p.Error(at, name, "the name "+phrase.Quote(name)+" is longer than 63 characters", "shorten it")
		return true
	case len(validation.IsDNS1123Subdomain(name)) > 0:
		p.Error(at, name, "the name "+phrase.Quote(e.Ref.Name)+" is not a DNS name", dnsHelp)
		return true
	}
	return false
}

// listenerName checks the name of an EventListener, which is part of the name of its
// Service, el-NAME, and reports whether it is invalid.
func listenerName(p *rule.Pass, m metav1.Object) bool {
	name, at := m.GetName(), p.At("metadata", "name")
	switch {
	case name == "" && m.GetGenerateName() == "":
		p.Error(p.At("metadata"), "", "this EventListener has no name", "set metadata.name")
	case len(name) > 60:
		p.Error(at, name, "the name "+phrase.Quote(name)+" is longer than 60 characters, but the Service of the EventListener is called el-"+name, "shorten it")
	case name != "" && len(validation.IsDNS1035Label("el-"+name)) > 0:
		p.Error(at, name, "the name "+phrase.Quote(name)+" is not a DNS label, but the Service of the EventListener is called el-"+name, dnsHelp)
	default:
		return false
	}
	return true
}

// kubeName checks the name of an object that does not belong to Tekton Pipelines.
func kubeName(p *rule.Pass, at facts.Spot, name string, generated bool) {
	e := p.Entry
	if name == "" {
		nameless(p)
		return
	}
	if e.IsFilledIn(name) {
		fixedPart(p, at, name, generated, nameForm(e))
		return
	}
	if generated {
		name = strings.TrimRight(name, "-.") + "-x"
	}
	if form := nameForm(e); len(form.Problems(name)) > 0 {
		p.Error(at, name, "the name "+phrase.Quote(e.Ref.Name)+" is not "+form.Form, form.Help)
	}
}

// fixedPart checks what a TriggerTemplate itself writes into a name, and reports whether
// it is invalid: with any value of the params, so is the name. The
// letter that stands for a value is valid at every place.
func fixedPart(p *rule.Pass, at facts.Spot, name string, generated bool, form naming.Rule) bool {
	if !facts.OfTemplate(name) || strings.Contains(name, "{{") {
		return false
	}
	known := tekref.Replace(name, func(tekref.Match) string { return "a" })
	if generated {
		known = strings.TrimRight(known, "-.") + "-x"
	}
	if len(known) > validation.DNS1123LabelMaxLength || len(form.Problems(known)) == 0 {
		return false
	}
	p.Error(at, name, "the name "+phrase.Quote(name)+" is not "+form.Form+" with any value of its params", form.Help)
	return true
}

func nameless(p *rule.Pass) {
	e := p.Entry
	if b := e.Body(); b != nil {
		if !strings.Contains(b.Kind, "$(") && !(strings.HasPrefix(e.Ref.APIVersion, "tekton.dev/") && kinds.New("tekton.dev/v1", b.Kind) != nil) {
			p.Error(p.At("metadata"), "", "the "+b.Kind+" of "+b.Template.Label+" has no name", "set metadata.generateName")
			return
		}
	}
	if o, ok := e.Object.Object.(*unstructured.Unstructured); ok && o.Object["metadata"] == nil && e.Body() == nil {
		return // a configuration file of a tool, which looks like an object
	}
	if e.Ref.Kind != "" && e.Ref.APIVersion != "" && !strings.HasSuffix(e.Ref.Kind, "List") {
		p.Error(p.At("metadata"), "", "this "+e.Ref.Kind+" has no name", "set metadata.name")
	}
}

// nameForm returns the rule for the name of an object.
func nameForm(e *rule.Entry) naming.Rule {
	switch e.Group() {
	case "":
		switch e.Ref.Kind {
		case "Namespace":
			return naming.DNSLabel()
		case "Service":
			return naming.Service()
		}
		return naming.DNSName()
	case "apps", "batch", "networking.k8s.io", "tekton.dev", "triggers.tekton.dev", "resolution.tekton.dev":
		return naming.DNSName()
	}
	return naming.New(brokenSegment, "a valid path segment", "remove / and %")
}

// brokenSegment checks a name that only has to be a path segment.
func brokenSegment(s string) []string {
	if s == "" || s == "." || s == ".." || strings.ContainsAny(s, "/%") {
		return []string{"not a path segment"}
	}
	return nil
}

// secretKeys reports keys of a Secret that the API server rejects.
func secretKeys(p *rule.Pass) {
	o, ok := p.Entry.Kube.(*corev1.Secret)
	if !ok || p.Entry.IsCopy() {
		return
	}
	for _, k := range p.Entry.Keys() {
		if len(validation.IsConfigMapKey(k)) > 0 && !tekref.Contains(k) {
			p.Error(p.Entry.KeySpot(o, k), k, "the API server rejects the key "+phrase.Quote(k)+" of "+p.Entry.Ref.String(), "use only letters, digits, ., _ and -")
		}
	}
}
