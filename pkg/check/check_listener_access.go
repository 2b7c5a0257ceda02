package check

import (
	"cmp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/tekref"
)

// What a listener's pod lists and watches, before it answers anybody.
var (
	watchedHere       = []string{"eventlisteners", "interceptors", "triggerbindings", "triggers", "triggertemplates"}
	watchedEverywhere = []string{"clusterinterceptors", "clustertriggerbindings"}
)

// The ClusterRoles that come with Tekton Triggers.
const (
	listenerRole        = "tekton-triggers-eventlistener-roles"
	listenerClusterRole = "tekton-triggers-eventlistener-clusterroles"
)

// lacking are the rights that an account does not have, in words, and what
// would give them.
type lacking struct {
	words []string
	helps []string
}

func (l *lacking) add(words, help string) {
	if !slices.Contains(l.words, words) {
		l.words = append(l.words, words)
	}
	if !slices.Contains(l.helps, help) {
		l.helps = append(l.helps, help)
	}
}

// listenerAccess checks that the account of a listener may do what the listener
// does, and those of its triggers what they create: row 72. What the set does
// not tell is left alone.
func (c *checker) listenerAccess(l *entry) {
	spec := &l.event.listener.Spec
	own, s := spec.ServiceAccountName, in(l, "spec.serviceAccountName")
	if k := spec.Resources.KubernetesResource; k != nil && k.Template.Spec.ServiceAccountName != "" {
		own, s = k.Template.Spec.ServiceAccountName, in(l, "spec.resources.kubernetesResource.spec.template.spec.serviceAccountName")
	}
	unset := own == ""
	own = cmp.Or(own, "default")
	ns := l.ref.Namespace
	if own != "default" && c.profile.Complete && c.find("ServiceAccount", ns, own) == nil {
		return // the account itself is missing
	}
	var miss lacking
	if many := c.watches(l, own, ns, &miss); many == 0 {
		c.creations(l, own, &miss)
	}
	if len(miss.words) > 0 {
		c.fail(s, "access-missing", own, "account "+q(own)+" of "+l.ref.String()+" may not "+inWords(miss.words), strings.Join(miss.helps, "; "))
	} else if unset && spec.Resources.CustomResource == nil && c.may(own, ns, ns, right{verb: "list", group: "triggers.tekton.dev", resource: "triggers"}) == undecided {
		c.note(s, "access-missing", own, l.ref.String()+" names no account, so it gets \"default\" of its namespace, which may read no triggers unless some binding lets it",
			"set serviceAccountName to an account with ClusterRole "+q(listenerRole))
	}
}

// watches looks at what the pod itself reads. It returns how many rights are
// missing if all are: then nothing is bound at all, which is enough to say.
func (c *checker) watches(l *entry, own, ns string, miss *lacking) int {
	here, where := ns, " in its namespace"
	spec := &l.event.listener.Spec
	many := len(spec.NamespaceSelector.MatchNames) > 0
	for i := range spec.TriggerGroups {
		many = many || len(spec.TriggerGroups[i].TriggerSelector.NamespaceSelector.MatchNames) > 0
	}
	help := "bind ClusterRole " + q(listenerRole) + " to it with a RoleBinding"
	if many {
		here, where, help = "*", " in all namespaces", "bind ClusterRole "+q(listenerRole)+" to it with a ClusterRoleBinding"
	}
	denies := func(in string, resources []string) (out []string) {
		for _, r := range resources {
			for _, verb := range [...]string{"list", "watch"} {
				if c.may(own, ns, in, right{verb: verb, group: "triggers.tekton.dev", resource: r}) == denied && !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
		}
		return out
	}
	a := denies(here, watchedHere)
	if len(a) > 0 {
		miss.add("list and watch "+inWords(a)+where, help)
	}
	b := denies("*", watchedEverywhere)
	if len(b) > 0 {
		miss.add("list and watch "+inWords(b), "bind ClusterRole "+q(listenerClusterRole)+" to it with a ClusterRoleBinding")
	}
	if !many && len(a)+len(b) == len(watchedHere)+len(watchedEverywhere) {
		miss.words = []string{"do what a listener does: none of its roles lets it read its triggers, or create anything"}
		return len(a) + len(b)
	}
	return 0
}

// creations looks at what the triggers of a listener create, and by whom.
func (c *checker) creations(l *entry, own string, miss *lacking) {
	for _, t := range c.triggersOf(l) {
		namespace := t.spot.ref.Namespace
		created := c.created(t)
		if t.account == "" {
			for _, x := range created {
				if c.may(own, l.ref.Namespace, cmp.Or(x.namespace, namespace), x.right) == denied {
					miss.add(x.words(), x.help())
				}
			}
			continue
		}
		if c.may(own, l.ref.Namespace, namespace, right{"impersonate", "", "serviceaccounts", t.account}) == denied {
			miss.add("impersonate account "+q(t.account), "let it impersonate serviceaccounts named "+q(t.account))
		}
		var theirs lacking
		for _, x := range created {
			if c.may(t.account, namespace, cmp.Or(x.namespace, namespace), x.right) == denied {
				theirs.add(x.words(), x.help())
			}
		}
		if len(theirs.words) > 0 {
			c.fail(t.spot.field("serviceAccountName"), "access-missing", t.account, "account "+q(t.account)+" of "+t.label+" may not "+inWords(theirs.words), strings.Join(theirs.helps, "; "))
		}
	}
}

// creation is the right to create what a template creates.
type creation struct {
	right
	namespace string // "" for that of the trigger
}

func (x creation) words() string {
	words := "create " + x.resource
	if x.group != "" {
		words += "." + x.group
	}
	if x.namespace != "" {
		words += " in namespace " + q(x.namespace)
	}
	return words
}

func (x creation) help() string {
	if x.group == "tekton.dev" && (x.resource == "pipelineruns" || x.resource == "taskruns") && x.namespace == "" {
		return "bind ClusterRole " + q(listenerRole) + " to it with a RoleBinding, or a Role of your own with that right"
	}
	where := ""
	if x.namespace != "" {
		where = " in namespace " + q(x.namespace)
	}
	return "bind a Role" + where + ` to it with apiGroups: ["` + x.group + `"], resources: ["` + x.resource + `"], verbs: ["create"]`
}

// created lists what the template of a trigger creates.
func (c *checker) created(t *eventTrigger) []creation {
	spec, _, _ := c.templateOf(t)
	if spec == nil {
		return nil
	}
	var out []creation
	for i := range spec.ResourceTemplates {
		content, ok := bodyContent(spec.ResourceTemplates[i].Raw)
		if !ok {
			continue
		}
		version, _ := content["apiVersion"].(string)
		kind, _ := content["kind"].(string)
		if version == "" || kind == "" || tekref.Contains(version+kind) {
			continue
		}
		metadata, _ := content["metadata"].(map[string]any)
		namespace, _ := metadata["namespace"].(string)
		if tekref.Contains(namespace) || !kinds.Namespaced(schema.FromAPIVersionAndKind(version, kind).GroupKind()) {
			continue
		}
		plural, _ := meta.UnsafeGuessKindToResource(schema.FromAPIVersionAndKind(version, kind))
		x := creation{right{verb: "create", group: plural.Group, resource: plural.Resource}, namespace}
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// inWords joins words: a, b and c.
func inWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
