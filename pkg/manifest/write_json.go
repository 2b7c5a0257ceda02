package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// WriteJSON is like [Set.Write], but writes one JSON object: a v1 List of the objects.
// Since JSON has no comments, declared Secrets are not listed.
func (s *Set) WriteJSON(w io.Writer) error {
	if w == nil {
		return errors.New("the writer is nil")
	}
	docs, err := s.documents(refuseSecrets)
	if err != nil {
		return err
	}
	docs, _ = written(docs)
	var b bytes.Buffer
	b.WriteString(`{"apiVersion":"v1","kind":"List","items":[`)
	for i, d := range docs {
		n, err := d.tree()
		if err != nil {
			return unwritable(d.item, err)
		}
		text, err := n.JSON()
		if err != nil {
			return unwritable(d.item, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(text)
	}
	b.WriteString("]}")
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		return fmt.Errorf("the JSON is malformed: %w", err)
	}
	out.WriteByte('\n')
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("cannot write the whole stream: %w", err)
	}
	return nil
}
