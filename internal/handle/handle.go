// Package handle encodes the identity of a handle in its text.
//
// A handle is a defined string type whose text is a Tekton variable with a
// mark: "$(" + mark + "params.repo)". The mark identifies the owner (a
// pipeline, task or event) and the form of the variable. It survives +,
// fmt.Sprintf and conversions, so that lowering can find out where each
// variable comes from, compare it, and remove the mark.
package handle

import (
	"strconv"
	"strings"
	"sync/atomic"
	"unicode/utf8"
)

// mark delimits what is hidden. It is a private-use character that no real
// text holds; text that does is refused.
const mark = "\U000F0E0E"

// quoted is the mark as %q writes it.
const quoted = `\U000f0e0e`

// Empty is the text of the explicit empty string.
const Empty = mark + mark

// Scope is the kind of an owner.
type Scope byte

// The scopes.
const (
	Pipeline Scope = 'p' // params, workspaces, contexts and task results of a pipeline
	Task     Scope = 't' // params, results and workspaces inside a task
	Action   Scope = 'a' // params and results inside a StepAction
	Event    Scope = 'e' // fields of an event
)

// Form is the form of a variable, which determines how it can be used.
type Form byte

// The forms.
const (
	Value  Form = 'v' // one string
	All    Form = 'a' // every item of an array: only inside a list
	Each   Form = 'e' // one axis of a matrix; Expr is the encoded array
	Status Form = 's' // a status or reason: only in finally
	Final  Form = 'f' // a result of a finally task: only in a pipeline result
	Bad    Form = 'b' // made by a mistake: see Mistake
)

// Mistake is what was wrong when a reference of form Bad was made.
type Mistake byte

// The mistakes. All but OnRecord are reported where the text is used, since
// whoever made it could report nothing.
const (
	OnRecord  Mistake = 0   // it is reported already
	AllOfList Mistake = 'a' // all of a list that is no reference
	NoItem    Mistake = 'i' // an item that a list does not have
	NoKey     Mistake = 'k' // a key that an object does not have
	NoField   Mistake = 'f' // a field that an event does not have
)

// Owner is who made a reference.
type Owner struct {
	Scope Scope
	ID    uint64
	Name  string // for messages
}

var ids atomic.Uint64

// NewOwner returns an owner that equals no other.
func NewOwner(s Scope, name string) Owner {
	return Owner{Scope: s, ID: ids.Add(1), Name: scrub(Strip(name))}
}

// Token is one reference within a text.
type Token struct {
	Owner Owner
	Form  Form
	Expr  string // what stands between $( and )

	Mistake Mistake // of form Bad
}

// String returns the marked text of the token.
func (t Token) String() string {
	var b strings.Builder
	b.Grow(len(t.Owner.Name) + len(t.Expr) + 2*len(mark) + 12)
	b.WriteString("$(")
	b.WriteString(mark)
	b.WriteByte(byte(t.Owner.Scope))
	b.WriteByte(byte(t.Form))
	if t.Form == Bad {
		b.WriteByte(byte(max(t.Mistake, onRecord)))
	}
	b.WriteString(strconv.FormatUint(t.Owner.ID, 36))
	b.WriteByte(':')
	b.WriteString(t.Owner.Name)
	b.WriteString(mark)
	b.WriteString(clean(t.Expr))
	b.WriteByte(')')
	return b.String()
}

// clean drops what would end an expression early; such names are reported
// elsewhere as invalid.
func clean(expr string) string { return scrub(strings.ReplaceAll(Strip(expr), ")", "")) }

// scrub drops what would make a token unreadable.
func scrub(s string) string {
	for !Plain(s) {
		s = strings.NewReplacer(mark, "", quoted, "").Replace(strings.ToValidUTF8(s, ""))
	}
	return s
}

// HasMark reports whether s still holds a mark, whole, cut or quoted.
func HasMark(s string) bool {
	return strings.Contains(s, mark) || strings.Contains(s, quoted)
}

// Plain reports whether s is valid text without any reference: the fast path.
func Plain(s string) bool { return !HasMark(s) && utf8.ValidString(s) }

// Fault is what is wrong with a text.
type Fault string

// The faults.
const (
	Fine   Fault = ""
	Cut    Fault = "cut"     // a reference was cut into pieces
	Quoted Fault = "quoted"  // a reference went through %q or the like
	NoUTF8 Fault = "invalid" // not valid UTF-8, most likely a cut reference
)

// Part is a run of plain text, or a token.
type Part struct {
	Text  string
	Token *Token
}

// Parse splits s into plain text and tokens. On a fault the parts are nil.
func Parse(s string) ([]Part, Fault) {
	if !strings.Contains(s, mark) {
		switch {
		case strings.Contains(s, quoted):
			return nil, Quoted
		case !utf8.ValidString(s):
			return nil, NoUTF8
		case s == "":
			return nil, Fine
		}
		return []Part{{Text: s}}, Fine
	}
	if !utf8.ValidString(s) {
		return nil, Cut
	}
	if strings.Contains(s, quoted) {
		return nil, Quoted
	}
	var parts []Part
	plain := func(t string) {
		if t != "" {
			parts = append(parts, Part{Text: t})
		}
	}
	for {
		i := strings.Index(s, mark)
		if i < 0 {
			plain(s)
			return parts, Fine
		}
		rest := s[i+len(mark):]
		j := strings.Index(rest, mark)
		if j < 0 {
			return nil, Cut
		}
		if j == 0 { // Empty
			plain(s[:i])
			s = rest[len(mark):]
			continue
		}
		head, tail := rest[:j], rest[j+len(mark):]
		end := strings.IndexByte(tail, ')')
		if !strings.HasSuffix(s[:i], "$(") || end < 0 || strings.Contains(tail[:end], mark) {
			return nil, Cut
		}
		token, ok := parseHead(head)
		if !ok {
			return nil, Cut
		}
		plain(s[:i-2])
		token.Expr = tail[:end]
		parts = append(parts, Part{Token: &token})
		s = tail[end+1:]
	}
}

// onRecord is OnRecord in the text of a token.
const onRecord Mistake = '-'

// parseHead reads what is hidden in a token.
func parseHead(head string) (t Token, ok bool) {
	id, name, ok := strings.Cut(head, ":")
	if !ok || len(id) < 3 {
		return t, false
	}
	t.Owner, t.Form, id = Owner{Scope: Scope(id[0]), Name: name}, Form(id[1]), id[2:]
	if t.Form == Bad {
		if t.Mistake, id = Mistake(id[0]), id[1:]; t.Mistake == onRecord {
			t.Mistake = OnRecord
		}
	}
	n, err := strconv.ParseUint(id, 36, 64)
	t.Owner.ID = n
	return t, err == nil
}

// Broken stands for a text whose references are cut or quoted: what is left of
// it means nothing.
const Broken = "broken-reference"

// Strip removes all marks from s, which leaves the text as Tekton reads it. For
// a text with a fault it returns Broken.
func Strip(s string) string {
	parts, fault := Parse(s)
	if fault != Fine {
		return Broken
	}
	if len(parts) == 1 && parts[0].Token == nil {
		return parts[0].Text
	}
	var b strings.Builder
	for _, p := range parts {
		if p.Token == nil {
			b.WriteString(p.Text)
			continue
		}
		b.WriteString("$(")
		b.WriteString(p.Token.Expr)
		b.WriteByte(')')
	}
	return b.String()
}

// Single returns the token if s is one reference and nothing else.
func Single(s string) (Token, bool) {
	parts, fault := Parse(s)
	if fault != Fine || len(parts) != 1 || parts[0].Token == nil {
		return Token{}, false
	}
	return *parts[0].Token, true
}
