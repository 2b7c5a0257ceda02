package yamlread

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	sigsyaml "sigs.k8s.io/yaml"
)

// syntax makes a problem of an error of the YAML reader.
func (d extent) syntax(err error) *Problem {
	// Of the first line the reader says nothing: here it is the second.
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
			text = "there is a control character (" + strconv.QuoteRuneToASCII(r) + ")"
		}
		help = "write it as an escape in double quotes, or take it out"
	case strings.HasPrefix(text, "unknown anchor"):
		name := strings.TrimSuffix(strings.TrimPrefix(text, "unknown anchor '"), "' referenced")
		if i := strings.Index(d.text, "*"+name); i >= 0 {
			at = i
		}
		text, help = "there is no anchor "+strconv.Quote("&"+name)+" before this alias", "quote a text that begins with *"
	case indentedByTab(content) && !inBrackets(d.text):
		at = start + strings.IndexByte(content, '\t')
		text, help = "the line is indented with a tab", "indent with spaces"
	default:
		var column int
		text, help, column = explain(text, content)
		at = max(at, start+column)
		if i, ok := strayJSON(d.text); ok && i >= start && i <= start+len(content) {
			at, text, help = i, strconv.Quote(d.text[i:i+1])+" cannot stand here", "look for a bracket, a comma or a colon that is missing, or too many"
		}
	}
	p := &Problem{Message: text, Help: help}
	p.Line, p.Column = d.file.position(d.start + at)
	return p
}

// tabBehindComment reports whether a line of blanks, or a comment, begins with a
// tab below a comment.
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
			continue // it begins no line
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

// parserLine is the line of an error that is named by the beginning of the map
// or list, or by the line before: the older reader names the line at fault.
func (d extent) parserLine(line int, text string) int {
	if l, older := lineOf(sigsError(d.text)); older == text && l > 0 {
		return l + 1
	} else if older == "" && line > 0 {
		return line + 1
	}
	return 0
}

// sigsError is what the reader of kubectl says of a document, "" if nothing.
func sigsError(text string) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = fmt.Sprint(r)
		}
	}()
	if _, err := sigsyaml.YAMLToJSON([]byte(text)); err != nil {
		return err.Error()
	}
	return ""
}

// indentedByTab reports whether a tab stands before the first word of a line.
func indentedByTab(line string) bool {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	return strings.Contains(indent, "\t")
}

// parserError tells the errors whose line is the one of the token before.
func parserError(text string) bool {
	return strings.HasPrefix(text, "did not find expected") || strings.HasPrefix(text, "found undefined tag handle") ||
		strings.HasPrefix(text, "found duplicate") || strings.HasPrefix(text, "found incompatible")
}

// lineOf takes the line out of an error of the YAML reader; 0 if it names none.
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

// explain says what usually is the matter with a line, and where in it.
func explain(text, line string) (message, help string, column int) {
	is := func(prefix string) bool { return strings.HasPrefix(text, prefix) }
	switch {
	case strings.HasPrefix(line, "%"):
		return "a document of Kubernetes has no directives", "take the line out", 0
	case strings.HasPrefix(line, "... "), strings.HasPrefix(line, "...\t"):
		return `nothing can stand behind "..." in its line`, `"---" begins a document`, 0
	case is("mapping values are not allowed"):
		if first := strings.Index(line, ": "); first >= 0 {
			if second := strings.Index(line[first+2:], ":"); second >= 0 {
				return "there is a second key in this line", `begin a new line; quote a value that holds ": "`, first + 2 + second
			}
		}
		return "no key can stand here", "the line above is no complete one, or this one is indented too far", 0
	case is("did not find expected key"), is("did not find expected '-' indicator"):
		return "the line fits neither the map nor the list above it", "check its indentation, and the quotes in it and before it", 0
	case is("could not find expected ':'"):
		return "the line is neither a key nor a value", `write "key: value"; a text of several lines begins with |`, 0
	case is("found unexpected end of stream"):
		return "a quote is not closed", "close it; in single quotes, ' is written ''", max(0, strings.IndexAny(line, `"'`))
	case is("did not find expected ',' or"):
		return "a bracket is not closed, or a comma is missing before this line", "", 0
	case is("did not find expected node content"):
		return "a value is missing, or a bracket is not closed", "", 0
	case is("did not find expected <document start>"), strings.Contains(text, errMore.Error()):
		return "the document has ended before this line", `begin another document with "---"`, 0
	case is("found character that cannot start any token"):
		return "a text without quotes cannot begin with @, `, % or a tab", "quote it", max(0, strings.IndexAny(line, "@`%\t"))
	case is("block sequence entries are not allowed"):
		return `a list cannot begin behind "key:" in the same line`, `begin it in the next line, or quote a text that begins with "- "`,
			max(0, strings.Index(line, "- "))
	case is("found unknown escape character"):
		return "there is no such escape in double quotes", `write \\ for a backslash, or use single quotes`, badEscape(line)
	case strings.Contains(text, "exceeded max depth"):
		return "it is nested too deeply", "", 0
	}
	return text, "", 0
}

// badEscape finds the first escape that YAML does not have.
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
