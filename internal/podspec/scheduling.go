package podspec

import (
	"maps"
	"slices"
	"strconv"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/pkg/diag"
)

const (
	keyHelp   = "write prefix/name, with at most 63 letters, digits, -, _ and . in the name"
	valueHelp = "use at most 63 letters, digits, -, _ and ., with a letter or digit at both ends"
	hostHelp  = "use only lower-case letters, digits, . and -"
)

// Template returns the problems of a pod template, except for its env, its volumes and its
// security context.
func Template(t *pod.PodTemplate) []Problem {
	var l problems
	for _, key := range slices.Sorted(maps.Keys(t.NodeSelector)) {
		at := diag.Fields("nodeSelector").Key(key)
		l.invalid(at, "key in its nodeSelector", key, keyHelp, validation.IsQualifiedName)
		l.invalid(at, "value in its nodeSelector", t.NodeSelector[key], valueHelp, validation.IsValidLabelValue)
	}
	for i := range t.Tolerations {
		l.toleration(diag.Fields().FieldIndex("tolerations", i), &t.Tolerations[i])
	}
	for i := range t.HostAliases {
		at, a := diag.Fields().FieldIndex("hostAliases", i), &t.HostAliases[i]
		if !l.lacks(at, "ip", a.IP, "a hostAlias") {
			l.ip(at.Field("ip"), a.IP)
		}
		for j, name := range a.Hostnames {
			l.invalid(at.FieldIndex("hostnames", j), "host name", name, hostHelp, validation.IsDNS1123Subdomain)
		}
	}
	type kind struct{ key, action string }
	seen := map[kind]bool{}
	for i := range t.TopologySpreadConstraints {
		at, c := diag.Fields().FieldIndex("topologySpreadConstraints", i), &t.TopologySpreadConstraints[i]
		l.spread(at, c)
		k := kind{c.TopologyKey, string(c.WhenUnsatisfiable)}
		if seen[k] && k.key != "" && !isOpen(k.key) && !isOpen(k.action) {
			l.add(at.Field("topologyKey"), k.key, "has two topologySpreadConstraints with topologyKey "+quote(k.key)+" and whenUnsatisfiable "+k.action, "remove one of them")
		}
		seen[k] = true
	}
	if t.Affinity != nil {
		l.affinity(t.Affinity)
	}
	l.dns(t)
	return l
}

func (l *problems) toleration(at diag.Path, t *corev1.Toleration) {
	if t.Key != "" {
		l.invalid(at.Field("key"), "key of a toleration", t.Key, keyHelp, validation.IsQualifiedName)
	}
	effect, operator := string(t.Effect), string(t.Operator)
	if t.TolerationSeconds != nil && effect != "NoExecute" && !isOpen(effect) {
		l.add(at.Field("tolerationSeconds"), "", "has a toleration with tolerationSeconds, but without the effect NoExecute", "set effect: NoExecute, or remove tolerationSeconds")
	}
	switch operator {
	case "Exists":
		if t.Value != "" && !isOpen(t.Value) {
			l.add(at.Field("value"), t.Value, "has a toleration with the operator Exists and a value", "remove the value, or use the operator Equal")
		}
		return
	case "", "Equal":
		l.invalid(at.Field("value"), "value of a toleration", t.Value, valueHelp, validation.IsValidLabelValue)
	case "Gt", "Lt": // their values depend on a feature gate
	default:
		return
	}
	if t.Key == "" {
		l.add(at, "", "has a toleration without a key", "set key, or use operator: Exists to tolerate all taints")
	}
}

func (l *problems) ip(at diag.Path, ip string) {
	l.invalid(at, "IP address", ip, "write an IP address", func(ip string) []string {
		var all []string
		for _, err := range validation.IsValidIPForLegacyField(nil, ip, false, nil) {
			all = append(all, err.Detail)
		}
		return all
	})
}

func (l *problems) spread(at diag.Path, c *corev1.TopologySpreadConstraint) {
	const noun = "a topologySpreadConstraint"
	l.lacks(at, "topologyKey", c.TopologyKey, noun)
	if c.MaxSkew <= 0 {
		l.add(at.Field("maxSkew"), "", "has "+noun+" with maxSkew "+strconv.Itoa(int(c.MaxSkew))+", which must be positive", "set maxSkew to at least 1")
	}
	l.lacks(at, "whenUnsatisfiable", string(c.WhenUnsatisfiable), noun)
	if c.MinDomains == nil {
		return
	}
	n := strconv.Itoa(int(*c.MinDomains))
	switch at := at.Field("minDomains"); {
	case *c.MinDomains <= 0:
		l.add(at, n, "has "+noun+" with minDomains "+n+", which must be positive", "use a positive number")
	case c.WhenUnsatisfiable == corev1.ScheduleAnyway:
		l.add(at, n, "has "+noun+" with minDomains, but without whenUnsatisfiable: DoNotSchedule", "remove minDomains")
	}
}

func (l *problems) affinity(a *corev1.Affinity) {
	const required, preferred = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
	if n := a.NodeAffinity; n != nil {
		at := diag.Fields("affinity", "nodeAffinity")
		if r := n.RequiredDuringSchedulingIgnoredDuringExecution; r != nil {
			at := at.Field(required)
			if len(r.NodeSelectorTerms) == 0 {
				l.add(at.Field("nodeSelectorTerms"), "", "has a nodeAffinity without nodeSelectorTerms", "add a term, or remove the affinity")
			}
			for i := range r.NodeSelectorTerms {
				l.nodeTerm(at.FieldIndex("nodeSelectorTerms", i), &r.NodeSelectorTerms[i])
			}
		}
		for i := range n.PreferredDuringSchedulingIgnoredDuringExecution {
			at, t := at.FieldIndex(preferred, i), &n.PreferredDuringSchedulingIgnoredDuringExecution[i]
			l.weight(at, t.Weight)
			l.nodeTerm(at.Field("preference"), &t.Preference)
		}
	}
	pods := func(field string, all []corev1.PodAffinityTerm, weighted []corev1.WeightedPodAffinityTerm) {
		at := diag.Fields("affinity", field)
		for i := range all {
			l.podTerm(at.FieldIndex(required, i), field, &all[i])
		}
		for i := range weighted {
			at := at.FieldIndex(preferred, i)
			l.weight(at, weighted[i].Weight)
			l.podTerm(at.Field("podAffinityTerm"), field, &weighted[i].PodAffinityTerm)
		}
	}
	if p := a.PodAffinity; p != nil {
		pods("podAffinity", p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if p := a.PodAntiAffinity; p != nil {
		pods("podAntiAffinity", p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
}

func (l *problems) weight(at diag.Path, weight int32) {
	if weight < 1 || weight > 100 {
		l.add(at.Field("weight"), "", "has an affinity with weight "+strconv.Itoa(int(weight))+"; weights go from 1 to 100", "set weight to 1 or more")
	}
}

func (l *problems) podTerm(at diag.Path, noun string, t *corev1.PodAffinityTerm) {
	if !l.lacks(at, "topologyKey", t.TopologyKey, "a "+noun) {
		l.invalid(at.Field("topologyKey"), "topologyKey", t.TopologyKey, keyHelp, validation.IsQualifiedName)
	}
}

func (l *problems) nodeTerm(at diag.Path, t *corev1.NodeSelectorTerm) {
	for i := range t.MatchExpressions {
		at, r := at.FieldIndex("matchExpressions", i), &t.MatchExpressions[i]
		if !l.lacks(at, "key", r.Key, "a matchExpression") {
			l.invalid(at.Field("key"), "key in its nodeAffinity", r.Key, keyHelp, validation.IsQualifiedName)
		}
		operator := string(r.Operator)
		l.lacks(at, "operator", operator, "a matchExpression")
		switch operator {
		case "In", "NotIn":
			if len(r.Values) == 0 {
				l.add(at.Field("values"), r.Key, "has a matchExpression with the operator "+operator+", but without values", "set values, or use the operator Exists")
			}
		case "Exists", "DoesNotExist":
			if len(r.Values) > 0 {
				l.add(at.Field("values"), r.Key, "has a matchExpression with the operator "+operator+" and values", "remove the values, or use the operator In")
			}
		case "Gt", "Lt":
			if len(r.Values) != 1 {
				l.add(at.Field("values"), r.Key, "has a matchExpression with the operator "+operator+" and "+strconv.Itoa(len(r.Values))+" values, but it needs one", "write one number")
			}
		}
	}
	for i := range t.MatchFields {
		at, r := at.FieldIndex("matchFields", i), &t.MatchFields[i]
		operator := string(r.Operator)
		if !l.lacks(at, "key", r.Key, "a matchField") {
			l.oneOf(at.Field("key"), "key of a matchField", r.Key, "metadata.name")
		}
		switch operator {
		case "":
			l.lacks(at, "operator", operator, "a matchField")
		case "In", "NotIn":
			if len(r.Values) != 1 {
				l.add(at.Field("values"), r.Key, "has a matchField with "+strconv.Itoa(len(r.Values))+" values, but it needs one", "write the name of one node")
			}
		case "Exists", "DoesNotExist", "Gt", "Lt":
			l.oneOf(at.Field("operator"), "operator of a matchField", operator, "In", "NotIn")
		}
	}
}

// maxNameservers is how many name servers the API server accepts.
const maxNameservers = 3

func (l *problems) dns(t *pod.PodTemplate) {
	if t.DNSConfig == nil {
		return
	}
	at := diag.Fields("dnsConfig")
	if len(t.DNSConfig.Nameservers) > maxNameservers {
		l.add(at.Field("nameservers"), "", "has more than 3 nameservers", "keep three of them")
	}
	for i, ip := range t.DNSConfig.Nameservers {
		l.ip(at.FieldIndex("nameservers", i), ip)
	}
	for i := range t.DNSConfig.Options {
		l.lacks(at.FieldIndex("options", i), "name", t.DNSConfig.Options[i].Name, "an option in its dnsConfig")
	}
}

// LacksNameservers reports whether the pods of a template have no DNS server at all: with
// the policy None, they have those of the dnsConfig alone. The config is that of the
// template, or of another one that the template completes.
func LacksNameservers(t *pod.PodTemplate, config *corev1.PodDNSConfig) bool {
	return t.DNSPolicy != nil && *t.DNSPolicy == corev1.DNSNone && (config == nil || len(config.Nameservers) == 0)
}
