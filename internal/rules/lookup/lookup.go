// Package lookup has what the rules share which report references to objects that
// are not in the set. For each kind there are two rules: the object is surely
// missing, or misspelt; or it may be elsewhere in the cluster.
package lookup

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Unknown reports the objects of the kinds that the object needs and that are
// surely missing: the set is complete, or the name is nearly one of the set.
func Unknown(p *rule.Pass, kinds ...string) { needs(p, true, kinds) }

// External reports the objects of the kinds that the object needs and that are not
// in the set, but may be in the cluster.
func External(p *rule.Pass, kinds ...string) { needs(p, false, kinds) }

func needs(p *rule.Pass, unknown bool, kinds []string) {
	all := p.Entry.Needs()
	for i := range all {
		if n := all[i]; slices.Contains(kinds, n.Kind) {
			need(p, unknown, n)
		}
	}
}

func need(p *rule.Pass, unknown bool, n facts.Need) {
	if n.Default {
		if n.Name = p.Profile.DefaultServiceAccount; n.Name == "" {
			return
		}
	}
	if n.Optional || n.IsEverywhere() || n.Found() != nil || p.Profile.HasObject(n.Kind, n.Namespace, n.Name) ||
		n.Kind == "Secret" && p.Set.IsMade(n.Namespace, n.Name) {
		return
	}
	if n.Kind == "ClusterInterceptor" && NearInterceptor(p, n.Name) != "" {
		return // told as misspelt
	}
	names := p.Set.Names(n.Kind)
	surely := suggest.Surely(n.Name, names)
	if unknown != (p.Profile.Complete || surely) {
		return
	}
	if root := p.Entry.Root(); p.Again(root, n.Kind+" "+n.Name, n.Spot) {
		return
	}
	severity, other := diag.Error, elsewhere(p, &n)
	switch {
	case !p.Profile.Complete && surely:
		severity = diag.Warning
	case !p.Profile.Complete:
		severity = diag.Note
	case n.Skipped:
		severity = diag.Warning
	}
	if p.Profile.Complete && other == "" {
		other = "add it to the objects"
	}
	if same := p.Set.Same(n.Kind, n.Name); len(same) > 0 {
		there := same[0]
		p.Add(n.Spot, severity, n.Name,
			n.Kind+" "+phrase.Quote(n.Name)+" is in namespace "+phrase.Quote(there.Ref.Namespace)+" of the set, not in "+phrase.Quote(n.Namespace)+", where it is looked for",
			"put both into one namespace", there.At("metadata", "namespace").Related(there.Ref.String()+" is there"))
		return
	}
	p.Add(n.Spot, severity, n.Name, n.Kind+" "+phrase.Quote(n.Name)+" is not among the objects: "+without(&n), phrase.Suggest(n.Name, names, other))
}

// without says what happens without the object.
func without(n *facts.Need) string {
	if n.Skipped {
		return "it is skipped where it is not there"
	}
	switch n.For {
	case facts.ForResolver:
		return "the resolver cannot read what it is to fetch"
	case facts.ForEvent:
		return "every event fails without it, and only the log of the listener says so"
	case facts.ForTrigger:
		return "it is skipped, and only the log of the listener says so"
	case facts.ForInterceptor:
		return "every event is refused without it, and only the log of the listener says so"
	case facts.ForWebhook:
		return "every event is refused without it"
	case facts.ForListener:
		return "it is read when it is needed"
	case facts.ForCertificate:
		return "the controller shows a certificate that no client trusts"
	case facts.ForSubject:
		return "the binding gives nothing without it"
	}
	switch n.Kind {
	case "Secret", "ConfigMap":
		return "the pod does not start without it"
	case "PersistentVolumeClaim":
		return "the pod stays pending without it"
	case "ServiceAccount":
		return "no pod is made without it"
	case "Role", "ClusterRole":
		return "the binding gives nothing without it"
	case "Service":
		return "the Ingress answers 503 without it"
	}
	return ""
}

// elsewhere is the help where the name means something that is not in the set, or
// that has another name there.
func elsewhere(p *rule.Pass, n *facts.Need) string {
	switch {
	case n.Kind == "ClusterRole":
		names := append(rbac.StandardRoleNames(), "admin", "edit", "view")
		if near := suggest.Name(n.Name, names); near != "" && (len(near) > 5 || suggest.Alike(near, n.Name)) {
			return "did you mean " + phrase.Quote(near) + "?"
		}
	case n.Port != nil:
		if p.Set.Find("EventListener", n.Namespace, n.Name, p.Entry) != nil {
			return "the Service of EventListener " + phrase.Quote(n.Name) + " is called " + phrase.Quote("el-"+n.Name)
		}
		listeners := slices.Clone(p.Set.Names("EventListener"))
		for i := range listeners {
			listeners[i] = "el-" + listeners[i]
		}
		if near := suggest.Name(n.Name, listeners); near != "" {
			return "did you mean " + phrase.Quote(near) + "?"
		}
	}
	return ""
}

// NearInterceptor returns the ClusterInterceptor that a name was most likely meant
// to be, of the set or of those that come with Tekton Triggers; "" if none is near.
func NearInterceptor(p *rule.Pass, name string) string {
	return suggest.Name(name, append(slices.Clone(p.Set.Names("ClusterInterceptor")), facts.CoreInterceptors...))
}

// UnknownRef reports references to Tasks, Pipelines or StepActions that are surely
// missing: the set is complete, or the name is nearly one of the set.
func UnknownRef(p *rule.Pass, kind string) { refs(p, true, kind) }

// ExternalRef reports references to Tasks, Pipelines or StepActions that are not in
// the set, but may be in the cluster.
func ExternalRef(p *rule.Pass, kind string) { refs(p, false, kind) }

func refs(p *rule.Pass, unknown bool, kind string) {
	all := p.Entry.Refs()
	for i := range all {
		r := &all[i]
		if r.Kind != kind || !r.Named() || p.Set.Find(kind, p.Entry.Ref.Namespace, r.Name, p.Entry) != nil ||
			p.Profile.HasObject(kind, p.Entry.Ref.Namespace, r.Name) {
			continue
		}
		names := p.Set.Names(kind)
		surely := suggest.Surely(r.Name, names)
		at := r.Spot.Field("name")
		if unknown != (p.Profile.Complete || surely) || p.Again(p.Entry, r.Name, at) {
			continue
		}
		message, help := kind+" "+phrase.Quote(r.Name)+" is not among the objects", "add it to the objects"
		meant := suggest.Version(r.Name, names)
		if meant != "" {
			help = "did you mean " + phrase.Quote(meant) + "?"
		}
		switch {
		case p.Profile.Complete:
			p.Error(at, r.Name, message, help)
		case surely:
			p.Warning(at, r.Name, message, help)
		default:
			if meant == "" {
				help = ""
			}
			p.Note(at, r.Name, message+": what is passed to it cannot be checked", help)
		}
	}
}
