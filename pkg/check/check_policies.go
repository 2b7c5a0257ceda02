package check

import (
	"regexp"
	"slices"
	"strings"
)

// verificationPolicy is what is checked of that kind of v1alpha1, which no
// package that is linked declares.
type verificationPolicy struct {
	Spec struct {
		Resources []struct {
			Pattern string `json:"pattern"`
		} `json:"resources"`
		Authorities []struct {
			Name string `json:"name"`
			Key  *struct {
				Data      string `json:"data,omitempty"`
				KMS       string `json:"kms,omitempty"`
				SecretRef *struct {
					Name string `json:"name,omitempty"`
				} `json:"secretRef,omitempty"`
				HashAlgorithm string `json:"hashAlgorithm,omitempty"`
			} `json:"key,omitempty"`
		} `json:"authorities"`
		Mode string `json:"mode,omitempty"`
	} `json:"spec"`
}

// hashAlgorithms are those that a signature may use; none is sha256.
var hashAlgorithms = []string{"sha224", "sha256", "sha384", "sha512"}

// policyObject checks a VerificationPolicy.
func (c *checker) policyObject(e *entry) {
	c.objectName(e)
	s, spec := in(e, "spec"), &e.policy.Spec
	if len(spec.Resources) == 0 {
		c.fail(s.field("resources"), "policy-invalid", e.ref.Name, "this VerificationPolicy lists no resources", "list the patterns of the sources that it verifies")
	}
	for i := range spec.Resources {
		if _, err := regexp.Compile(spec.Resources[i].Pattern); err != nil {
			c.fail(s.index("resources", i).field("pattern"), "policy-invalid", spec.Resources[i].Pattern,
				"the pattern "+q(spec.Resources[i].Pattern)+" is no regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "")
		}
	}
	if len(spec.Authorities) == 0 {
		c.fail(s.field("authorities"), "policy-invalid", e.ref.Name, "this VerificationPolicy lists no authorities", "list the keys that may have signed")
	}
	for i := range spec.Authorities {
		a := &spec.Authorities[i]
		if a.Key == nil {
			continue
		}
		at := s.index("authorities", i).field("key")
		var set []string
		for _, f := range []struct {
			name string
			on   bool
		}{{"data", a.Key.Data != ""}, {"kms", a.Key.KMS != ""}, {"secretRef", a.Key.SecretRef != nil}} {
			if f.on {
				set = append(set, f.name)
			}
		}
		switch {
		case len(set) == 0:
			c.fail(at, "policy-invalid", a.Name, "the key of authority "+q(a.Name)+" is not given", "set one of data, kms and secretRef")
		case len(set) > 1:
			c.fail(at, "policy-invalid", a.Name, "the key of authority "+q(a.Name)+" is given by "+strings.Join(set, " and "), "keep one of them")
		}
		if h := strings.ToLower(a.Key.HashAlgorithm); h != "" && !slices.Contains(hashAlgorithms, h) {
			c.fail(at.field("hashAlgorithm"), "policy-invalid", a.Key.HashAlgorithm, "the hash algorithm "+q(a.Key.HashAlgorithm)+" is none that Tekton knows", oneOf(h, hashAlgorithms))
		}
	}
	if spec.Mode != "" && spec.Mode != "enforce" && spec.Mode != "warn" {
		c.fail(s.field("mode"), "policy-invalid", spec.Mode, "the mode of this VerificationPolicy is "+q(spec.Mode), oneOf(spec.Mode, []string{"enforce", "warn"}))
	}
}
