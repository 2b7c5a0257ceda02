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
	if t.given == nil {
		t.given = make(map[string]*BindingParam, len(given))
		for _, b := range given {
			if t.given[b.Name] == nil {
				t.given[b.Name] = b
			}
		}
	}
	if b := t.given[name]; b != nil {
		return b.Value, len(b.Takes()) == 0
	}
	spec, _, _ := t.TemplateOf()
	if spec == nil || !complete {
		return "", false
	}
	value, ok := t.Spot.Entry.set.templateParam(spec).defaults[name]
	return value, ok
}

// HasDefault reports whether the template of the trigger has a default for a param.
func (t *Trigger) HasDefault(name string) bool {
	spec, _, _ := t.TemplateOf()
	if spec == nil {
		return false
	}
	_, ok := t.Spot.Entry.set.templateParam(spec).defaults[name]
	return ok
}

// maxAsked is the average number of triggers that are asked for each object and each
// trigger of a template. A finding check-limit says if there are more.
const maxAsked = 64

// EmptiedBy returns the first trigger with which a text of the template is empty for
// every event, because the trigger sets the params in it to nothing; nil if there is none.
func (t *Template) EmptiedBy(text string) *Trigger {
	if found, ok := t.emptiedBy[text]; ok {
		return found
	}
	if t.emptiedBy == nil {
		t.emptiedBy = map[string]*Trigger{}
	}
	users := t.Users()
	var found *Trigger
	for _, user := range users {
		if t.asked++; t.asked > maxAsked*(len(users)+len(t.Bodies)) {
			t.Spot.Entry.LeaveOut("not all objects of "+t.Label+" have been compared with all of its triggers: some may have no name with one", "use several templates")
			break
		}
		if value, known := user.Constant(text); known && value == "" {
			found = user
			break
		}
	}
	t.emptiedBy[text] = found
	return found
}
