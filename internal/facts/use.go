package facts

import (
	"strings"

	"github.com/tekwright/tekwright/internal/substitution"
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
	// Place is what contains the text.
	Place  substitution.Place
	matrix bool // whether that is a task with a matrix
}

// field returns the field of the text in the table of substitution.
func (u *Use) field() string {
	if u.matrix && u.Text.Field == "displayName" {
		return substitution.MatrixDisplayName
	}
	return u.Text.Field
}

// Replaced reports whether Tekton replaces variables of this kind in the text, or where
// the value is used that the text is part of.
func (u *Use) Replaced() bool {
	later, _ := substitution.Passed(u.Place, u.field())
	all, kind := substitution.Replaced(u.Place, u.field())|later, substitution.Of(u.Var)
	return all.Has(kind) || kind == substitution.Workspaces && u.Var.Name == "bound" && all.Has(substitution.Bound)
}

// Unreplaced returns what the variable does if it is not replaced, as the end of a
// sentence.
func (u *Use) Unreplaced() string {
	if substitution.Checked(u.Place, u.field()) {
		return "the literal text is used"
	}
	return substitution.Unreplaced(u.Place, u.field())
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
