package manifest

import (
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/yamlwrite"
)

// Encoder writes objects to a stream one by one, as YAML in the form that Set
// has, and keeps none of them: its memory is that of the largest object. It
// checks nothing, merges nothing and keeps the order; values of Secrets are
// written as they are. An Encoder is for one goroutine at a time.
type Encoder struct {
	w     io.Writer
	b     []byte
	again bool
}

// NewEncoder returns an encoder that writes to w.
func NewEncoder(w io.Writer) *Encoder { return &Encoder{w: w} }

// Encode writes one object: an upstream struct with apiVersion and kind set, or
// an unstructured one. Objects are parted by ---. An object that cannot be
// written leaves the stream as it was.
func (e *Encoder) Encode(o runtime.Object) error {
	if e == nil || e.w == nil {
		return errors.New("there is no writer to write to")
	}
	if isNil(o) {
		return errors.New("the object is nil")
	}
	if apiVersion, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind(); apiVersion == "" || kind == "" {
		return fmt.Errorf("the object, a %T, has no apiVersion or no kind; set its TypeMeta", o)
	}
	b := e.b[:0]
	if e.again {
		b = append(b, "---\n"...)
	}
	b, err := yamlwrite.Append(b, o)
	if err != nil {
		return fmt.Errorf("the object cannot be written: %w", err)
	}
	e.b = b
	if _, err := e.w.Write(b); err != nil {
		return fmt.Errorf("the stream is not written whole: %w", err)
	}
	e.again = true
	return nil
}
