// Package lookup implements the rules about references to objects that are not among
// the checked objects. Each kind has two rules: in one, the object is certainly missing
// or its name misspelled; in the other, it may exist elsewhere in the cluster.
package lookup

import (
	"cmp"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/podspec"
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

// Rejected reports what the API server rejects in the part of a pod at the spot. The label
// begins the sentences.
func Rejected(p *rule.Pass, at facts.Spot, label string, list []podspec.Problem) {
	for _, x := range list {
		if x.Missing && at.Entry.Within != nil && at.To(at.Path.Join(x.Path)).IsWritten() {
			continue // an event would set it, which the rule field-type reports
		}
		help := x.Help
		if help == "" {
			help = phrase.OneOf(x.Subject, x.Options)
		}
		p.Error(at.To(at.Path.Join(x.Path)), x.Subject, label+" "+x.Message+": the API server rejects the pod", help).Misspelled(x.Subject, x.Options)
	}
}

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
	surely := suggest.IsTypo(n.Name, names)
	if unknown != (p.Profile.Complete || surely) {
		return
	}
	if p.Again(scope(p, unknown, p.Entry.Root()), n.Kind+" "+n.Namespace+" "+n.Name, n.Spot) {
		return
	}
	severity, other := diag.Error, cmp.Or(elsewhere(p, &n), addHelp)
	switch {
	case !p.Profile.Complete && surely:
		severity = diag.Warning
	case !p.Profile.Complete:
		severity = diag.Note
	case n.Skipped:
		severity = diag.Warning
	}
	if same := p.Set.Same(n.Kind, n.Name); len(same) > 0 {
		there, user := same[0], p.Entry.Label()
		help := "move " + there.Ref.String() + " to namespace " + phrase.Quote(n.Namespace)
		if p.Entry.Namespace() == n.Namespace {
			help += ", or " + user + " to namespace " + phrase.Quote(there.Ref.Namespace)
		}
		fails := without(&n)
		if !p.Profile.Complete {
			fails = "if it does not exist there, " + fails
		}
		p.Add(n.Spot, severity, n.Name,
			there.Ref.String()+" is in namespace "+phrase.Quote(there.Ref.Namespace)+", but "+user+" needs one in namespace "+phrase.Quote(n.Namespace)+": "+fails,
			help, there.At("metadata", "namespace").Related(there.Ref.String()+" is declared here"))
		return
	}
	r := p.Add(n.Spot, severity, n.Name, n.Kind+" "+phrase.Quote(n.Name)+missing+without(&n), phrase.Suggest(n.Name, names, other))
	if surely {
		r.Misspelled(n.Name, names)
	}
}

// scope is where a missing object is reported once: for what is surely wrong, within each
// object that refers to it; for what may be in the cluster, in the whole set.
func scope(p *rule.Pass, unknown bool, referrer *facts.Entry) any {
	if unknown {
		return referrer
	}
	return p.Set
}

const (
	missing = " is not among the checked objects: if it is not in the cluster either, "
	addHelp = "add it to the checked objects, or list it under \"exists\" in the profile"
)

// without returns what happens if the object does not exist.
func without(n *facts.Need) string {
	switch {
	case n.For == facts.ForPull:
		return "images are pulled without it, and no error is reported"
	case n.Skipped && n.Kind == "Secret":
		return "runs that use the ServiceAccount get no credentials from it, and no error is reported"
	case n.Skipped:
		return "the EventListener finds no Triggers in it, and no error is reported"
	}
	switch n.For {
	case facts.ForResolver:
		return "the resolver fetches nothing"
	case facts.ForEvent:
		return "every event fails, and only the log of the EventListener shows why"
	case facts.ForTrigger:
		return "the EventListener skips the Trigger, and only the log of the EventListener shows that"
	case facts.ForInterceptor:
		return "every event is rejected, and only the log of the EventListener shows why"
	case facts.ForWebhook:
		return "every event is rejected"
	case facts.ForListener:
		return "the pod of the EventListener does not start"
	case facts.ForCertificate:
		return "the Ingress controller serves a certificate that no client trusts"
	case facts.ForSubject:
		return "the binding grants nothing"
	}
	switch n.Kind {
	case "Secret", "ConfigMap":
		return "the pod does not start"
	case "PersistentVolumeClaim":
		return "the pod stays Pending"
	case "ServiceAccount":
		return "no pod is created"
	case "Role", "ClusterRole":
		return "the binding grants nothing"
	case "Service":
		if n.Spot.Entry.Ref.Kind == "HTTPRoute" {
			return "the Gateway responds with 500"
		}
		return "the Ingress responds with 503"
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
		listeners := slices.Clone(suggest.Candidates(p.Set.Names("EventListener")))
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
	return suggest.Name(name, append(slices.Clone(suggest.Candidates(p.Set.Names("ClusterInterceptor"))), facts.CoreInterceptors...))
}

// UnknownRef reports references to Tasks, Pipelines or StepActions that are certainly
// wrong: the profile is complete, or the name is almost that of a checked object.
func UnknownRef(p *rule.Pass, kind string) { refs(p, true, kind) }

// ExternalRef reports references to Tasks, Pipelines or StepActions that are not
// among the checked objects, but may exist in the cluster.
func ExternalRef(p *rule.Pass, kind string) { refs(p, false, kind) }

func refs(p *rule.Pass, unknown bool, kind string) {
	all := p.Entry.Refs()
	for i := range all {
		r := &all[i]
		if r.Kind != kind || !r.Named() || p.Set.Find(kind, p.Entry.Ref.Namespace, r.Name, p.Entry) != nil ||
			p.Profile.HasObject(kind, p.Entry.Ref.Namespace, r.Name) || r.HasSignature() {
			continue
		}
		names := p.Set.Names(kind)
		isFetched := p.Entry.IsFetched(kind)
		complete, surely := p.Profile.Complete && !isFetched, suggest.IsTypo(r.Name, names) && !isFetched
		at := r.Spot.Field("name")
		if unknown != (complete || surely) || p.Again(scope(p, unknown, p.Entry), kind+" "+p.Entry.Ref.Namespace+" "+r.Name, at) {
			continue
		}
		object, help := kind+" "+phrase.Quote(r.Name), addHelp
		meant := suggest.Version(r.Name, names)
		if meant != "" {
			help = "did you mean " + phrase.Quote(meant) + "?"
		}
		switch {
		case complete:
			found := p.Error(at, r.Name, object+missing+"the run fails", help)
			if surely {
				found.Meant(r.Name, meant)
			}
		case surely:
			p.Warning(at, r.Name, object+missing+"the run fails", help).Meant(r.Name, meant)
		default:
			parts := "its params, results and workspaces"
			if kind == "StepAction" {
				parts = "its params and results"
			}
			p.Note(at, r.Name, object+" is not among the checked objects, so "+parts+" are not checked", help)
		}
	}
}
