package celenv

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/cel-go/cel"
)

// explain returns the first problem that cel-go reports, as one line with the column.
// Most other problems are consequences of the first.
func explain(issues *cel.Issues) error {
	if issues == nil || issues.Err() == nil {
		return nil
	}
	all := issues.Errors()
	if len(all) == 0 {
		return errors.New(oneLine(issues.Err().Error()))
	}
	first := all[0]
	message := oneLine(first.Message)
	message, help := unread(message)
	if first.Location == nil || first.Location.Line() < 1 || first.Location.Column() < 0 {
		return errors.New(message)
	}
	at := "column " + strconv.Itoa(first.Location.Column()+1)
	if line := first.Location.Line(); line > 1 {
		at = "line " + strconv.Itoa(line) + ", " + at
	}
	return &Problem{text: message + " at " + at, help: help, line: first.Location.Line(), column: first.Location.Column()}
}

// unread rewrites the message about a character that is no part of CEL, and returns what to
// write instead; "" if the message is another one.
func unread(message string) (text, help string) {
	token, ok := strings.CutPrefix(message, "syntax error: token recognition error at: '")
	if !ok || token == "" {
		return message, ""
	}
	r, n := utf8.DecodeRuneInString(token)
	switch r {
	case '=':
		help = "write == to compare two values"
	case '&':
		help = "write && for and"
	case '|':
		help = "write || for or"
	case '\'', '"':
		return "a string is not closed", "close it with another " + token[:n]
	}
	return token[:n] + " cannot be used in CEL", help
}

// Problem is an error at a position in the expression.
type Problem struct {
	text, help   string
	line, column int // the line counted from 1, the column in runes from 0
}

// Error returns the message, which ends with the position.
func (p *Problem) Error() string { return p.text }

// Help returns what to write instead; "" if that is not known.
func (p *Problem) Help() string { return p.help }

// Word returns the name, number or operator at the position in the expression. It
// returns "" if the same word also occurs earlier, because callers search for the word
// and would find that one.
func (p *Problem) Word(expr string) string {
	at := 0
	for range p.line - 1 {
		i := strings.IndexByte(expr[at:], '\n')
		if i < 0 {
			return ""
		}
		at += i + 1
	}
	for range p.column {
		_, n := utf8.DecodeRuneInString(expr[at:])
		at += n
	}
	rest := expr[at:]
	if i := strings.IndexFunc(rest, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }); i >= 0 {
		_, n := utf8.DecodeRuneInString(rest[i:])
		if i == 0 {
			i = n
		}
		rest = rest[:i]
	}
	if rest == "" || strings.Index(expr, rest) != at {
		return ""
	}
	return rest
}

// oneLine returns a message in one line, in lower case at the beginning, and without
// the list of tokens that the parser expected.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if i := strings.Index(s, " expecting "); i >= 0 && strings.HasPrefix(s, "Syntax error: ") {
		s = s[:i]
	}
	s = clearer(replacer.Replace(s))
	if len(s) > maxMessage {
		cut := maxMessage
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "..."
	}
	if r, n := utf8.DecodeRuneInString(s); unicode.IsUpper(r) {
		s = string(unicode.ToLower(r)) + s[n:]
	}
	return s
}

// clearer rewrites two messages about "...".format([...]) that are hard to
// understand.
func clearer(s string) string {
	switch {
	case s == "unexpected end of string":
		return "the format string ends within a verb; write %% for a percent sign"
	case strings.HasPrefix(s, "index ") && strings.HasSuffix(s, " out of range"):
		return "the format string has more verbs than arguments"
	}
	return s
}

// replacer replaces names that only the parser uses, such as those of operators.
var replacer = strings.NewReplacer(
	" (in container '')", "", "mismatched input '<EOF>'", "unexpected end", "'<EOF>'", "the end",
	"'@in'", "'in'", "'!_'", "'!'", "'-_'", "'-'", "'_[_]'", "'[]'", "'_?_:_'", "'?:'",
	"'_+_'", "'+'", "'_-_'", "'-'", "'_*_'", "'*'", "'_/_'", "'/'", "'_%_'", "'%'",
	"'_==_'", "'=='", "'_!=_'", "'!='", "'_<_'", "'<'", "'_<=_'", "'<='", "'_>_'", "'>'", "'_>=_'", "'>='",
	"'_&&_'", "'&&'", "'_||_'", "'||'",
)

// maxMessage is the maximum number of bytes in a message. Messages of cel-go may contain
// the whole expression.
const maxMessage = 200
