package manifest

import (
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/yamlwrite"
)

// Encoder writes objects to a stream one by one, in the same YAML format as [Set],
// without keeping them in memory. It does not check, merge or sort them, and writes
// the values of Secrets. It is not safe for concurrent use.
type Encoder struct {
	w     io.Writer
	b     []byte
	again bool
}

// NewEncoder returns an encoder that writes to w.
func NewEncoder(w io.Writer) *Encoder { return &Encoder{w: w} }

// Encode writes one object: an upstream struct with apiVersion and kind set, or an
// unstructured one. Objects are separated by "---". If the object cannot be encoded,
// nothing is written.
func (e *Encoder) Encode(o runtime.Object) error {
	if e == nil || e.w == nil {
		return errors.New("the writer is nil")
	}
	if isNil(o) {
		return errors.New("the object is nil")
	}
	if apiVersion, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind(); apiVersion == "" || kind == "" {
		return fmt.Errorf("the object of Go type %T has no apiVersion or no kind; set its TypeMeta", o)
	}
	b := e.b[:0]
	if e.again {
		b = append(b, "---\n"...)
	}
	b, err := yamlwrite.Append(b, o)
	if err != nil {
		return fmt.Errorf("cannot encode the object: %w", err)
	}
	e.b = b
	if _, err := e.w.Write(b); err != nil {
		return fmt.Errorf("cannot write the object: %w", err)
	}
	e.again = true
	return nil
}
