package facts

import (
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Use is one $(...) in a text.
type Use struct {
	tekref.Match
	Var  tekref.Variable // what is between the parentheses
	Text *Text           // the text that it stands in
	Spot Spot            // where it stands

	// Role is what becomes of it. It is known for the texts of Task specs and of
	// tasks of pipelines.
	Role Role
}

// Alone reports whether the variable is all of its text.
func (u *Use) Alone() bool { return u.Start == 0 && u.End == len(u.Text.Value) && !u.Open }

// Later reports whether the $(...) is replaced before the object around it is
// created, as those of a TriggerTemplate are.
func (u *Use) Later() bool {
	return u.Spot.Entry.Within != nil && (u.Expr == tekref.UID || strings.HasPrefix(u.Expr, "tt."))
}

// OfEvent reports whether an expression is one of a TriggerBinding.
func OfEvent(expr string) bool {
	for _, root := range [...]string{"body.", "header.", "extensions."} {
		if strings.HasPrefix(expr, root) {
			return true
		}
	}
	return false
}

// OfTemplate reports whether a text holds a param of a TriggerTemplate, so that
// its final form is not known.
func OfTemplate(s string) bool {
	return strings.Contains(s, tekref.Text(tekref.TemplatePrefix)[:len("$(tt.")])
}

// UsesIn returns every $(...) in the strings below v, which stands at s, as
// [TextsIn] finds them.
func UsesIn(v any, s Spot) []Use { return usesOf(TextsIn(v, s)) }

func usesOf(texts []Text) []Use {
	var out []Use
	for i := range texts {
		t := &texts[i]
		for m := range tekref.Scan(t.Value) {
			out = append(out, Use{Match: m, Var: tekref.Parse(m.Expr), Text: t, Spot: t.Spot.Of(t.Value[m.Start:m.End])})
		}
	}
	return out
}
