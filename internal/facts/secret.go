package facts

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Keys returns the keys of a Secret or a ConfigMap, sorted.
func (e *Entry) Keys() []string {
	rare := e.rarely()
	if !e.keysDone {
		rare.keys, e.keysDone = e.findKeys(), true
	}
	return rare.keys
}

// HasKey reports whether a Secret or a ConfigMap has a key.
func (e *Entry) HasKey(key string) bool {
	_, ok := slices.BinarySearch(e.Keys(), key)
	return ok
}

func (e *Entry) findKeys() []string {
	keys := map[string]bool{}
	switch o := e.Kube.(type) {
	case *corev1.Secret:
		for k := range o.Data {
			keys[k] = true
		}
		for k := range o.StringData {
			keys[k] = true
		}
		if o.Type == corev1.SecretTypeServiceAccountToken { // filled by Kubernetes
			keys["token"], keys["ca.crt"], keys["namespace"] = true, true, true
		}
	case *corev1.ConfigMap:
		for k := range o.Data {
			keys[k] = true
		}
		for k := range o.BinaryData {
			keys[k] = true
		}
	}
	if e.Declared != nil {
		for k := range e.Declared.Values {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// KeySpot returns the place of the value of a key of a Secret.
func (e *Entry) KeySpot(o *corev1.Secret, key string) Spot {
	if _, ok := o.StringData[key]; ok {
		return e.At("stringData").Key(key)
	}
	return e.At("data").Key(key)
}

// The prefixes of the annotations with which Tekton provides a Secret to git and
// docker.
const (
	GitHost    = "tekton.dev/git-"
	DockerHost = "tekton.dev/docker-"
)

// Hosts returns the annotations with the hosts that Tekton uses a Secret for,
// sorted.
func Hosts(o *corev1.Secret) []string {
	var out []string
	for _, name := range sortedKeys(o.Annotations) {
		if strings.HasPrefix(name, GitHost) || strings.HasPrefix(name, DockerHost) {
			out = append(out, name)
		}
	}
	return out
}

// IsListed reports whether a service account lists a Secret, or may do so: one that
// is not in the set may, unless the set is complete.
func (s *Set) IsListed(namespace, name string, complete bool) bool {
	s.asked(Objects)
	if s.listed == nil {
		s.listed = map[string]bool{}
		for _, e := range s.entries {
			o, ok := e.Kube.(*corev1.ServiceAccount)
			if !ok {
				continue
			}
			s.listed[e.Ref.Namespace+"/"] = true
			for i := range o.Secrets {
				s.listed[e.Ref.Namespace+"/"+o.Secrets[i].Name] = true
				s.listed["*/"+o.Secrets[i].Name] = true
			}
		}
	}
	if s.listed[namespace+"/"+name] || s.listed["/"+name] || namespace == "" && s.listed["*/"+name] {
		return true
	}
	return !complete && !s.listed[namespace+"/"] && !s.listed["/"]
}

// IsUsed reports whether an object of the set refers to a Secret by its name, such as
// a run that binds it to a workspace.
func (s *Set) IsUsed(namespace, name string) bool {
	s.asked(Objects)
	if s.usedSecrets == nil {
		s.usedSecrets = map[string]bool{}
		for _, e := range s.All() {
			needs := e.Needs()
			for i := range needs {
				if n := &needs[i]; n.Kind == "Secret" {
					s.usedSecrets[n.Namespace+"/"+n.Name] = true
				}
			}
		}
	}
	return s.usedSecrets[namespace+"/"+name] || s.usedSecrets["/"+name]
}
