package rule

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Reported is a finding that a rule has just added, to which it may add fixes. The zero
// Reported is none.
type Reported struct {
	pass  *Pass
	at    Spot
	index int // in the findings of the pass
}

// Change is a change of the value at a spot, for [Reported.Fix]. Its Path is not used.
type Change struct {
	At Spot
	object.Change
	// IfPossible reports whether the other changes are made if this one cannot be, such as
	// for a field that may not be set.
	IfPossible bool
}

// Replace returns the change that replaces a part of the text at a spot wherever it
// occurs, or all of the text if old is "".
func Replace(at Spot, old, text string) Change {
	return Change{At: at, Change: object.Change{Kind: object.ReplaceText, Old: old, New: text}}
}

// ReplaceAt returns the change that replaces a part of the text at a spot, at an offset.
func ReplaceAt(at Spot, offset int, old, text string) Change {
	return Change{At: at, Change: object.Change{Kind: object.ReplacePart, Offset: offset, Old: old, New: text}}
}

// RenameKey returns the change that gives the key of the value at a spot another name.
func RenameKey(at Spot, name string) Change {
	return Change{At: at, Change: object.Change{Kind: object.RenameKey, New: name}}
}

// NestField returns the change that moves the field at a spot into a new map beside it,
// under another name.
func NestField(at Spot, above, name string) Change {
	return Change{At: at, Change: object.Change{Kind: object.NestField, Field: object.Field{Name: above}, New: name}}
}

// AddField returns the change that adds a field to the map at a spot, best behind one of
// the given fields.
func AddField(at Spot, f object.Field, behind ...string) Change {
	return Change{At: at, Change: object.Change{Kind: object.AddField, Field: f, Behind: behind}}
}

// RemoveField returns the change that removes the field at a spot, whose value is no map
// and no list.
func RemoveField(at Spot) Change {
	return Change{At: at, Change: object.Change{Kind: object.RemoveField}}
}

// Fix adds a fix to the finding: changes that resolve it together. The message starts
// with a verb. A fix is safe if it preserves the meaning of everything else. If the source
// cannot be changed like that, Fix does nothing.
func (r Reported) Fix(message string, safe bool, changes ...Change) { r.fix(message, safe, changes...) }

// fix implements Fix, and reports whether it has added the fix.
func (r Reported) fix(message string, safe bool, changes ...Change) bool {
	if r.pass == nil || r.index >= len(r.pass.found) || len(changes) == 0 {
		return false
	}
	var edits []diag.Edit
	for _, c := range changes {
		if !c.At.IsValid() {
			return false
		}
		owner, path := c.At.Owner()
		if owner.Edit == nil {
			return false
		}
		c.Path = path
		some, ok := owner.Edit(c.Change)
		if !ok && !c.IfPossible {
			return false
		}
		edits = append(edits, some...)
	}
	slices.SortStableFunc(edits, func(a, b diag.Edit) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Start-b.Start, a.End-b.End)
	})
	f := &r.pass.found[r.index].Finding
	f.Fixes = append(f.Fixes, diag.Fix{Message: message, Edits: edits, Safe: safe})
	return true
}

// Misspelled adds the fix that replaces a misspelled name by the most similar one of others,
// which is a guess. It does nothing if no other is similar. The name is the text where the
// finding is, a part of the excerpt there, or the name of the map there.
func (r Reported) Misspelled(name string, others []string) {
	if r.pass != nil && r.at.IsValid() && r.at.Entry.Root().Edit != nil {
		r.Meant(name, suggest.Name(name, others))
	}
}

// Meant is like [Reported.Misspelled] for a name that is known: the one that was probably
// meant. It does nothing if one of them is "".
func (r Reported) Meant(name, near string) {
	if name == "" || near == "" || near == name || r.pass == nil {
		return
	}
	whole := r.at
	whole.Part = ""
	message := "replace " + strconv.Quote(name) + " by " + strconv.Quote(near)
	if r.at.Part == "" || r.at.Part == name {
		if !r.fix(message, false, Replace(whole, name, near)) {
			r.Fix(message, false, Replace(whole.Field("name"), name, near))
		}
		return
	}
	if at := wordIn(r.at.Part, name); at >= 0 {
		r.Fix(message, false, Replace(whole, r.at.Part, r.at.Part[:at]+near+r.at.Part[at+len(name):]))
	}
}

// wordIn returns the offset of a name in a text, -1 unless it is there once.
func wordIn(text, name string) int {
	found := -1
	for from := 0; name != ""; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		if i > 0 && isNameByte(text[i-1]) || i+len(name) < len(text) && isNameByte(text[i+len(name)]) {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// isNameByte reports whether a character may be a part of a name, apart from dots.
func isNameByte(c byte) bool {
	return c == '-' || c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
