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

// mark delimits the hidden part of a token. It is a private-use character, which
// real text does not contain. Text that contains it in any other place is a fault.
const mark = "\U000F0E0E"

// quotedMark is the mark as %q formats it.
const quotedMark = `\U000f0e0e`

// Empty is the text of an explicit empty string. It differs from "", which means
// that no value is set.
const Empty = mark + mark

// Scope is the kind of an owner.
type Scope byte

// The scopes.
const (
	Pipeline Scope = 'p' // params, workspaces, contexts and task results of a pipeline
	Task     Scope = 't' // params, results and workspaces inside a task
	Action   Scope = 'a' // params and results inside a StepAction
	Event    Scope = 'e' // fields of an event
	PaC      Scope = 'c' // variables of Pipelines-as-Code
)

// OfEvent reports whether the values of such an owner are known when an event arrives.
func (s Scope) OfEvent() bool { return s == Event || s == PaC }

// PaCOpen begins the text of a token for a variable of Pipelines-as-Code that does not
// belong to a Repository. Its name and a closing parenthesis follow.
const PaCOpen = "$(" + mark + "cv0:Pipelines-as-Code" + mark

// Form is the form of a variable, which determines how it can be used.
type Form byte

// The forms.
const (
	Value  Form = 'v' // one string
	All    Form = 'a' // every item of an array; valid only in a list
	Each   Form = 'e' // one matrix parameter; Expr is the encoded array
	Status Form = 's' // a status or reason; valid only in finally
	Final  Form = 'f' // a result of a finally task; valid only in a pipeline result
	Outer  Form = 'o' // one string of the pipeline in the steps of an embedded task
	Bad    Form = 'b' // the result of a mistake; see Mistake
)

// Mistake is the reason why a token has the form Bad.
type Mistake byte

// The mistakes. All but Reported are reported where the text is used, because the
// method that returned it could not return an error.
const (
	Reported  Mistake = 0   // already reported
	AllOfList Mistake = 'a' // all items of a literal list, which has no variable
	NoItem    Mistake = 'i' // the list has no such item
	NoKey     Mistake = 'k' // the object has no such key
	NoField   Mistake = 'f' // the event has no such field
)

// Owner is the pipeline, task, StepAction or event that a token refers to.
type Owner struct {
	Scope Scope
	ID    uint64
	Name  string // for messages
}

var ids atomic.Uint64

// NewOwner returns an owner that differs from all others.
func NewOwner(s Scope, name string) Owner {
	return Owner{Scope: s, ID: ids.Add(1), Name: scrub(Strip(name))}
}

// Token is a variable in a text.
type Token struct {
	Owner Owner
	Form  Form
	Expr  string // between $( and )

	Mistake Mistake // if Form is Bad
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
		b.WriteByte(byte(max(t.Mistake, reportedByte)))
	}
	b.WriteString(strconv.FormatUint(t.Owner.ID, 36))
	b.WriteByte(':')
	b.WriteString(t.Owner.Name)
	b.WriteString(mark)
	b.WriteString(clean(t.Expr))
	b.WriteByte(')')
	return b.String()
}

// Text returns the variable as it is written in a manifest.
func (t Token) Text() string {
	if t.Owner.Scope == PaC {
		return "{{ " + t.Expr + " }}"
	}
	return "$(" + t.Expr + ")"
}

// clean removes the characters that would end an expression early. The names that
// contain them are reported elsewhere as invalid.
func clean(expr string) string { return scrub(strings.ReplaceAll(Strip(expr), ")", "")) }

// scrub removes marks and invalid UTF-8, with which Parse could not read a token.
func scrub(s string) string {
	for !Plain(s) {
		s = strings.NewReplacer(mark, "", quotedMark, "").Replace(strings.ToValidUTF8(s, ""))
	}
	return s
}

// HasMark reports whether s contains a mark, quoted or not.
func HasMark(s string) bool {
	return strings.Contains(s, mark) || strings.Contains(s, quotedMark)
}

// Plain reports whether s is valid UTF-8 and contains no mark. Most texts are plain
// and do not need to be parsed.
func Plain(s string) bool { return !HasMark(s) && utf8.ValidString(s) }

// Fault is the reason why a text cannot be parsed.
type Fault string

// The faults.
const (
	NoFault Fault = ""
	Cut     Fault = "cut"     // a part of a token is missing
	Quoted  Fault = "quoted"  // a token was quoted, as by %q
	NotUTF8 Fault = "invalid" // not valid UTF-8, most likely because a token was cut
)

// Part is either plain text or a token.
type Part struct {
	Text  string
	Token *Token
}

// Parse splits s into plain text and tokens. If there is a fault, the parts are nil.
func Parse(s string) ([]Part, Fault) {
	if !strings.Contains(s, mark) {
		switch {
		case strings.Contains(s, quotedMark):
			return nil, Quoted
		case !utf8.ValidString(s):
			return nil, NotUTF8
		case s == "":
			return nil, NoFault
		}
		return []Part{{Text: s}}, NoFault
	}
	if !utf8.ValidString(s) {
		return nil, Cut
	}
	if strings.Contains(s, quotedMark) {
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
			return parts, NoFault
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

// reportedByte encodes Reported in the text of a token.
const reportedByte Mistake = '-'

// parseHead parses the text between the two marks of a token.
func parseHead(head string) (t Token, ok bool) {
	id, name, ok := strings.Cut(head, ":")
	if !ok || len(id) < 3 {
		return t, false
	}
	t.Owner, t.Form, id = Owner{Scope: Scope(id[0]), Name: name}, Form(id[1]), id[2:]
	if t.Form == Bad {
		if t.Mistake, id = Mistake(id[0]), id[1:]; t.Mistake == reportedByte {
			t.Mistake = Reported
		}
	}
	n, err := strconv.ParseUint(id, 36, 64)
	t.Owner.ID = n
	return t, err == nil
}

// Broken is what Strip returns for a text with a fault.
const Broken = "broken-reference"

// Strip returns s without marks, as Tekton reads it. It returns Broken if s has a
// fault.
func Strip(s string) string {
	parts, fault := Parse(s)
	if fault != NoFault {
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
		b.WriteString(p.Token.Text())
	}
	return b.String()
}

// Single returns the token that s consists of. It returns false if s consists of
// anything else.
func Single(s string) (Token, bool) {
	parts, fault := Parse(s)
	if fault != NoFault || len(parts) != 1 || parts[0].Token == nil {
		return Token{}, false
	}
	return *parts[0].Token, true
}
