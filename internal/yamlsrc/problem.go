package yamlsrc

import (
	"strconv"
	"strings"
	"unicode/utf8"

	sigsyaml "sigs.k8s.io/yaml"
)

// Trouble is why a document cannot be read.
type Trouble uint8

// The troubles there are.
const (
	Broken   Trouble = iota // it is no YAML
	Template                // it makes YAML when it is rendered
	Limit                   // it is larger than what is read
)

// Problem is why a document cannot be read, and where.
type Problem struct {
	Trouble      Trouble
	Line, Column int
	Message      string // lower case, without a full stop
	Help         string
}

// problem makes a problem of a fault of the document.
func (d *Document) problem(f *fault) *Problem {
	p := &Problem{Message: f.err.Error()}
	p.Line, p.Column = d.Position(f.mark)
	if f.limit {
		p.Trouble = Limit
	}
	return p
}

// unreadable is the problem of a stream that is no text, or is too large.
func unreadable(f *file) *Problem {
	at := func(offset int, trouble Trouble, message, help string) *Problem {
		line, column := f.position(offset)
		return &Problem{trouble, line, column, message, help}
	}
	s := f.text
	switch {
	case len(s) > maxStream:
		return &Problem{Limit, 1, 1, "the stream has " + strconv.Itoa(len(s)>>20) + " MiB, more than is read at once (" +
			strconv.Itoa(maxStream>>20) + " MiB)", "split it into several files"}
	case strings.HasPrefix(s, "\xff\xfe") || strings.HasPrefix(s, "\xfe\xff"):
		return &Problem{Broken, 1, 1, "the text is UTF-16", "save it as UTF-8"}
	case !utf8.ValidString(s):
		offset := 0
		for offset < len(s) {
			r, size := utf8.DecodeRuneInString(s[offset:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			offset += size
		}
		return at(offset, Broken, "the text is not valid UTF-8", "save it as UTF-8; bytes go into a Secret, or into binaryData of a ConfigMap")
	}
	return nil
}

// isControl tells the characters that must not stand in YAML.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff
}

// syntax makes a problem of an error of the YAML reader.
func (d *Document) syntax(err error) *Problem {
	line, text := lineOf(err.Error())
	if parserError(text) {
		// It names the beginning of the map or list; the older one, the line at fault.
		line = 0
		if _, err := sigsyaml.YAMLToJSON([]byte(d.text)); err != nil {
			if l, older := lineOf(err.Error()); l > 0 && older == text {
				line = l + 1
			}
		}
	}
	lines := strings.Split(strings.TrimRight(d.text, " \t\r\n"), "\n")
	line = min(max(line, 1), len(lines))
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
	case indentedByTab(content):
		at = start + strings.IndexByte(content, '\t')
		text, help = "the line is indented with a tab", "indent with spaces"
	default:
		text, help = explain(text)
	}
	p := &Problem{Message: text, Help: help}
	p.Line, p.Column = d.file.position(d.start + at)
	return p
}

// indentedByTab tells whether a tab stands before the first word of a line.
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

// explain says what usually is the matter.
func explain(text string) (message, help string) {
	switch {
	case strings.HasPrefix(text, "mapping values are not allowed"):
		return "there is a second key in this line, or its indentation fits no line above",
			`indent it like its neighbours; quote a value that holds ": "`
	case strings.HasPrefix(text, "did not find expected key"), strings.HasPrefix(text, "did not find expected '-' indicator"):
		return "the line fits neither the map nor the list above it", "check its indentation, and the quotes before it"
	case strings.HasPrefix(text, "could not find expected ':'"):
		return "the line is neither a key nor a value", `write "key: value"; a text of several lines begins with |`
	case strings.HasPrefix(text, "found unexpected end of stream"):
		return "a quote is not closed", "close it; in single quotes, ' is written ''"
	case strings.HasPrefix(text, "did not find expected ',' or"):
		return "a bracket is not closed, or a comma is missing before this line", ""
	case strings.HasPrefix(text, "did not find expected node content"):
		return "a value is missing, or a bracket is not closed", ""
	case strings.HasPrefix(text, "found character that cannot start any token"):
		return "a text without quotes cannot begin with @, `, % or a tab", "quote it"
	case strings.HasPrefix(text, "block sequence entries are not allowed"):
		return `a list cannot begin behind "key:" in the same line`, `begin it in the next line, or quote a text that begins with "- "`
	case strings.HasPrefix(text, "found unknown escape character"):
		return `there is no such escape in double quotes`, `write \\ for a backslash, or use single quotes`
	case strings.Contains(text, "exceeded max depth"):
		return "it is nested too deeply", ""
	}
	return text, ""
}
