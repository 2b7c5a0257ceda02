package check

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/tekref"
)

// secretKey checks that a Secret is in the set, and that it has a key.
func (c *checker) secretKey(s spot, name, key string) {
	if found := c.wants(s, want{kind: "Secret", name: name, without: "it is read when it is needed"}); found != nil {
		c.hasKey(s, found, key)
	}
}

// hasKey checks that a Secret or ConfigMap of the set has a key: row 56. One
// without any is filled by others.
func (c *checker) hasKey(s spot, e *entry, key string) {
	keys := keysOf(e)
	if len(keys) == 0 || key == "" || tekref.Contains(key) || slices.Contains(keys, key) {
		return
	}
	code := "secret-key-unknown"
	if e.ref.Kind == "ConfigMap" {
		code = "configmap-key-unknown"
	}
	c.fail(s, code, key, e.ref.String()+" has no key "+q(key), suggest(key, keys, oneOf(key, keys)),
		in(e, "data").related(e.ref.String()+" is declared"))
}

// keysOf lists the keys of a Secret or ConfigMap in order.
func keysOf(e *entry) []string {
	keys := map[string]bool{}
	switch o := e.kube.(type) {
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

// secret checks a Secret: what its type needs, and what Tekton reads of it.
func (c *checker) secret(e *entry, o *corev1.Secret) {
	s, keys := in(e, ""), keysOf(e)
	for _, k := range keys {
		if len(validation.IsConfigMapKey(k)) > 0 && !tekref.Contains(k) {
			c.fail(s.at(keyPath(o, k)), "name-invalid", k, "key "+q(k)+" of "+e.ref.String()+" is not one that the API server accepts", "use only letters, digits, ., _ and -")
		}
	}
	c.secretType(s, o, keys)
	c.secretHosts(s, o)
	c.plainSecret(s, o)
}

// keyPath is where the value of a key stands.
func keyPath(o *corev1.Secret, k string) string {
	if _, ok := o.StringData[k]; ok {
		return key("stringData", k)
	}
	return key("data", k)
}

// typeKeys are the keys without which the API server refuses a type.
var typeKeys = map[corev1.SecretType][]string{
	corev1.SecretTypeDockerConfigJson: {corev1.DockerConfigJsonKey},
	corev1.SecretTypeDockercfg:        {corev1.DockerConfigKey},
	corev1.SecretTypeSSHAuth:          {corev1.SSHAuthPrivateKey},
	corev1.SecretTypeTLS:              {corev1.TLSCertKey, corev1.TLSPrivateKeyKey},
}

func (c *checker) secretType(s spot, o *corev1.Secret, keys []string) {
	if s.Declared != nil && len(keys) == 0 {
		return
	}
	for _, k := range typeKeys[o.Type] {
		if !slices.Contains(keys, k) {
			c.fail(s.field("type"), "secret-key-missing", k, s.ref.String()+" is of type "+string(o.Type)+", which needs the key "+q(k), addKey(k, keys))
		}
	}
	switch o.Type {
	case corev1.SecretTypeBasicAuth:
		if !slices.Contains(keys, corev1.BasicAuthUsernameKey) && !slices.Contains(keys, corev1.BasicAuthPasswordKey) {
			c.fail(s.field("type"), "secret-key-missing", corev1.BasicAuthUsernameKey, s.ref.String()+" is of type "+string(o.Type)+`, which needs the keys "username" and "password"`,
				"add them")
		}
	case corev1.SecretTypeDockerConfigJson, corev1.SecretTypeDockercfg:
		k := typeKeys[o.Type][0]
		value := valueOf(o, k)
		if s.Declared == nil && len(value) > 0 && !tekref.Contains(string(value)) && !json.Valid(value) {
			c.fail(s.at(keyPath(o, k)), "secret-invalid", k, "the value of "+q(k)+" is not JSON", "write what docker login leaves in config.json")
		}
	case corev1.SecretTypeServiceAccountToken:
		if o.Annotations[corev1.ServiceAccountNameKey] == "" {
			c.fail(s.field("metadata.annotations"), "secret-invalid", s.ref.Name, s.ref.String()+" is a token of an account, and does not say of which", "set the annotation "+corev1.ServiceAccountNameKey)
		}
	}
}

// addKey is the help for a key that is missing, while others are there.
func addKey(k string, keys []string) string {
	if near := nearest(k, keys); near != "" {
		return "add it, or call " + q(near) + " that"
	}
	return "add it"
}

// valueOf is the value of a key.
func valueOf(o *corev1.Secret, k string) []byte {
	if text, ok := o.StringData[k]; ok {
		return []byte(text)
	}
	return o.Data[k]
}

const (
	gitHost    = "tekton.dev/git-"
	dockerHost = "tekton.dev/docker-"
)

// hosts are the annotations that tell Tekton what a Secret is for.
func hosts(o *corev1.Secret) []string {
	var out []string
	for _, name := range sortedKeys(o.Annotations) {
		if strings.HasPrefix(name, gitHost) || strings.HasPrefix(name, dockerHost) {
			out = append(out, name)
		}
	}
	return out
}

// secretHosts checks the annotations by which Tekton gives a Secret to git and
// docker.
func (c *checker) secretHosts(s spot, o *corev1.Secret) {
	names := hosts(o)
	for _, name := range names {
		at, value := s.at(key("metadata.annotations", name)), o.Annotations[name]
		git := strings.HasPrefix(name, gitHost)
		ssh := o.Type == corev1.SecretTypeSSHAuth
		switch {
		case o.Type != corev1.SecretTypeBasicAuth && (!git || !ssh):
			types := "type kubernetes.io/basic-auth"
			if git {
				types += " or kubernetes.io/ssh-auth"
			}
			c.warn(at.of(name), "secret-ignored", name, "Tekton reads the annotation "+q(name)+" of Secrets of "+types+" only, so it is ignored", "set the type of the Secret")
		case tekref.Contains(value):
		case value == "":
			c.warn(at, "host-invalid", name, "the annotation "+q(name)+" names no host", "write the host that the Secret is for")
		case git && ssh && strings.Contains(value, "://"):
			c.warn(at, "host-invalid", value, "host "+q(value)+" has a scheme, so ssh never matches it", "write the host alone: "+q(bareHost(value)))
		case git && !ssh && !webURL(value):
			c.warn(at, "host-invalid", value, "host "+q(value)+" is not the URL of a Git host, so git never matches it", "write it with its scheme: https://git.example.com")
		}
	}
	if len(names) > 0 && !c.isListed(s.ref.Namespace, s.ref.Name) {
		c.warn(s.at(key("metadata.annotations", names[0])).of(names[0]), "secret-ignored", s.ref.Name, "no ServiceAccount of the set lists "+s.ref.String()+", so Tekton gives it to nobody",
			"list it under secrets of the account of the run")
	}
}

func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func bareHost(s string) string {
	_, rest, _ := strings.Cut(s, "://")
	if _, host, ok := strings.Cut(rest, "@"); ok {
		return host
	}
	return rest
}

// isListed reports whether an account lists a Secret, or may: one that is not
// in the set.
func (c *checker) isListed(namespace, name string) bool {
	if c.listed == nil {
		c.listed = map[string]bool{}
		for _, e := range c.entries {
			o, ok := e.kube.(*corev1.ServiceAccount)
			if !ok {
				continue
			}
			c.listed[e.ref.Namespace+"/"] = true
			for i := range o.Secrets {
				c.listed[e.ref.Namespace+"/"+o.Secrets[i].Name] = true
				c.listed["*/"+o.Secrets[i].Name] = true
			}
		}
	}
	if c.listed[namespace+"/"+name] || c.listed["/"+name] || namespace == "" && c.listed["*/"+name] {
		return true
	}
	known := c.profile.Complete || c.listed[namespace+"/"] || c.listed["/"]
	return !known
}
