package printable

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteJSON writes a value as JSON, indented or in one line. Reading it gives the same
// value as reading the JSON of [json.Marshal], but characters that a terminal would not
// show, and what could be a command for a CI runner, are escapes.
func WriteJSON(w io.Writer, v any, indented bool) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if indented {
		e.SetIndent("", "  ")
	}
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

// WriteJSONList writes a value as indented JSON like [WriteJSON], but makes the items of one
// list in it one by one, because there may be very many. In value, the list is empty, and
// its field has the name field; value is the list if field is "". There are n items.
func WriteJSONList(w io.Writer, value any, field string, n int, item func(i int) any) error {
	var b bytes.Buffer
	if err := WriteJSON(&b, value, true); err != nil {
		return err
	}
	mark := "["
	if field != "" {
		mark = `"` + field + `": [`
	}
	at := bytes.Index(b.Bytes(), []byte(mark+"]"))
	if at < 0 || n == 0 {
		_, err := w.Write(b.Bytes())
		return err
	}
	at += len(mark)
	line := b.Bytes()[bytes.LastIndexByte(b.Bytes()[:at], '\n')+1:]
	indent := string(line[:len(line)-len(bytes.TrimLeft(line, " "))])
	if _, err := w.Write(b.Bytes()[:at]); err != nil {
		return err
	}
	var one bytes.Buffer
	e := json.NewEncoder(&one)
	e.SetEscapeHTML(false)
	e.SetIndent(indent+"  ", "  ")
	for i := range n {
		one.Reset()
		if i > 0 {
			one.WriteByte(',')
		}
		one.WriteString("\n" + indent + "  ")
		if err := e.Encode(item(i)); err != nil {
			return err
		}
		if _, err := w.Write(escapeJSON(bytes.TrimSuffix(one.Bytes(), []byte("\n")))); err != nil {
			return err
		}
	}
	_, err := w.Write(append([]byte("\n"+indent), b.Bytes()[at:]...))
	return err
}

// escapeJSON escapes characters of the strings in JSON. They occur nowhere else.
func escapeJSON(b []byte) []byte {
	clean := true
	for i := range len(b) {
		if c := b[i]; c >= 0x7f || c == '#' {
			clean = false
			break
		}
	}
	if clean {
		return b
	}
	out := make([]byte, 0, len(b)+64)
	before := rune(0)
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		switch _, hidden := Escape(r); {
		case r == '#' && before == '#' && isCommand(string(b[i-1:min(len(b), i+longestCommand)])):
			out = append(out, `\u0023`...)
		case hidden && r >= 0x7f && !joins(before, r):
			out = appendEscape(out, r)
		default:
			out = append(out, b[i:i+size]...)
		}
		before = r
		i += size
	}
	return out
}

// appendEscape appends the escapes of a character, two beyond the first plane.
func appendEscape(b []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	unit := func(u rune) {
		b = append(b, '\\', 'u', digits[u>>12&15], digits[u>>8&15], digits[u>>4&15], digits[u&15])
	}
	if r > 0xffff {
		r -= 0x10000
		unit(0xd800 + r>>10)
		unit(0xdc00 + r&0x3ff)
		return b
	}
	unit(r)
	return b
}

// Command returns a workflow command of GitHub Actions. Properties are pairs of a name
// and a value. The message may have several lines.
func Command(name string, properties [][2]string, message string) Safe {
	var b strings.Builder
	b.WriteString("::" + name)
	for i, p := range properties {
		b.WriteByte(" ,"[min(i, 1)])
		b.WriteString(p[0] + "=" + inProperty.Replace(Value(p[1])))
	}
	b.WriteString("::" + inMessage.Replace(Lines(message, "")))
	return Safe(b.String())
}

// Replacers that escape special characters in the message and in the properties of a
// command.
var (
	inMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	inProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
