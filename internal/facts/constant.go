package facts

import (
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Constant returns a text of the template of the trigger as every event fills it in; false
// if it depends on the event, or on a binding that is not in the set.
func (t *Trigger) Constant(text string) (string, bool) {
	known := true
	out := tekref.Replace(text, func(m tekref.Match) string {
		name, ok := strings.CutPrefix(m.Expr, tekref.TemplatePrefix)
		if !ok || m.Open {
			known = false
			return ""
		}
		value, ok := t.constantParam(name)
		known = known && ok
		return value
	})
	return out, known
}

// constantParam returns the value of a param of the template if it does not depend on the
// event.
func (t *Trigger) constantParam(name string) (string, bool) {
	given, complete := t.Supply()
	for _, b := range given {
		if b.Name == name {
			return b.Value, len(b.Takes()) == 0
		}
	}
	spec, at, _ := t.TemplateOf()
	if spec == nil || !complete {
		return "", false
	}
	for _, d := range defaultsOf(spec, at) {
		if d.Name == name {
			return d.Value, true
		}
	}
	return "", false
}
