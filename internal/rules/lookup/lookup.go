// Package lookup implements the rules about references to objects that are not among
// the checked files. Each kind has two rules: in one, the object is certainly missing
// or its name misspelled; in the other, it may exist elsewhere in the cluster.
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

// Unknown reports references to objects of the kinds that are certainly wrong: the
// profile is complete, or the name is almost that of a checked object.
func Unknown(p *rule.Pass, kinds ...string) { needs(p, true, kinds) }

// External reports references to objects of the kinds that are not among the checked
// files, but may exist in the cluster.
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
		return // reported as misspelled
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
		other = "add it to the checked files"
	}
	if same := p.Set.Same(n.Kind, n.Name); len(same) > 0 {
		there := same[0]
		p.Add(n.Spot, severity, n.Name,
			n.Kind+" "+phrase.Quote(n.Name)+" is in namespace "+phrase.Quote(there.Ref.Namespace)+", but it has to be in "+phrase.Quote(n.Namespace),
			"put both into the same namespace", there.At("metadata", "namespace").Related(there.Ref.String()+" is declared"))
		return
	}
	p.Add(n.Spot, severity, n.Name, n.Kind+" "+phrase.Quote(n.Name)+" is not among the checked files: "+without(&n), phrase.Suggest(n.Name, names, other))
}

// without returns what happens if the object does not exist.
func without(n *facts.Need) string {
	if n.Skipped {
		return "it is ignored if it does not exist"
	}
	switch n.For {
	case facts.ForResolver:
		return "the resolver fetches nothing without it"
	case facts.ForEvent:
		return "every event fails without it, and only the log of the EventListener shows it"
	case facts.ForTrigger:
		return "the EventListener skips it if it does not exist, and only logs that"
	case facts.ForInterceptor:
		return "every event is rejected without it, and only the log of the EventListener shows it"
	case facts.ForWebhook:
		return "every event is rejected without it"
	case facts.ForListener:
		return "the pod of the EventListener does not start without it"
	case facts.ForCertificate:
		return "the Ingress controller serves a certificate that no client trusts"
	case facts.ForSubject:
		return "the binding grants nothing without it"
	}
	switch n.Kind {
	case "Secret", "ConfigMap":
		return "the pod does not start without it"
	case "PersistentVolumeClaim":
		return "the pod stays Pending without it"
	case "ServiceAccount":
		return "no pod is created without it"
	case "Role", "ClusterRole":
		return "the binding grants nothing without it"
	case "Service":
		return "the Ingress responds with 503 without it"
	}
	return ""
}

// elsewhere returns the help for a name that probably means a ClusterRole that comes
// with Kubernetes or Tekton, or the Service of an EventListener; "" for others.
func elsewhere(p *rule.Pass, n *facts.Need) string {
	switch {
	case n.Kind == "ClusterRole":
		names := append(rbac.StandardRoleNames(), "admin", "edit", "view")
		if near := suggest.Name(n.Name, names); near != "" && (len(near) > 5 || suggest.Alike(near, n.Name)) {
			return "did you mean " + phrase.Quote(near) + "?"
		}
	case n.Port != nil:
		if p.Set.Find("EventListener", n.Namespace, n.Name, p.Entry) != nil {
			return "use " + phrase.Quote("el-"+n.Name) + ", the Service of EventListener " + phrase.Quote(n.Name)
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

// NearInterceptor returns the ClusterInterceptor whose name is most similar, among
// the checked ones and those that come with Tekton Triggers; "" if none is similar.
func NearInterceptor(p *rule.Pass, name string) string {
	return suggest.Name(name, append(slices.Clone(p.Set.Names("ClusterInterceptor")), facts.CoreInterceptors...))
}

// UnknownRef reports references to Tasks, Pipelines or StepActions that are certainly
// wrong: the profile is complete, or the name is almost that of a checked object.
func UnknownRef(p *rule.Pass, kind string) { refs(p, true, kind) }

// ExternalRef reports references to Tasks, Pipelines or StepActions that are not
// among the checked files, but may exist in the cluster.
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
		message, help := kind+" "+phrase.Quote(r.Name)+" is not among the checked files", "add it to the checked files"
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
			p.Note(at, r.Name, message+": the values passed to it cannot be checked", help)
		}
	}
}
