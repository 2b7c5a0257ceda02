package celenv

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/cel-go/cel"
)

// explain is the first problem that cel-go reports, as one line: what is
// wrong, and at which column. Later ones mostly follow from the first.
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
	if first.Location == nil || first.Location.Line() < 1 || first.Location.Column() < 0 {
		return errors.New(message)
	}
	at := "column " + strconv.Itoa(first.Location.Column()+1)
	if line := first.Location.Line(); line > 1 {
		at = "line " + strconv.Itoa(line) + ", " + at
	}
	return errors.New(message + " at " + at)
}

// oneLine is a message without line breaks, in lower case, without what helps
// only those who know the grammar.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if i := strings.Index(s, " expecting "); i >= 0 && strings.HasPrefix(s, "Syntax error: ") {
		s = s[:i]
	}
	s = plainer.Replace(s)
	if len(s) > longest {
		cut := longest
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

// plainer replaces words of the parser by those of the writer.
var plainer = strings.NewReplacer(
	" (in container '')", "", "mismatched input '<EOF>'", "unexpected end", "'<EOF>'", "the end",
	"'@in'", "'in'", "'!_'", "'!'", "'-_'", "'-'", "'_[_]'", "'[]'", "'_?_:_'", "'?:'",
	"'_+_'", "'+'", "'_-_'", "'-'", "'_*_'", "'*'", "'_/_'", "'/'", "'_%_'", "'%'",
	"'_==_'", "'=='", "'_!=_'", "'!='", "'_<_'", "'<'", "'_<=_'", "'<='", "'_>_'", "'>'", "'_>=_'", "'>='",
	"'_&&_'", "'&&'", "'_||_'", "'||'",
)

// longest is the number of bytes that a message may have; those of cel-go may
// repeat the whole expression.
const longest = 200
