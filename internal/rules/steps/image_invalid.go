package steps

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed image-invalid.md
var imageInvalidText string

var imageInvalid = &rule.Rule{
	Code:       "image-invalid",
	Severity:   diag.Error,
	Topic:      "steps",
	Text:       imageInvalidText,
	Kinds:      rule.TaskSpecKinds,
	Needs:      []rule.Fact{rule.Objects},
	Supersedes: []string{"image-floating"},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Kind != facts.Step && c.Kind != facts.Sidecar {
				continue
			}
			if why := badImage(c.Image); why != "" && !p.Entry.IsFilledIn(c.Image) {
				p.Error(c.Spot.Field("image"), c.Image, "image "+phrase.Quote(c.Image)+" of "+c.Label+" "+why, "write it as HOST/NAME:TAG or HOST/NAME@sha256:DIGEST, with a lower-case name")
			}
		}
	},
}

// badImage returns what is wrong with an image reference; "" if it is valid, or
// contains a variable.
func badImage(image string) string {
	if image == "" || tekref.Contains(image) {
		return ""
	}
	rest, digest, ok := strings.Cut(image, "@")
	if ok {
		if alg, hex, found := strings.Cut(digest, ":"); !found || alg == "" || len(hex) < 32 {
			return "has a malformed digest"
		}
	}
	name := rest
	slash := strings.LastIndexByte(rest, '/')
	if i := strings.LastIndexByte(rest, ':'); i > slash {
		tag := rest[i+1:]
		if tag == "" || len(tag) > 128 || !isTag(tag) {
			return "has the invalid tag " + phrase.Quote(tag)
		}
		name = rest[:i]
	}
	host, path, hasHost := strings.Cut(name, "/")
	if !hasHost || !strings.ContainsAny(host, ".:") && host != "localhost" && host == strings.ToLower(host) {
		path = name
	}
	switch {
	case path == "" || strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || strings.Contains(path, "//"):
		return "is not a valid image reference"
	case strings.ContainsAny(name, " \t\n"):
		return "contains whitespace"
	case path != strings.ToLower(path):
		return "has upper-case letters in its name"
	}
	for _, r := range path {
		if !tekref.IsNameRune(r) && r != '/' {
			return "contains the invalid character " + phrase.Quote(string(r))
		}
	}
	return ""
}

func isTag(tag string) bool { return tekref.IsName(tag) && tag[0] != '.' && tag[0] != '-' }
