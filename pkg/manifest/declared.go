package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// declaredFile is the file that lists the declared objects of a folder.
const declaredFile = "declared.yaml"

// written splits documents into those to be written and those that are only
// declared.
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

// toDo returns comments that list the declared objects: the commands that create them, and
// who creates the others. It is empty if there are none.
func toDo(declared []document) ([]byte, error) {
	var b, others strings.Builder
	for _, d := range declared {
		if d.Declared.Owner != "" {
			if others.Len() == 0 {
				others.WriteString(comment("# ", "These objects are not included, because others create them:"))
			}
			others.WriteString(comment("#   ", d.ref.String()+": "+d.Declared.Owner))
			continue
		}
		if b.Len() == 0 {
			b.WriteString(comment("# ", "These objects are not included. Create them once, with your own values:"))
		}
		text := d.ref.String()
		if d.Declared.Command != nil {
			if p := callsite.Catch(func() { text = d.Declared.Command(d.ref.Namespace) }); p != nil {
				return nil, d.panicked(p, "its function Declared.Command")
			}
		}
		b.WriteString(comment("#   ", text))
	}
	return []byte(b.String() + others.String()), nil
}

// SecretValues gives WriteSecrets access to the values of Secrets. A nil function means
// that this kind of source must not be used.
//
//	manifest.SecretValues{Env: os.LookupEnv, File: os.ReadFile}
type SecretValues struct {
	Env  func(name string) (string, bool) // environment variables
	File func(path string) ([]byte, error)
}

// WriteSecrets writes the declared Secrets of the set with their values. Pipe the
// output into kubectl apply -f -; never store it in a repository. The values are
// read from the sources that were set with FromEnv and FromFile of package infra. If
// a value is missing or empty, WriteSecrets returns an error and writes nothing. A
// Secret without any source is skipped.
func (s *Set) WriteSecrets(w io.Writer, from SecretValues) error {
	if w == nil {
		return errors.New("the writer is nil")
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
		return fmt.Errorf("cannot write all Secrets: %w", err)
	}
	return nil
}

// fill returns the Secret with its values.
func fill(p *problems, d document, secret *corev1.Secret, from SecretValues) *corev1.Secret {
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
				Message: fmt.Sprintf("the value of key %q of %s is missing: %v", k, d.ref, err),
				Help:    "provide the value, or set another source with FromEnv or FromFile",
			})
			continue
		}
		out.Data[k] = v
	}
	return out
}

func value(source object.ValueSource, from SecretValues) ([]byte, error) {
	switch {
	case source.Env != "" && from.Env != nil:
		var v string
		var ok bool
		if p := callsite.Catch(func() { v, ok = from.Env(source.Env) }); p != nil {
			return nil, fmt.Errorf("the function Values.Env was called: %w", p)
		}
		switch {
		case !ok:
			return nil, fmt.Errorf("the environment variable %q is not set", source.Env)
		case v == "":
			return nil, fmt.Errorf("the environment variable %q is empty", source.Env)
		}
		return []byte(v), nil
	case source.File != "" && from.File != nil:
		var v []byte
		var err error
		if p := callsite.Catch(func() { v, err = from.File(source.File) }); p != nil {
			return nil, fmt.Errorf("the function Values.File was called: %w", p)
		}
		if err == nil && len(v) == 0 {
			err = fmt.Errorf("the file %q is empty", source.File)
		}
		return v, err
	case source.Env != "":
		return nil, errors.New("environment variables must not be read")
	case source.File != "":
		return nil, errors.New("files must not be read")
	}
	return nil, errors.New("it has no source")
}
