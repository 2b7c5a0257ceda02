package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Write builds the set and writes it as one YAML stream: a header, and the objects,
// separated by "---". If there is any error, nothing is written. Secrets with values
// are an error. Declared Secrets are listed in comments, with the commands that
// create them.
//
// Apply the stream with kubectl apply -f -. Objects with a generateName instead of a
// name, such as most runs, cannot be applied. Write the definitions as one set for
// kubectl apply, and the runs as another one for kubectl create -f -.
//
//	manifest.New(pipeline)                  // for kubectl apply
//	manifest.New(manifest.FromObjects(run)) // for kubectl create; run is the upstream struct
func (s *Set) Write(w io.Writer) error {
	if w == nil {
		return errors.New("the writer is nil")
	}
	docs, err := s.documents(refuseSecrets)
	if err != nil {
		return err
	}
	docs, declared := written(docs)
	list, err := toDo(declared)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(header)
	b.Write(list)
	for i, d := range docs {
		if i > 0 {
			b.WriteString("---\n")
		}
		b.Write(d.text)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("cannot write the whole stream: %w", err)
	}
	return nil
}
