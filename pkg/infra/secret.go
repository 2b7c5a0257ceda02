package infra

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Secret declares a Secret: its name, type and keys, and where the values come from.
// It contains no values.
//
// A declared Secret is used for checks, but not written with the other objects, so
// that an empty Secret never replaces a real one. Create the Secret with the command
// that Command returns, or with manifest.Set.WriteSecrets, which reads the values
// from the sources set with FromEnv and FromFile.
type Secret struct {
	at       place
	name     string
	kind     corev1.SecretType
	kindAt   place
	keys     []secretKey
	open     bool // keys may be added
	owner    *named
	sources  []secretSource
	hosts    []named
	host     func(*lowering, named, diag.Path)
	metadata metadata
}

// secretKey is a key of a Secret. If file is set, its value is usually in a file.
type secretKey struct {
	at   place
	name string
	file bool
}

// secretSource is the source of the value of a key: an environment variable or a
// file.
type secretSource struct {
	at         place
	key        string
	value      string
	isVariable bool
}

// NewSecret declares a Secret of type Opaque with the given keys. Without keys, it
// has those of FromEnv and FromFile.
//
//	infra.NewSecret("deploy-key", "id_ed25519", "known_hosts")
//	infra.NewSecret("slack").FromEnv("token", "SLACK_TOKEN")
func NewSecret(name string, keys ...string) *Secret {
	s := newSecret(callsite.Here(), name, corev1.SecretTypeOpaque)
	for _, k := range keys {
		s.keys = append(s.keys, secretKey{at: s.at, name: k})
	}
	s.open = len(keys) == 0
	return s
}

func newSecret(at place, name string, kind corev1.SecretType, keys ...secretKey) *Secret {
	for i := range keys {
		keys[i].at = at
	}
	return &Secret{at: at, name: name, kind: kind, keys: keys}
}

// Type sets the type of the Secret, such as one that a controller expects. The default is
// that of the function that declares it.
//
//	infra.NewSecret("repository", "url", "password").Type("helm.example.com/repository")
func (s *Secret) Type(name corev1.SecretType) *Secret {
	if s != nil {
		s.kind = name
		s.kindAt = callsite.Here()
	}
	return s
}

// FromEnv sets the environment variable from which the value of a key is read when
// the Secret is written.
func (s *Secret) FromEnv(key, variable string) *Secret {
	return s.source(secretSource{callsite.Here(), key, variable, true})
}

// FromFile sets the file from which the value of a key is read when the Secret is
// written. The path is relative to the working directory of the process that writes the Secret.
func (s *Secret) FromFile(key, path string) *Secret {
	return s.source(secretSource{callsite.Here(), key, path, false})
}

func (s *Secret) source(from secretSource) *Secret {
	if s == nil {
		return s
	}
	s.sources = append(s.sources, from)
	if s.open && s.index(from.key) < 0 {
		s.keys = append(s.keys, secretKey{at: from.at, name: from.key})
	}
	return s
}

func (s *Secret) index(name string) int {
	return slices.IndexFunc(s.keys, func(k secretKey) bool { return k.name == name })
}

// names returns the names of the keys.
func (s *Secret) names() []string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = handle.Strip(k.name)
	}
	return names
}

// Objects returns the declared Secret, whose data has the keys with empty values. It
// implements manifest.Source.
func (s *Secret) Objects() ([]object.Object, error) {
	if s == nil {
		return absent("Secret", "create it with infra.NewSecret")
	}
	o, l := s.lower()
	return finish([]object.Object{o}, l.list)
}

func (s *Secret) lower() (object.Object, *lowering) {
	l := lower(s.at, corev1.SchemeGroupVersion.WithKind("Secret"), s.name)
	o := &corev1.Secret{Type: s.kind}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	l.plain(s.kindAt, diag.Fields("type"), "the type", string(s.kind))
	o.Data = s.lowerKeys(l)
	s.gitHosts(l)
	s.metadata.lower(l, &o.ObjectMeta)
	o.Annotations = s.annotated()
	values := s.lowerSources(l)
	out := l.object(o)
	out.Declared = &object.Declaration{Command: s.Command, Values: values}
	if s.owner != nil {
		out.Declared = s.owned(l)
	}
	return out, l
}

// lowerKeys returns the data: keys with empty values.
func (s *Secret) lowerKeys(l *lowering) map[string][]byte {
	if len(s.keys) == 0 {
		l.report(s.at, diag.Fields("data"), "key-missing", s.name, "the Secret has no keys", "add its keys, so that their uses can be checked")
		return nil
	}
	data := make(map[string][]byte, len(s.keys))
	keys := l.once("key", "key")
	for _, k := range s.keys {
		path := diag.Fields("data").Key(handle.Strip(k.name))
		if l.check(k.at, path, dataKey, "a key", k.name) && keys.first(k.at, path, k.name) {
			data[k.name] = []byte{}
		}
	}
	return data
}

// lowerSources returns the sources of values, by key.
func (s *Secret) lowerSources(l *lowering) map[string]object.ValueSource {
	out := map[string]object.ValueSource{}
	seen := l.once("source", "the source of key")
	for _, from := range s.sources {
		path := diag.Fields("data").Key(handle.Strip(from.key))
		if s.index(from.key) < 0 {
			l.report(from.at, path, "key-unknown", handle.Strip(from.key), "the Secret has no key "+q(handle.Strip(from.key)), "use one of "+quoteAll(s.names()))
			continue
		}
		if !seen.first(from.at, path, from.key) {
			continue
		}
		switch {
		case from.isVariable:
			l.check(from.at, path, variable, "the environment variable", from.value)
			out[from.key] = object.ValueSource{Env: from.value}
		case from.value == "":
			l.report(from.at, path, "file-missing", from.key, "the file name for key "+q(from.key)+" is empty", "pass the name of the file")
		default:
			l.plain(from.at, path, "the file name", from.value)
			out[from.key] = object.ValueSource{File: from.value}
		}
	}
	return out
}

// annotated returns all annotations, including those for hosts.
func (s *Secret) annotated() map[string]string {
	if len(s.hosts)+len(s.metadata.annotations) == 0 {
		return nil
	}
	m := map[string]string{}
	for i, h := range s.hosts {
		m[hostKey(i)] = h.name
	}
	for _, a := range s.metadata.annotations {
		m[a.key] = a.value
	}
	return m
}
