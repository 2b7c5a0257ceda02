package check

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/diag"
)

// want is a reference to an object of Kubernetes' own.
type want struct {
	kind, name string
	optional   bool // it need not be there
	mild       bool // what refers to it does without, and only logs that

	namespace string // where it is looked for; empty for that of the referring object
	without   string // what happens without it; empty for the usual
	help      string // what it was likely meant to be, where that is known
}

// consequences say what happens without the object.
var consequences = map[string]string{
	"Secret": "the pod does not start without it", "ConfigMap": "the pod does not start without it",
	"PersistentVolumeClaim": "the pod stays pending without it", "ServiceAccount": "no pod is made without it",
	"Role": "the binding gives nothing without it", "ClusterRole": "the binding gives nothing without it",
	"Service": "the Ingress answers 503 without it",
}

// wants looks up an object that something refers to, in the namespace of s:
// rows 55 to 57. It is nil where the object is not in the set, which is
// reported once for each referring object.
func (c *checker) wants(s spot, w want) *entry {
	if s.entry == nil || w.name == "" || holdsReference(w.name) {
		return nil
	}
	namespace := cmp.Or(w.namespace, s.ref.Namespace)
	if found := c.find(w.kind, namespace, w.name); found != nil {
		return found
	}
	owner, _ := s.owner(s.path)
	if w.optional || everywhere(w.kind, w.name) || c.profile.exists(w.kind, namespace, w.name) || w.kind == "Secret" && c.isMade(namespace, w.name) ||
		c.again(c.missing, owner.ref.Namespace+"/"+owner.ref.String()+" "+w.kind+" "+w.name, s) {
		return nil
	}
	severity, without := diag.Error, cmp.Or(w.without, consequences[w.kind])
	if w.mild {
		severity, without = diag.Warning, "it is skipped where it is not there"
	}
	c.absent(s, w, namespace, severity, without)
	return nil
}

// absent reports an object that is not in the set, or elsewhere in it.
func (c *checker) absent(s spot, w want, namespace string, severity diag.Severity, without string) {
	noun, missing, other := "service", "-unknown", cmp.Or(w.help, "add it to the objects")
	switch w.kind {
	case "Secret":
		noun = "secret"
	case "ConfigMap":
		noun = "configmap"
	case "PersistentVolumeClaim":
		noun = "claim"
	case "ServiceAccount":
		noun = "account"
	case "Role", "ClusterRole":
		noun = "role"
	case "TriggerBinding", "ClusterTriggerBinding":
		noun = "binding"
	case "TriggerTemplate":
		noun = "template"
	case "Trigger":
		noun = "trigger"
	case "ClusterInterceptor", "Interceptor":
		noun = "interceptor"
	case "Namespace":
		noun = "namespace"
	}
	names := c.namesOfKind(w.kind)
	if !c.profile.Complete {
		severity, missing, other = unsure(w.name, names), "-external", w.help
		if severity == diag.Warning {
			missing = "-unknown"
		}
	}
	if there := c.elsewhere(w.kind, w.name); there != nil {
		c.report(s, severity, noun+missing, w.name,
			w.kind+" "+q(w.name)+" is in namespace "+q(there.ref.Namespace)+" of the set, not in "+q(namespace)+", where it is looked for",
			"put both into one namespace", in(there, "metadata.namespace").related(there.ref.String()+" is there"))
		return
	}
	c.report(s, severity, noun+missing, w.name, w.kind+" "+q(w.name)+" is not among the objects: "+without, suggest(w.name, names, other))
}

// everywhere reports whether Kubernetes makes the object in each namespace.
func everywhere(kind, name string) bool {
	return kind == "ServiceAccount" && name == "default" || kind == "ConfigMap" && (name == "kube-root-ca.crt" || name == "openshift-service-ca.crt")
}

// elsewhere finds an object of that name in another namespace.
func (c *checker) elsewhere(kind, name string) *entry {
	if list := c.index[[2]string{kind, name}]; len(list) > 0 {
		return list[0]
	}
	return nil
}

// namesOfKind is names, kept: many references may lack their objects.
func (c *checker) namesOfKind(kind string) []string {
	if c.byKind == nil {
		c.byKind = map[string][]string{}
		for _, e := range c.entries {
			c.byKind[e.ref.Kind] = append(c.byKind[e.ref.Kind], e.ref.Name)
		}
	}
	return c.byKind[kind]
}

// makers are the kinds whose controllers make a Secret, with the field that
// names it; the Secret is called as they are where that is not set.
var makers = map[string][]string{
	"SealedSecret":          {"spec", "template", "metadata", "name"},
	"ExternalSecret":        {"spec", "target", "name"},
	"Certificate":           {"spec", "secretName"},
	"VaultStaticSecret":     {"spec", "destination", "name"},
	"VaultDynamicSecret":    {"spec", "destination", "name"},
	"VaultPKISecret":        {"spec", "destination", "name"},
	"OnePasswordItem":       nil,
	"SopsSecret":            nil,
	"InfisicalSecret":       {"spec", "managedSecretReference", "secretName"},
	"BitwardenSecret":       {"spec", "secretName"},
	"DopplerSecret":         {"spec", "managedSecret", "name"},
	"SecretProviderClass":   nil,
	"ClusterExternalSecret": {"spec", "externalSecretName"},
}

// isMade reports whether an object of the set has its controller make the
// Secret.
func (c *checker) isMade(namespace, name string) bool {
	if c.made == nil {
		c.made = map[string][]string{}
		for _, e := range c.entries {
			path, ok := makers[e.ref.Kind]
			u, loose := e.Object.Object.(*unstructured.Unstructured)
			if !ok || !loose {
				continue
			}
			made := e.ref.Name
			if len(path) > 0 {
				if s, _, err := unstructured.NestedString(u.Object, path...); err == nil && s != "" {
					made = s
				}
			}
			c.made[made] = append(c.made[made], e.ref.Namespace)
		}
	}
	return slices.ContainsFunc(c.made[name], func(ns string) bool { return sameNamespace(ns, namespace) })
}
