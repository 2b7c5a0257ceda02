package printable

import (
	"bytes"
	"encoding/xml"
	"io"
)

// WriteXML writes a value as indented XML, below elements of the given depth. Characters
// that XML does not allow become U+FFFD, and what [Lines] escapes is escaped. To see them,
// make the texts harmless before, with [Line] or [Lines].
func WriteXML(w io.Writer, v any, depth int) error {
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	indent := string(bytes.Repeat([]byte("  "), depth))
	e.Indent(indent, "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	// There is nothing to escape in the names of elements and attributes.
	_, err := io.WriteString(w, Lines(b.String(), "")+"\n")
	return err
}
