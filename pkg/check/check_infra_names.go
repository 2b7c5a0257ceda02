package check

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/naming"
)

// metadata checks what the API server asks of the name, the namespace, the
// labels and the annotations of each object.
func (c *checker) metadata(e *entry) {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return
	}
	if !e.tekton() {
		c.infraName(e, m.GetName(), m.GetGenerateName())
	}
	c.namespace(e, m.GetNamespace())
	if u, ok := e.Object.Object.(*unstructured.Unstructured); ok {
		c.texts(e, u, "labels")
		c.texts(e, u, "annotations")
	}
	for _, name := range sortedKeys(m.GetLabels()) {
		c.metaKey(in(e, key("metadata.labels", name)), "label", name, name)
		if value := m.GetLabels()[name]; !filled(e, value) && len(validation.IsValidLabelValue(value)) > 0 {
			c.fail(in(e, key("metadata.labels", name)), "label-invalid", name, "the value "+q(value)+" of label "+q(name)+" is not one that the API server accepts",
				naming.LabelValue().Help+", with a letter or digit at both ends")
		}
	}
	size := 0
	for _, name := range sortedKeys(m.GetAnnotations()) {
		c.metaKey(in(e, key("metadata.annotations", name)), "annotation", name, strings.ToLower(name))
		size += len(name) + len(m.GetAnnotations()[name])
	}
	if size > 256<<10 {
		c.fail(in(e, "metadata.annotations"), "label-invalid", e.ref.Name, "the annotations of "+e.ref.String()+" are longer than 256 KiB together", "shorten them")
	}
	c.identity(e)
}

// filled reports whether an event fills in a text: in the body of a template,
// or in what is going to be one.
func filled(e *entry, s string) bool {
	return holdsReference(s) && (e.within != nil || strings.Contains(s, "$(tt.params."))
}

// texts reports values of labels and annotations that YAML does not take for
// texts: the API server takes nothing else.
func (c *checker) texts(e *entry, u *unstructured.Unstructured, list string) {
	values, _, err := unstructured.NestedFieldNoCopy(u.Object, "metadata", list)
	m, ok := values.(map[string]any)
	if err != nil || !ok {
		return
	}
	for _, name := range sortedKeys(m) {
		switch m[name].(type) {
		case string, nil:
		case bool, int64, float64:
			c.fail(in(e, key("metadata."+list, name)), "label-invalid", name, "the value of "+q(name)+" is not a text", "put it in quotes")
		default:
			c.fail(in(e, key("metadata."+list, name)), "label-invalid", name, "the value of "+q(name)+" is not a text", "write one text")
		}
	}
}

// metaKey checks the key of a label or annotation.
func (c *checker) metaKey(s spot, what, name, folded string) {
	if !filled(s.entry, name) && len(validation.IsQualifiedName(folded)) > 0 {
		c.fail(s.of(name), "label-invalid", name, "the key "+q(name)+" of the "+what+" is not one that the API server accepts",
			"write prefix/name: letters, digits, -, _ and ., 63 characters at most after the /")
	}
}

// infraName checks the name of an object that is not Tekton Pipelines'.
func (c *checker) infraName(e *entry, name, generate string) {
	path := "metadata.name"
	if name == "" {
		path = "metadata.generateName"
		if name = generate; name == "" {
			if e.ref.Kind != "" && e.ref.APIVersion != "" && !c.told(e, "metadata") && !strings.HasSuffix(e.ref.Kind, "List") && e.ref.Kind != "Kustomization" {
				c.fail(in(e, "metadata"), "name-invalid", "", "this "+e.ref.Kind+" has no name", "set metadata.name")
			}
			return
		}
		name = strings.TrimRight(name, "-.") + "-x"
	}
	rule := nameRule(e)
	if filled(e, name) || len(rule.Broken(name)) == 0 || c.told(e, path) {
		return
	}
	c.fail(in(e, path), "name-invalid", name, "the name "+q(e.ref.Name)+" is not "+rule.Form, rule.Help)
}

// nameRule is what an object of a kind may be called.
func nameRule(e *entry) naming.Rule {
	group, _ := schema.ParseGroupVersion(e.ref.APIVersion)
	switch group.Group {
	case "":
		switch e.ref.Kind {
		case "Namespace":
			return naming.DNSLabel()
		case "Service":
			return naming.Service()
		}
		return naming.DNSName()
	case "apps", "batch", "networking.k8s.io", "tekton.dev", "triggers.tekton.dev", "resolution.tekton.dev":
		return naming.DNSName()
	}
	return naming.Of(brokenSegment, "a name that the API server accepts", "leave out / and %")
}

// brokenSegment is the rule for names that need only fit into a path.
func brokenSegment(s string) []string {
	if s == "" || s == "." || s == ".." || strings.ContainsAny(s, "/%") {
		return []string{"no segment of a path"}
	}
	return nil
}

// told reports whether the name of an object was reported already.
func (c *checker) told(e *entry, path string) bool {
	owner, path := e.owner(path)
	for i := len(c.findings) - 1; i >= 0 && c.findings[i].Object == owner.ref; i-- {
		if f := &c.findings[i]; f.Path.String() == path && f.Code == "name-invalid" {
			return true
		}
	}
	return false
}

// namespace checks the namespace that an object says to be in.
func (c *checker) namespace(e *entry, namespace string) {
	if namespace == "" || filled(e, namespace) {
		return
	}
	s := in(e, "metadata.namespace")
	group, _ := schema.ParseGroupVersion(e.ref.APIVersion)
	if !kinds.Namespaced(schema.GroupKind{Group: group.Group, Kind: e.ref.Kind}) {
		c.warn(s, "namespace-ignored", namespace, "a "+e.ref.Kind+" is in no namespace, so "+q(namespace)+" is ignored", "drop it")
	} else if rule := naming.DNSLabel(); len(rule.Broken(namespace)) > 0 {
		c.fail(s, "name-invalid", namespace, "the namespace "+q(namespace)+" is not "+rule.Form, rule.Help)
	} else if c.lacksNamespace(namespace) && !c.again(c.missing, "Namespace "+namespace, s) {
		c.fail(s, "namespace-unknown", namespace, "Namespace "+q(namespace)+" is not among the objects: nothing can be created in it", suggest(namespace, c.names("Namespace"), "add it to the objects"))
	}
}

// lacksNamespace reports whether a complete set makes namespaces, and not this
// one. A set without any is for namespaces that are there.
func (c *checker) lacksNamespace(name string) bool {
	return c.profile.Complete && len(c.names("Namespace")) > 0 && len(c.index[[2]string{"Namespace", name}]) == 0 &&
		!c.profile.exists("Namespace", "", name) && !slices.Contains(ownNamespaces, name) && !strings.HasPrefix(name, "tekton-")
}

// ownNamespaces are those that each cluster has.
var ownNamespaces = []string{"default", "kube-system", "kube-public", "kube-node-lease"}
