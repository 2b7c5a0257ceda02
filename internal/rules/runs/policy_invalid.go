package runs

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed policy-invalid.md
var policyInvalidText string

var policyInvalid = &rule.Rule{
	Code:     "policy-invalid",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     policyInvalidText,
	Kinds:    []string{"VerificationPolicy"},
	Run: func(p *rule.Pass) {

		if p.Entry.Policy == nil {
			return
		}
		s, spec := p.At("spec"), &p.Entry.Policy.Spec
		if len(spec.Resources) == 0 {
			p.Error(s.Field("resources"), p.Entry.Ref.Name, "this VerificationPolicy lists no resources", "list the patterns of the sources that it verifies")
		}
		for i := range spec.Resources {
			if _, err := regexp.Compile(spec.Resources[i].Pattern); err != nil {
				p.Error(s.Index("resources", i).Field("pattern"), spec.Resources[i].Pattern,
					"the pattern "+phrase.Quote(spec.Resources[i].Pattern)+" is not a valid regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "")
			}
		}
		if len(spec.Authorities) == 0 {
			p.Error(s.Field("authorities"), p.Entry.Ref.Name, p.Entry.Ref.String()+" has no authorities", "add an authority for each key that is allowed to sign")
		}
		for i := range spec.Authorities {
			if a := &spec.Authorities[i]; a.Key != nil {
				authority(p, s.Index("authorities", i).Field("key"), a.Name, a.Key)
			}
		}
		if spec.Mode != "" && spec.Mode != "enforce" && spec.Mode != "warn" {
			p.Error(s.Field("mode"), spec.Mode, "this VerificationPolicy has the unknown mode "+phrase.Quote(spec.Mode), phrase.OneOf(spec.Mode, []string{"enforce", "warn"})).Misspelled(spec.Mode, []string{"enforce", "warn"})
		}
	},
}

// hashAlgorithms are the algorithms that a signature may use. The default is sha256.
var hashAlgorithms = []string{"sha224", "sha256", "sha384", "sha512"}

func authority(p *rule.Pass, at facts.Spot, name string, key *facts.PolicyKey) {
	var set []string
	for _, f := range [...]struct {
		name string
		on   bool
	}{{"data", key.Data != ""}, {"kms", key.KMS != ""}, {"secretRef", key.SecretRef != nil}} {
		if f.on {
			set = append(set, f.name)
		}
	}
	switch {
	case len(set) == 0:
		p.Error(at, name, "the key of authority "+phrase.Quote(name)+" is empty", "set one of data, kms or secretRef")
	case len(set) > 1:
		p.Error(at, name, "the key of authority "+phrase.Quote(name)+" sets "+strings.Join(set, " and "), "keep one of them")
	}
	if h := strings.ToLower(key.HashAlgorithm); h != "" && !slices.Contains(hashAlgorithms, h) {
		p.Error(at.Field("hashAlgorithm"), key.HashAlgorithm, "unknown hash algorithm "+phrase.Quote(key.HashAlgorithm), phrase.OneOf(h, hashAlgorithms)).Misspelled(h, hashAlgorithms)
	}
}
