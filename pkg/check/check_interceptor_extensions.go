package check

import (
	"strings"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/jsonpath"
	"github.com/tekwright/tekwright/internal/tekref"
)

// extensionSet is what the interceptors of a chain have added to an event so far.
type extensionSet struct {
	added   []extension
	unknown bool // somebody else's interceptor may have added anything
}

func (e *extensionSet) add(x *v1beta1.TriggerInterceptor) {
	added, known := extensionsOf(x)
	e.added = append(e.added, added...)
	e.unknown = e.unknown || !known
}

// has reports whether something may stand at a path: an overlay may be a part
// of it, or have set what lies around it.
func (e *extensionSet) has(path string) bool {
	if e.unknown || path == "" {
		return true
	}
	for _, x := range e.added {
		if x.path == path || strings.HasPrefix(path, x.path+".") || strings.HasPrefix(x.path, path+".") {
			return true
		}
	}
	return false
}

func (e *extensionSet) names() []string {
	out := make([]string, len(e.added))
	for i, x := range e.added {
		out[i] = x.path
	}
	return out
}

// chains are the chains of interceptors before those of a trigger: one for each
// group that hands it events, an empty one for a listener that does so itself.
func (t *eventTrigger) chains() []extensionSet {
	var out []extensionSet
	for _, u := range t.users {
		var e extensionSet
		if u.group != nil {
			for _, x := range u.group.Interceptors {
				e.add(x)
			}
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		out = []extensionSet{{unknown: true}} // nobody knows which listener it will have
	}
	return out
}

// extensionRefs checks what filters, overlays and bindings take of extensions:
// row 71. Each interceptor sees what those before it added.
func (c *checker) extensionRefs(t *eventTrigger) {
	sets := t.chains()
	for i, x := range t.interceptors {
		c.celExtensions(t.spot.index("interceptors", i), x, sets)
		for j := range sets {
			sets[j].add(x)
		}
	}
	defaults := map[string]bool{}
	if spec, _, _ := c.templateOf(t); spec != nil {
		for i := range spec.Params {
			defaults[spec.Params[i].Name] = spec.Params[i].Default != nil
		}
	}
	given, _ := c.supply(t)
	for _, p := range given {
		for x := range tekref.ScanBinding(p.value) {
			path, err := jsonpath.Parse(x.Expr)
			if x.Open || err != nil || len(path.Fields) < 2 || path.Fields[0] != "extensions" {
				continue
			}
			c.extension(p.spot.of(x.String()), x.String(), joined(path.Fields[1:]), sets, "set it in an overlay of a CEL interceptor, or take it from body or header", defaults[p.name])
		}
	}
}

// celExtensions checks the expressions of a CEL interceptor.
func (c *checker) celExtensions(s spot, x *v1beta1.TriggerInterceptor, sets []extensionSet) {
	var p celParams
	if coreOf(x) != "cel" || !paramsInto(x.Params, &p) {
		return
	}
	spots := paramSpots{s, x.Params}
	look := func(at spot, expr string) {
		for _, path := range celenv.Extensions(expr) {
			text := "extensions." + path
			if !strings.Contains(expr, text) {
				text = "extensions"
			}
			help := "set it in an overlay of an earlier interceptor, or ask for it first with has(extensions." + path + ")"
			if own := (&extensionSet{added: overlaysOf(&p)}); own.has(path) {
				help = "overlays of one interceptor do not see each other: make two interceptors of it"
			}
			c.extension(at.of(text), "extensions."+path, path, sets, help, false)
		}
	}
	look(spots.of("filter"), p.Filter)
	for i, o := range p.Overlays {
		look(in(s.entry, at(spots.of("overlays").path, i)).field("expression"), o.Expression)
	}
}

func overlaysOf(p *celParams) []extension {
	out := make([]extension, len(p.Overlays))
	for i, o := range p.Overlays {
		out[i].path = o.Key
	}
	return out
}

// extension reports a path that the chain before it does not set. It is told
// once for each place, however many chains lead there. The value of a binding
// may have a default in the template.
func (c *checker) extension(s spot, text, path string, sets []extensionSet, help string, defaulted bool) {
	for i := range sets {
		if sets[i].has(path) {
			continue
		}
		mistake := s.ref.Namespace + "/" + s.ref.String() + " " + s.path + " " + text
		if _, told := c.missing[mistake]; told {
			return
		}
		c.missing[mistake] = len(c.findings)
		message := text + " is set by no interceptor before it"
		if defaulted {
			c.warn(s, "extension-unknown", path, message+", so the template's default holds for every event", suggest(path, sets[i].names(), help))
			return
		}
		c.fail(s, "extension-unknown", path, message+", so every event fails", suggest(path, sets[i].names(), help))
		return
	}
}

// listExtensions are the extensions of a trigger that are lists or objects.
func (c *checker) listExtensions(t *eventTrigger) map[string]bool {
	lists := map[string]bool{}
	for _, e := range t.chains() {
		for _, x := range t.interceptors {
			e.add(x)
		}
		for _, x := range e.added {
			lists[x.path] = x.quotes
		}
	}
	return lists
}

func joined(names []string) string { return strings.Join(names, ".") }
