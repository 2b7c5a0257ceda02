package check

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/pkg/diag"
)

// objectName checks the name of an object of Tekton's.
func (c *checker) objectName(e *entry) {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return
	}
	name, path := m.GetName(), "metadata.name"
	if name == "" {
		if name = m.GetGenerateName(); name == "" {
			c.fail(in(e, "metadata"), "name-invalid", "", "this "+e.ref.Kind+" has no name", "set metadata.name, or generateName for a run")
			return
		}
		name, path = strings.TrimRight(name, "-.")+"-x", "metadata.generateName"
	}
	if holdsReference(name) && (e.within != nil || ofTemplate(name)) {
		return // what a template makes of it is not known
	}
	if len(name) > 63 {
		c.fail(in(e, path), "name-invalid", name, "the name "+q(name)+" is longer than 63 characters", "shorten it")
	} else if why := validation.IsDNS1123Subdomain(name); len(why) > 0 {
		c.fail(in(e, path), "name-invalid", name, "the name "+q(e.ref.Name)+" is not a DNS name", dnsHelp)
	}
}

const dnsHelp = "use only lower-case letters, digits and -, with a letter or digit at both ends"

// labelName checks a name that must be a DNS label: of tasks, steps, sidecars
// and volumes. What a reference will fill in is not known; that of a task or a
// step may hold none.
func (c *checker) labelName(s spot, noun, name string) {
	if name == "" || holdsReference(name) && (s.within != nil || ofTemplate(name) || noun == "sidecar" || noun == "volume") {
		return
	}
	if why := validation.IsDNS1123Label(name); len(why) > 0 {
		help := dnsHelp
		if len(name) > validation.DNS1123LabelMaxLength {
			help = "shorten it to 63 characters"
		}
		c.fail(s, "name-invalid", name, noun+" name "+q(name)+" is not a DNS label", help)
	}
}

// resultName checks the name of a result.
func (c *checker) resultName(s spot, name string) {
	ok := name != ""
	for i, r := range name {
		inner := i > 0 && i < len(name)-1
		if !isNameRune(r) || !inner && (r == '_' || r == '.' || r == '-') {
			ok = false
		}
	}
	if !ok {
		c.fail(s, "name-invalid", name, "result name "+q(name)+" is not one that Tekton accepts",
			"use only letters, digits, -, _ and ., with a letter or digit at both ends")
	}
}

// duplicates reports names that occur twice. The path of a name is that of its
// item with .name.
func (c *checker) duplicates(s spot, list, noun string, severity diag.Severity, names []string) {
	seen := make(map[string]int, len(names))
	for i, n := range names {
		if n == "" {
			continue
		}
		if first, ok := seen[n]; ok {
			c.report(s.index(list, i).field("name"), severity, noun+"-duplicate", n, noun+" "+q(n)+" is there twice",
				"rename one of them or drop it", s.index(list, first).field("name").related(noun+" "+q(n)+" is first"))
			continue
		}
		seen[n] = i
	}
}

// namesOf lists the names of items.
func namesOf[T any](items []T, name func(*T) string) []string {
	out := make([]string, len(items))
	for i := range items {
		out[i] = name(&items[i])
	}
	return out
}
