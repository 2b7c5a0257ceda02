package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// templateRef checks what a trigger says of its template: row 67.
func (c *checker) templateRef(t *eventTrigger) {
	if t.template == nil {
		return // the listener is told
	}
	s := t.spot.field("template")
	if v := t.template.APIVersion; v != "" && v != "v1alpha1" && v != "v1beta1" {
		c.fail(s.field("apiversion"), "ref-invalid", v, "there is no template of version "+q(v), oneOf(v, []string{"v1beta1", "v1alpha1"}))
	}
	switch ref := t.template.Ref; {
	case ref != nil && t.template.Spec != nil:
		c.fail(s, "spec-conflict", *ref, t.label+" has both a ref to a template and a spec of one", "keep one of them")
	case t.template.Spec != nil:
		c.eventTemplate(s.field("spec"), "the template of "+t.label, t.template.Spec)
	case ref == nil || *ref == "":
		c.fail(s, "spec-missing", "", t.label+" has no template", "set ref, or spec")
	default:
		c.wants(s.field("ref"), want{kind: "TriggerTemplate", name: *ref, without: "every event fails without it, and only the log of the listener says so"})
	}
}

// eventTemplate checks a template: what it declares, and the objects that it
// creates.
func (c *checker) eventTemplate(s spot, label string, spec *v1beta1.TriggerTemplateSpec) {
	c.duplicates(s, "params", "param", diag.Warning, namesOf(spec.Params, func(p *v1beta1.ParamSpec) string { return p.Name }))
	for i := range spec.Params {
		if spec.Params[i].Name == "" {
			c.fail(s.index("params", i), "name-invalid", "", "a param of "+label+" has no name", "name it")
		}
	}
	if len(spec.ResourceTemplates) == 0 {
		c.fail(s, "spec-missing", "", label+" creates nothing", "list an object under resourcetemplates, all in lower case")
		return
	}
	used, declared := usedTemplateParams(spec), templateNames(spec)
	for i := range spec.ResourceTemplates {
		c.templateBody(s.index("resourcetemplates", i), label, declared, used, spec.ResourceTemplates[i].Raw)
	}
	for i := range spec.Params {
		if p := &spec.Params[i]; p.Name != "" && !used[p.Name] {
			c.warn(s.index("params", i), "param-unused", p.Name, "param "+q(p.Name)+" of "+label+" is never used", "use $(tt.params."+p.Name+") or drop it")
		}
	}
}

// usedTemplateParams are the names of the params in the objects of a template.
func usedTemplateParams(spec *v1beta1.TriggerTemplateSpec) map[string]bool {
	used := map[string]bool{}
	for i := range spec.ResourceTemplates {
		eachTemplateParam(string(spec.ResourceTemplates[i].Raw), func(name string) { used[name] = true })
	}
	return used
}

const templatePrefix = "tt.params."

// eachTemplateParam calls visit for the name in each $(tt.params.NAME).
func eachTemplateParam(s string, visit func(name string)) {
	if !strings.Contains(s, "$("+templatePrefix) {
		return
	}
	scan(s, func(m match) {
		if name, ok := strings.CutPrefix(m.expr, templatePrefix); ok && !m.open {
			visit(name)
		}
	})
}

// filledLater reports whether a $(...) is replaced before the object around it is
// created.
func filledLater(s spot, m match) bool {
	return s.entry != nil && s.within != nil && (m.expr == "uid" || strings.HasPrefix(m.expr, "tt."))
}

// templateParam is what Triggers takes for the name of a param of a template.
var templateParam = regexp.MustCompile(`^[_a-zA-Z][_a-zA-Z0-9.-]*$`)

// templateText checks the references in a text of an object that a template
// creates. What belongs to the object itself is left to its own rules.
func (b *templateBody) templateText(s spot, value string) {
	scan(value, func(m match) {
		at := s.of(value[m.start:m.end])
		root, _ := splitRoot(m.expr)
		name, isParam := strings.CutPrefix(m.expr, templatePrefix)
		switch {
		case m.open:
			if root == "tt" {
				b.used[nearest(name, b.declared)] = true
				b.used[name] = true
				b.fail(at, "reference-syntax", m.expr, m.String()+" lacks its closing parenthesis, so it stays as it is", "write $("+m.expr+")")
			}
		case isParam && slices.Contains(b.declared, name):
		case isParam && templateParam.MatchString(name):
			b.used[nearest(name, b.declared)] = true // so that one typo makes one finding
			b.fail(at, "param-unknown", name, m.String()+" names no param of "+b.label, suggest(name, b.declared, "declare it under params of the template"))
		case root == "tt":
			b.templateSyntax(at, m)
		case ofEvent(m.expr) || m.expr == "context.eventID":
			b.fail(at, "reference-scope", m.expr, m.String()+" stays as it is: a template takes nothing from an event",
				"declare a param, supply it with this path in a binding, and use $(tt.params.NAME)")
		case root == "params" && !b.ownParams(s):
			if name := parseReference(m.expr).name; slices.Contains(b.declared, name) {
				b.used[name] = true
				b.fail(at, "reference-scope", m.expr, m.String()+" stays as it is: params of a template have another prefix", "write $("+templatePrefix+name+")")
			}
		}
	})
}

// templateSyntax reports what begins like a param of a template, and is none.
func (b *templateBody) templateSyntax(at spot, m match) {
	name := strings.TrimSpace(m.expr)
	for _, cut := range [...]string{"tt.params", "tt.param", "tt"} {
		if rest, ok := strings.CutPrefix(name, cut); ok {
			name = strings.Trim(rest, `.[]'" `)
			break
		}
	}
	help := "write $(tt.params.NAME)"
	if templateParam.MatchString(name) {
		if i := strings.LastIndexByte(name, '.'); i >= 0 && !slices.Contains(b.declared, name) {
			name = name[i+1:]
		}
		b.used[name] = true
		if slices.Contains(b.declared, name) || len(b.declared) == 0 {
			help = "write $(" + templatePrefix + name + ")"
		}
	}
	b.fail(at, "reference-syntax", m.expr, m.String()+" stays as it is: it is not of the form $(tt.params.NAME)", help)
}
