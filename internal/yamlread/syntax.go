package yamlread

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	yamlv2 "go.yaml.in/yaml/v2"
)

// syntax converts an error of the YAML parser.
func (d extent) syntax(err error) *Problem {
	// The parser reports no line for the first one: make it the second.
	below := extent{text: "\n" + d.text, file: d.file}
	if _, again := below.parse(); again != nil {
		err = again
	}
	line, text := lineOf(err.Error())
	if parserError(text) {
		line = below.parserLine(line, text)
	} else if strings.Contains(text, "tab character") {
		line, _ = lineOf(sigsError(below.text))
	}
	line--
	lines := strings.Split(d.text, "\n")
	line = min(max(line, 1), len(lines))
	for line > 1 && strings.Trim(lines[line-1], " \r") == "" { // the end of the text
		line--
	}
	help := ""
	start := 0
	for _, l := range lines[:line-1] {
		start += len(l) + 1
	}
	content := lines[line-1]
	at := start + len(content) - len(strings.TrimLeft(content, " \t"))
	switch {
	case strings.HasPrefix(text, "control characters"):
		if i := strings.IndexFunc(d.text, isControl); i >= 0 {
			at = i
			r, _ := utf8.DecodeRuneInString(d.text[i:])
			text = "control characters are not allowed (" + strconv.QuoteRuneToASCII(r) + ")"
		}
		help = "remove it, or write it as an escape in double quotes"
	case strings.HasPrefix(text, "unknown anchor"):
		name := strings.TrimSuffix(strings.TrimPrefix(text, "unknown anchor '"), "' referenced")
		if i := strings.Index(d.text, "*"+name); i >= 0 {
			at = i
		}
		text, help = "unknown anchor "+strconv.Quote(name), "define the anchor before the alias; quote a string that begins with *"
	case indentedByTab(content) && !inBrackets(d.text):
		at = start + strings.IndexByte(content, '\t')
		text, help = "tabs are not allowed for indentation", "indent with spaces"
	default:
		var column int
		text, help, column = explain(text, content)
		at = max(at, start+column)
		if i, ok := strayJSON(d.text); ok && i >= start && i <= start+len(content) {
			at, text, help = i, "unexpected "+strconv.Quote(d.text[i:i+1]), "check for missing or extra brackets, commas and colons"
		}
	}
	p := &Problem{Message: text, Help: help}
	p.Line, p.Column = d.file.position(d.start + at)
	return p
}

// tabBehindComment reports whether a blank line or comment that follows a comment
// begins with a tab.
func tabBehindComment(s string) bool {
	for at, tab := 0, strings.LastIndexByte(s, '\t'); at <= tab; {
		hash := strings.IndexByte(s[at:], '#')
		if hash < 0 {
			return false
		}
		hash += at
		end := strings.IndexAny(s[hash:], "\r\n")
		if end < 0 {
			return false
		}
		at = hash + end
		if before := strings.TrimRight(s[:hash], " \t"); before != "" && !strings.HasSuffix(before, "\n") && !strings.HasSuffix(before, "\r") {
			continue // it is not at the beginning of a line
		}
		below := strings.TrimLeft(s[at:], " \t\n\f\r")
		next := len(s) - len(below)
		if (below == "" || below[0] == '#') && strings.IndexByte(s[at:next], '\t') >= 0 {
			return true
		}
		at = next
	}
	return false
}

// parserLine returns the line of an error for which the parser reports the beginning
// of the map or list, or the line before. The older parser reports the right one.
func (d extent) parserLine(line int, text string) int {
	if l, older := lineOf(sigsError(d.text)); older == text && l > 0 {
		return l + 1
	} else if older == "" && line > 0 {
		return line + 1
	}
	return 0
}

// sigsError returns the error of the YAML parser of kubectl, "" if none.
func sigsError(text string) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = fmt.Sprint(r)
		}
	}()
	if err := yamlv2.Unmarshal([]byte(text), &parsed{}); err != nil {
		return err.Error()
	}
	return ""
}

// parsed is a value that is parsed and not decoded: what aliases multiply would take
// gigabytes.
type parsed struct{}

// UnmarshalYAML does nothing.
func (*parsed) UnmarshalYAML(func(any) error) error { return nil }

// indentedByTab reports whether the indentation of a line contains a tab.
func indentedByTab(line string) bool {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	return strings.Contains(indent, "\t")
}

// parserError reports whether the line of an error is that of the previous token.
func parserError(text string) bool {
	return strings.HasPrefix(text, "did not find expected") || strings.HasPrefix(text, "found undefined tag handle") ||
		strings.HasPrefix(text, "found duplicate") || strings.HasPrefix(text, "found incompatible")
}

// lineOf splits the line off an error of the YAML parser; 0 if it has none.
func lineOf(text string) (line int, rest string) {
	for _, prefix := range []string{"error converting YAML to JSON: ", "yaml: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	if after, ok := strings.CutPrefix(text, "line "); ok {
		if digits, rest, ok := strings.Cut(after, ": "); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				return n, rest
			}
		}
	}
	return 0, text
}

// explain returns a clearer message for an error, and the column in the line.
func explain(text, line string) (message, help string, column int) {
	is := func(prefix string) bool { return strings.HasPrefix(text, prefix) }
	switch {
	case strings.HasPrefix(line, "%"):
		return "YAML directives are not supported", "remove the line", 0
	case strings.HasPrefix(line, "... "), strings.HasPrefix(line, "...\t"):
		return `unexpected text after "..."`, `begin a document with "---"`, 0
	case is("mapping values are not allowed"):
		if first := strings.Index(line, ": "); first >= 0 {
			if second := strings.Index(line[first+2:], ":"); second >= 0 {
				return "second key on the same line", `write it on a new line; quote a value that contains ": "`, first + 2 + second
			}
		}
		return "a key is not allowed here", "check that the line above is complete, and that this line is not indented too far", 0
	case is("did not find expected key"), is("did not find expected '-' indicator"):
		return "the line does not belong to the map or list above it", "check the indentation, and the quotes in this line and those above", 0
	case is("could not find expected ':'"):
		return "the line is neither a key nor a value", `write "key: value"; begin a multi-line string with |`, 0
	case is("found unexpected end of stream"):
		return "unclosed quote", "close it; in single quotes, write '' for '", max(0, strings.IndexAny(line, `"'`))
	case is("did not find expected ',' or"):
		return "unclosed bracket, or missing comma before this line", "", 0
	case is("did not find expected node content"):
		return "missing value, or unclosed bracket", "", 0
	case is("did not find expected <document start>"), strings.Contains(text, errMore.Error()):
		return "the document ends before this line", `begin another document with "---"`, 0
	case is("found character that cannot start any token"):
		return "an unquoted string cannot begin with @, `, % or a tab", "quote it", max(0, strings.IndexAny(line, "@`%\t"))
	case is("block sequence entries are not allowed"):
		return `a list cannot begin on the same line as "key:"`, `begin it on the next line, or quote a string that begins with "- "`,
			max(0, strings.Index(line, "- "))
	case is("found unknown escape character"):
		return "unknown escape sequence", `write \\ for a backslash, or use single quotes`, badEscape(line)
	case strings.Contains(text, "exceeded max depth"):
		return "values are nested too deeply", "", 0
	}
	return text, "", 0
}

// badEscape returns the offset of the first invalid escape.
func badEscape(line string) int {
	for i := 0; i+1 < len(line); i++ {
		if line[i] == '\\' {
			if _, size := escape(line[i:]); size == 0 {
				return i
			}
			i++
		}
	}
	return 0
}
