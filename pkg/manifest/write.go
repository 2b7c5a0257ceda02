package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Write builds the set and writes it as one YAML stream: a header, then the
// objects, parted by ---. Nothing is written if anything is wrong. Secrets that
// hold values are refused; those that are declared are listed in comments, with
// the commands that make them.
//
// A cluster takes the stream with kubectl apply -f -, again and again. An
// object that has a generateName in place of a name, as runs mostly do, cannot
// be applied: write the definitions as one set and apply it, and the runs,
// alone, as another for kubectl create -f -.
//
//	manifest.New(pipeline) // apply
//	manifest.FromObjects(run)       // create, with run from Run.PipelineRun
func (s *Set) Write(w io.Writer) error {
	if w == nil {
		return errors.New("there is no writer to write to")
	}
	docs, err := s.documents()
	if err != nil {
		return err
	}
	docs, declared := written(docs)
	if err := refuseSecrets(docs); err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(header)
	b.Write(toDo(declared))
	for i, d := range docs {
		if i > 0 {
			b.WriteString("---\n")
		}
		b.Write(d.text)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("the stream is not written whole: %w", err)
	}
	return nil
}
