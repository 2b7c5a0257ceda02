package rbac

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed rbac-missing.md
var rbacMissingText string

var rbacMissing = &rule.Rule{
	Code:     "rbac-missing",
	Severity: diag.Error,
	Topic:    "rbac",
	Text:     rbacMissingText,
	Kinds:    []string{"EventListener", "Trigger"},
	Needs:    []rule.Fact{rule.Objects, rule.Events, rule.RBAC},
	Run: func(p *rule.Pass) {
		switch e := p.Entry; {
		case e.Event.Listener != nil && e.HasTriggers():
			listenerAccess(p)
		case e.Event.Trigger != nil:
			for _, t := range e.Triggers() {
				if len(t.Users()) > 0 {
					theirs(p, t)
				}
			}
		}
	},
}

// The resources that the pod of an EventListener lists and watches before it serves
// requests.
var (
	watchedHere       = []string{"eventlisteners", "interceptors", "triggerbindings", "triggers", "triggertemplates"}
	watchedEverywhere = []string{"clusterinterceptors", "clustertriggerbindings"}
)

// The ClusterRoles that come with Tekton Triggers.
const (
	listenerRole        = "tekton-triggers-eventlistener-roles"
	listenerClusterRole = "tekton-triggers-eventlistener-clusterroles"
)

// lacking lists the permissions that a service account lacks, in words, and how to
// grant them.
type lacking struct {
	words, helps []string
	seen         map[string]bool
}

func (l *lacking) add(words, help string) {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	if !l.seen[words] {
		l.words, l.seen[words] = append(l.words, words), true
	}
	if !l.seen[help] {
		l.helps, l.seen[help] = append(l.helps, help), true
	}
}

func may(p *rule.Pass, account, namespace, in string, want rbac.Permission) facts.Answer {
	return p.Set.May(account, namespace, in, want, p.Profile.Complete)
}

// listenerAccess reports permissions that the service account of an EventListener or
// of one of its triggers lacks. Nothing is reported if the checked objects do not
// determine the answer.
func listenerAccess(p *rule.Pass) {
	l := p.Entry
	spec := &l.Event.Listener.Spec
	own, s, known := l.ListenerAccount()
	if !known {
		return
	}
	unset := own == ""
	own = cmp.Or(own, "default")
	ns := l.Ref.Namespace
	if own != "default" && p.Profile.Complete && p.Set.Find("ServiceAccount", ns, own, l) == nil {
		return // the service account itself does not exist
	}
	if p.Profile.HasObject("ServiceAccount", ns, own) {
		return // the cluster may have more roles for it
	}
	var miss lacking
	if !watches(p, own, ns, &miss) {
		creations(p, own, &miss)
	}
	if len(miss.words) > 0 {
		p.Error(s, own, "service account "+phrase.Quote(own)+" of "+l.Ref.String()+" lacks permission to "+inWords(miss.words), inSteps(miss.helps))
	} else if unset && spec.Resources.CustomResource == nil && may(p, own, ns, ns, rbac.Permission{Verb: "list", Group: "triggers.tekton.dev", Resource: "triggers"}) == facts.Undecided {
		p.Note(s, own, l.Ref.String()+" sets no service account, so it uses \"default\", which lacks permission to read triggers unless a binding allows it",
			"set serviceAccountName to a service account with ClusterRole "+phrase.Quote(listenerRole))
	}
}

// watches checks what the pod of the EventListener itself reads. It reports whether it
// can read nothing at all, in which case no role is bound and that is all to report.
func watches(p *rule.Pass, own, ns string, miss *lacking) bool {
	here, where := ns, " in its namespace"
	spec := &p.Entry.Event.Listener.Spec
	many := len(spec.NamespaceSelector.MatchNames) > 0
	for i := range spec.TriggerGroups {
		many = many || len(spec.TriggerGroups[i].TriggerSelector.NamespaceSelector.MatchNames) > 0
	}
	help := "bind ClusterRole " + phrase.Quote(listenerRole) + " to it with a RoleBinding"
	if many {
		here, where, help = "*", " in all namespaces", "bind ClusterRole "+phrase.Quote(listenerRole)+" to it with a ClusterRoleBinding"
	}
	denies := func(in string, resources []string) (out []string) {
		for _, r := range resources {
			for _, verb := range [...]string{"list", "watch"} {
				if may(p, own, ns, in, rbac.Permission{Verb: verb, Group: "triggers.tekton.dev", Resource: r}) == facts.Denied && !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
		}
		return out
	}
	watch := func(resources []string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{"triggers.tekton.dev"}, Resources: resources, Verbs: []string{"list", "watch"}}
	}
	a := denies(here, watchedHere)
	if len(a) > 0 {
		miss.add("list and watch "+inWords(a)+where, granting(p, own, ns, here, watch(a), help))
	}
	b := denies("*", watchedEverywhere)
	if len(b) > 0 {
		miss.add("list and watch "+inWords(b), granting(p, own, ns, "*", watch(b), "bind ClusterRole "+phrase.Quote(listenerClusterRole)+" to it with a ClusterRoleBinding"))
	}
	if !many && len(a)+len(b) == len(watchedHere)+len(watchedEverywhere) {
		miss.words = []string{"read its triggers or create anything: none of its roles allows it"}
		return true
	}
	return false
}

// granting returns how to grant what a rule allows: in a role of the set that the service
// account has already, or in another way.
func granting(p *rule.Pass, account, namespace, in string, want rbacv1.PolicyRule, other string) string {
	role := p.Set.RoleFor(account, namespace, in, want.APIGroups[0])
	if role == nil {
		return other
	}
	help := "add to " + role.Ref.String() + " the rule " + asText(want)
	if name := role.Ref.Name; role.Ref.Kind == "ClusterRole" && (name == listenerRole || name == listenerClusterRole) {
		help += ", or use the one that Tekton Triggers installs"
	}
	return help
}

// ruleFor returns the rule that grants a permission.
func ruleFor(want rbac.Permission) rbacv1.PolicyRule {
	r := rbacv1.PolicyRule{APIGroups: []string{want.Group}, Resources: []string{want.Resource}, Verbs: []string{want.Verb}}
	if want.Name != "" {
		r.ResourceNames = []string{want.Name}
	}
	return r
}

// asText returns a rule as YAML in one line.
func asText(r rbacv1.PolicyRule) string {
	list := func(values []string) string {
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = phrase.Quote(v)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	text := "apiGroups: " + list(r.APIGroups) + ", resources: " + list(r.Resources) + ", verbs: " + list(r.Verbs)
	if len(r.ResourceNames) > 0 {
		text += ", resourceNames: " + list(r.ResourceNames)
	}
	return text
}

// maxNeeds is the number of different permissions that are checked for one listener. A
// finding check-limit says if there are more.
const maxNeeds = 256

// creations checks what the triggers of an EventListener create, and with which
// service account.
func creations(p *rule.Pass, own string, miss *lacking) {
	l := p.Entry
	n := 0
	for x := range l.ListenerNeeds() {
		if n++; n > maxNeeds {
			l.LeaveOut("the triggers of "+l.Ref.String()+" need more than "+phrase.Itoa(maxNeeds)+" permissions; the others have not been checked", "use several EventListeners")
			break
		}
		if x.Account != "" {
			want := rbac.Permission{Verb: "impersonate", Resource: "serviceaccounts", Name: x.Account}
			if may(p, own, l.Ref.Namespace, x.Namespace, want) == facts.Denied {
				miss.add("impersonate service account "+phrase.Quote(x.Account), "bind it to a Role with the rule "+asText(ruleFor(want)))
			}
		} else if in := cmp.Or(x.Creation.Namespace, x.Namespace); may(p, own, l.Ref.Namespace, in, x.Creation.Permission) == facts.Denied {
			miss.add(words(x.Creation), granting(p, own, l.Ref.Namespace, in, ruleFor(x.Creation.Permission), help(x.Creation)))
		}
	}
	for _, t := range l.Triggers() {
		theirs(p, t)
	}
}

// theirs reports permissions that the service account of a trigger itself lacks.
func theirs(p *rule.Pass, t *facts.Trigger) {
	if t.Account == "" {
		return
	}
	namespace := t.Spot.Entry.Ref.Namespace
	var miss lacking
	for _, x := range t.Creates() {
		if in := cmp.Or(x.Namespace, namespace); may(p, t.Account, namespace, in, x.Permission) == facts.Denied {
			miss.add(words(x), granting(p, t.Account, namespace, in, ruleFor(x.Permission), help(x)))
		}
	}
	if len(miss.words) > 0 {
		p.Error(t.Spot.Field("serviceAccountName"), t.Account, "service account "+phrase.Quote(t.Account)+" of "+t.Label+" lacks permission to "+inWords(miss.words), inSteps(miss.helps))
	}
}

func words(x facts.Creation) string {
	words := "create " + x.Resource
	if x.Group != "" {
		words += "." + x.Group
	}
	if x.Namespace != "" {
		words += " in namespace " + phrase.Quote(x.Namespace)
	}
	return words
}

func help(x facts.Creation) string {
	if x.Group == "tekton.dev" && (x.Resource == "pipelineruns" || x.Resource == "taskruns") && x.Namespace == "" {
		return "bind ClusterRole " + phrase.Quote(listenerRole) + " to it with a RoleBinding"
	}
	where := ""
	if x.Namespace != "" {
		where = "in namespace " + phrase.Quote(x.Namespace) + ", "
	}
	return where + "bind it to a Role with the rule " + asText(ruleFor(x.Permission))
}

// inSteps joins the ways to grant permissions, which are all needed: (1) a (2) b.
func inSteps(helps []string) string {
	if len(helps) < 2 {
		return strings.Join(helps, "")
	}
	var b strings.Builder
	for i, h := range helps {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString("(" + phrase.Itoa(i+1) + ") " + h)
	}
	return b.String()
}

// inWords joins words: a, b and c. Permissions that are lists themselves are
// separated by semicolons.
func inWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	if strings.HasPrefix(words[0], "list and watch ") || strings.HasPrefix(words[len(words)-1], "impersonate ") {
		return strings.Join(words, "; ")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
