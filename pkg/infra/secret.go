package infra

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Secret declares a Secret: its name, its type and its keys, and where the
// values come from. It holds no value itself.
//
// What is declared is known to the checks and never written with the other
// objects, so that no empty Secret takes the place of a real one. The Secret is
// made by hand, with what Command returns, or by manifest.Set.WriteSecrets, which
// finds the values where FromEnv and FromFile say.
type Secret struct {
	at          place
	name        string
	kind        corev1.SecretType
	keys        []secretKey
	open        bool // keys may be added
	sources     []secretSource
	hosts       []named
	host        func(*lowering, named, diag.Path)
	annotations []pair
}

// secretKey is a key of a Secret; a file is one whose value people have in one.
type secretKey struct {
	at   place
	name string
	file bool
}

// secretSource is where the value of a key comes from: a variable, or a file.
type secretSource struct {
	at         place
	key        string
	value      string
	isVariable bool
}

// NewSecret declares a Secret of type Opaque with these keys. FromEnv and
// FromFile add theirs to one without.
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

// FromEnv says that the value of a key is in an environment variable when it is
// written.
func (s *Secret) FromEnv(key, variable string) *Secret {
	return s.source(secretSource{callsite.Here(), key, variable, true})
}

// FromFile says that the value of a key is in a file when it is written. The
// path is relative to where the writer runs.
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

// Annotate sets an annotation.
func (s *Secret) Annotate(key, value string) *Secret {
	if s != nil {
		s.annotations = append(s.annotations, pair{callsite.Here(), key, value})
	}
	return s
}

func (s *Secret) index(name string) int {
	return slices.IndexFunc(s.keys, func(k secretKey) bool { return k.name == name })
}

// names are the names of the keys.
func (s *Secret) names() []string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = handle.Strip(k.name)
	}
	return names
}

// Objects is the declared Secret: each key stands in its data, without a value. The
// error, and the objects beside one, are as in manifest.Source.
func (s *Secret) Objects() ([]object.Object, error) {
	if s == nil {
		return absent("Secret", "make it with infra.NewSecret")
	}
	l := lower(s.at, corev1.SchemeGroupVersion.WithKind("Secret"), s.name)
	o := &corev1.Secret{Type: s.kind}
	o.TypeMeta, o.ObjectMeta = l.meta(dnsName)
	o.Data = s.lowerKeys(l)
	s.gitHosts(l)
	l.pairs(diag.Fields("metadata", "annotations"), s.annotations, nil)
	o.Annotations = s.annotated()
	values := s.lowerSources(l)
	out := l.object(o)
	out.Declared = &object.Declaration{Command: s.Command, Values: values}
	return finish([]object.Object{out}, l.list)
}

// lowerKeys is the data: keys without values.
func (s *Secret) lowerKeys(l *lowering) map[string][]byte {
	if len(s.keys) == 0 {
		l.report(s.at, diag.Fields("data"), "key-missing", s.name, "the Secret has no key", "list its keys, so that references to them can be checked")
		return nil
	}
	data := make(map[string][]byte, len(s.keys))
	keys := l.once("key")
	for _, k := range s.keys {
		path := diag.Fields("data").Key(handle.Strip(k.name))
		if l.check(k.at, path, dataKey, "key", k.name) && keys.first(k.at, path, k.name) {
			data[k.name] = []byte{}
		}
	}
	return data
}

// lowerSources is where values come from, by key.
func (s *Secret) lowerSources(l *lowering) map[string]object.ValueSource {
	out := map[string]object.ValueSource{}
	seen := l.once("source")
	for _, from := range s.sources {
		path := diag.Fields("data").Key(handle.Strip(from.key))
		if s.index(from.key) < 0 {
			l.report(from.at, path, "key-unknown", handle.Strip(from.key), "the Secret has no key "+q(handle.Strip(from.key)), "it has "+quoteAll(s.names()))
			continue
		}
		if !seen.first(from.at, path, from.key) {
			continue
		}
		switch {
		case from.isVariable:
			l.check(from.at, path, variable, "variable", from.value)
			out[from.key] = object.ValueSource{Env: from.value}
		case from.value == "":
			l.report(from.at, path, "file-missing", from.key, "the value of key "+q(from.key)+" comes from a file without a name", "name the file")
		default:
			l.plain(from.at, path, "file", from.value)
			out[from.key] = object.ValueSource{File: from.value}
		}
	}
	return out
}

// annotated is all annotations: the hosts' and the others.
func (s *Secret) annotated() map[string]string {
	if len(s.hosts)+len(s.annotations) == 0 {
		return nil
	}
	m := map[string]string{}
	for i, h := range s.hosts {
		m[hostKey(i)] = h.name
	}
	for _, a := range s.annotations {
		m[a.key] = a.value
	}
	return m
}
