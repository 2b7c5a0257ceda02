package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// declaredFile is the file of a folder that lists what is not in it.
const declaredFile = "declared.yaml"

// written are the documents that go out; the others are declared only.
func written(docs []document) (out, declared []document) {
	for _, d := range docs {
		if d.Declared != nil {
			declared = append(declared, d)
		} else {
			out = append(out, d)
		}
	}
	return out, declared
}

// toDo lists, as comments, what must exist beside what is written, and the
// commands that make it. It is empty if there is nothing.
func toDo(declared []document) []byte {
	var b strings.Builder
	for _, d := range declared {
		if b.Len() == 0 {
			comment(&b, "# ", "These are not written here. Make them once, with your own values:")
		}
		text := d.ref.String()
		if d.Declared.Command != nil {
			text = d.Declared.Command(d.ref.Namespace)
		}
		comment(&b, "#   ", text)
	}
	return []byte(b.String())
}

// Values finds the values of Secrets for WriteSecrets: the program that calls
// it says what it may look at. Either may be nil.
//
//	manifest.Values{Env: os.LookupEnv, File: os.ReadFile}
type Values struct {
	Env  func(name string) (string, bool) // environment variables
	File func(path string) ([]byte, error)
}

// WriteSecrets writes the declared Secrets of the set, with their values, to a
// stream that was opened for nothing else: a pipe into kubectl apply -f -,
// never a file in a repository. Values come from where FromEnv and FromFile
// of package infra say. A key whose value is not found or empty is an error, and then
// nothing is written; a Secret that says of no key where its value is, is left
// out.
func (s *Set) WriteSecrets(w io.Writer, from Values) error {
	if w == nil {
		return errors.New("there is no writer to write to")
	}
	docs, err := s.documents()
	if err != nil {
		return err
	}
	var p problems
	var b bytes.Buffer
	_, declared := written(docs)
	for _, d := range declared {
		secret, ok := d.Object.Object.(*corev1.Secret)
		if !ok || len(d.Declared.Values) == 0 {
			continue
		}
		filled := fill(&p, d, secret, from)
		n, err := yamlwrite.Of(filled)
		if err != nil {
			p.add(unwritable(d.item, err))
			continue
		}
		if b.Len() > 0 {
			b.WriteString("---\n")
		}
		b.Write(n.AppendYAML(nil))
	}
	if err := p.err(); err != nil {
		return err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("the stream is not written whole: %w", err)
	}
	return nil
}

// fill is the Secret with its values.
func fill(p *problems, d document, secret *corev1.Secret, from Values) *corev1.Secret {
	out := secret.DeepCopy()
	out.Data = map[string][]byte{}
	keys := make([]string, 0, len(secret.Data))
	for k := range secret.Data {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		v, err := value(d.Declared.Values[k], from)
		if err != nil {
			path := diag.Fields("data").Key(k)
			p.add(diag.Finding{
				Code: "secret-value-missing", Severity: diag.Error, Object: d.ref, Path: path, Position: d.At(path), Subject: k,
				Message: fmt.Sprintf("the value of key %q of %s is not found: %v", k, d.ref, err),
				Help:    "set it, or say elsewhere where it is with FromEnv or FromFile",
			})
			continue
		}
		out.Data[k] = v
	}
	return out
}

func value(source object.ValueSource, from Values) ([]byte, error) {
	switch {
	case source.Env != "" && from.Env != nil:
		v, ok := from.Env(source.Env)
		switch {
		case !ok:
			return nil, fmt.Errorf("the environment variable %q is not set", source.Env)
		case v == "":
			return nil, fmt.Errorf("the environment variable %q is empty", source.Env)
		}
		return []byte(v), nil
	case source.File != "" && from.File != nil:
		v, err := from.File(source.File)
		if err == nil && len(v) == 0 {
			err = fmt.Errorf("the file %q is empty", source.File)
		}
		return v, err
	case source.Env != "":
		return nil, errors.New("no environment may be looked at")
	case source.File != "":
		return nil, errors.New("no file may be looked at")
	}
	return nil, errors.New("nothing says where it is")
}
