package facts

import (
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Use is a $(...) in a text.
type Use struct {
	tekref.Match
	Var  tekref.Variable // what is between the parentheses
	Text *Text           // the text that contains it
	Spot Spot            // its place

	// Role is how Tekton treats it. It is known for the texts of Task specs and of
	// pipeline tasks.
	Role Role
}

// Alone reports whether the variable is the whole text.
func (u *Use) Alone() bool { return u.Start == 0 && u.End == len(u.Text.Value) && !u.Open }

// Later reports whether the $(...) is replaced before the object around it is
// created, like those of a TriggerTemplate.
func (u *Use) Later() bool {
	return u.Spot.Entry.Within != nil && (u.Expr == tekref.UID || strings.HasPrefix(u.Expr, "tt."))
}

// OfEvent reports whether an expression is for a TriggerBinding.
func OfEvent(expr string) bool {
	for _, root := range [...]string{"body.", "header.", "extensions."} {
		if strings.HasPrefix(expr, root) {
			return true
		}
	}
	return false
}

// OfTemplate reports whether a text contains a param of a TriggerTemplate, so that
// its final value is not known.
func OfTemplate(s string) bool {
	return strings.Contains(s, tekref.Text(tekref.TemplatePrefix)[:len("$(tt.")])
}

// UsesIn returns every $(...) in the strings below v, whose place is s, as [TextsIn]
// finds them.
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
