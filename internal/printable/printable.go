// Package printable writes text that comes from elsewhere, such as manifests, names of
// files and answers of a cluster, so that it is only shown: it cannot control a
// terminal, look like another line of the output, or be a command for a CI runner.
//
// Programs write their output with [Fprintf] and [WriteJSON] alone. A format is text of
// the program. Everything else is an argument and becomes harmless.
package printable

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape returns the visible escape of a character that would not be shown as
// itself: \x1b, \u202e. It returns false for other characters. Such characters are
// control characters, line separators, and characters that change the direction of text
// or are invisible, which Unicode calls format and default ignorable characters.
func Escape(r rune) (string, bool) {
	switch {
	case r == '\n':
		return `\n`, true
	case r == '\r':
		return `\r`, true
	case r == '\t':
		return `\t`, true
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return fmt.Sprintf(`\x%02x`, r), true
	case r < 0x300 && r != 0xad:
		return "", false
	case !unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && r != '\u2028' && r != '\u2029' && r != '\u2800': // a pattern of no dots
		return "", false
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r), true
	}
	return fmt.Sprintf(`\u%04x`, r), true
}

// joins reports whether r joins or separates two letters, such as the parts of an
// emoji, or selects its color. After a letter of ASCII, or after another character that is
// not shown, it would only be invisible.
func joins(before, r rune) bool {
	switch {
	case before < utf8.RuneSelf:
		return false
	case r == '\u200d' && before == '\ufe0f':
		return true
	case r == '\u200d', r == '\u200c', r == '\ufe0f':
		_, odd := Escape(before)
		return !odd
	}
	return false
}

// Line returns text as one line. Line breaks and tabs become spaces; other characters
// that are not shown are escaped.
func Line(text string) string {
	if plain(text) {
		return text
	}
	text = strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	return harmless(escaped(text, func(r rune) (string, bool) { return " ", r == '\n' || r == '\r' || r == '\t' }))
}

// Value returns text as one line that shows all its characters: line breaks and tabs
// are escaped, too.
func Value(text string) string {
	if plain(text) {
		return text
	}
	return harmless(escaped(text, nil))
}

// Lines returns text with its line breaks and tabs. All lines but the first begin
// with indent, unless they begin with white space.
func Lines(text, indent string) string {
	if plain(text) {
		return text
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		if i > 0 && l != "" && l[0] != ' ' && l[0] != '\t' {
			l = indent + l
		}
		lines[i] = harmless(escaped(l, func(r rune) (string, bool) { return "\t", r == '\t' }))
	}
	return strings.Join(lines, "\n")
}

// plain reports whether a text is shown as it is. Most texts are.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '#' || c == ':' && (i == 0 || s[i-1] <= ' ') {
			return false
		}
	}
	return true
}

// escaped escapes what is not shown. The function other returns what else to write
// for a character.
func escaped(s string, other func(rune) (string, bool)) string {
	var b strings.Builder
	before := rune(0)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case joins(before, r):
			b.WriteRune(r)
		default:
			text, ok := "", false
			if other != nil {
				text, ok = other(r)
			}
			if !ok {
				text, ok = Escape(r)
			}
			if !ok {
				text = s[i : i+size]
			}
			b.WriteString(text)
		}
		before = r
		i += size
	}
	return b.String()
}

// harmless returns a line that is no command for a CI runner. GitHub executes a line
// that begins with :: after white space, and whatever follows ##[ in a line. Azure
// Pipelines executes what follows ##vso[, and TeamCity what follows ##teamcity[. A
// backslash makes each of them a text.
func harmless(line string) string {
	if rest := strings.TrimLeftFunc(line, unicode.IsSpace); strings.HasPrefix(rest, "::") {
		line = line[:len(line)-len(rest)] + `\` + rest
	}
	var b strings.Builder
	last := 0
	for from := 0; ; {
		i := strings.Index(line[from:], "##")
		if i < 0 {
			break
		}
		if i += from; isCommand(line[i:]) {
			b.WriteString(line[last:i+1] + `\`)
			last = i + 1
		}
		from = i + 1
	}
	return b.String() + line[last:]
}

// isCommand reports whether a text begins with ##[ or ##WORD[, with which CI runners
// find a command within a line.
func isCommand(s string) bool {
	s, ok := strings.CutPrefix(s, "##")
	if !ok {
		return false
	}
	s = s[:min(len(s), longestCommand)]
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r == '-' || r == '_' || r < utf8.RuneSelf && unicode.IsLetter(r) })
	return strings.HasPrefix(s, "[")
}

// Safe is text that is written as it is. Only the functions of this package make it,
// and constants.
type Safe string

// Styled returns text with the style of an ANSI code, such as "1;31"; without one if
// the code is "".
func Styled(code, text string) Safe {
	text = Line(text)
	if code == "" || text == "" {
		return Safe(text)
	}
	return Safe("\x1b[" + code + "m" + text + "\x1b[0m")
}

// Indented returns text of several lines, see [Lines]; all but the first begin with the
// indentation, also those that begin with white space.
func Indented(text, indent string) Safe {
	return Safe(strings.ReplaceAll(Lines(text, ""), "\n", "\n"+indent))
}

// Block returns the text of an error: see [Lines]. Lines below the first are indented by
// at least two spaces.
func Block(text string) Safe { return Safe(Lines(strings.TrimRight(text, "\n"), "  ")) }

// Diff returns a unified diff, which can be applied to the files unless it shows what a
// terminal or a CI runner would execute: the lines have the same ends as those of the files.
func Diff(text string) Safe {
	if plain(text) {
		return Safe(text)
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		body, ended := strings.CutSuffix(l, "\r")
		lines[i] = harmless(escaped(body, func(r rune) (string, bool) { return "\t", r == '\t' }))
		if ended {
			lines[i] += "\r"
		}
	}
	return Safe(strings.Join(lines, "\n"))
}

// Text returns text of several lines, see [Lines], which keep their first characters.
func Text(text string) Safe { return Safe(Lines(text, "")) }

// Fprintf formats like [fmt.Fprintf]. Strings, errors and other arguments with a text
// are written as one line, see [Line]; [Safe] text and numbers as they are. The verb %q
// escapes more.
func Fprintf(w io.Writer, format string, args ...any) error {
	_, err := io.WriteString(w, Sprintf(format, args...))
	return err
}

// NewWriter returns a writer for code that writes text itself. What is written at once
// is text of several lines, see [Lines].
func NewWriter(w io.Writer) io.Writer { return writer{w} }

type writer struct{ w io.Writer }

func (w writer) Write(b []byte) (int, error) {
	if _, err := io.WriteString(w.w, Lines(string(b), "")); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Format is like [Sprintf], for a text that is part of another one.
func Format(format string, args ...any) Safe { return Safe(Sprintf(format, args...)) }

// Sprintf returns what [Fprintf] writes.
func Sprintf(format string, args ...any) string {
	made := make([]any, len(args))
	quotes := strings.IndexByte(format, 'q') >= 0 // perhaps
	for i, a := range args {
		switch a := a.(type) {
		case string:
			if quotes {
				made[i] = argument{a}
			} else {
				made[i] = Line(a)
			}
		case Safe:
			made[i] = string(a)
		case bool, int, int32, int64, float64:
			made[i] = a
		default:
			made[i] = argument{a}
		}
	}
	return fmt.Sprintf(format, made...)
}

// argument is an argument that becomes harmless when it is formatted.
type argument struct{ value any }

// Format implements [fmt.Formatter].
func (a argument) Format(s fmt.State, verb rune) {
	text := fmt.Sprint(a.value)
	if verb == 'q' {
		text = harmless(escaped(fmt.Sprintf("%q", text), nil)) // %q shows selectors as they are
		verb = 's'
	} else {
		text = Line(text)
	}
	_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), text)
}
