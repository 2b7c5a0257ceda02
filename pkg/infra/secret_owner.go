package infra

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// OwnedBy declares that somebody else creates the Secret: another team, another repository,
// an operator. The uses of the Secret and its keys are checked as before, but the output has
// no command that creates it, and manifest.Set.WriteSecrets skips it. See also
// [NewExternalSecret].
//
//	infra.DockerConfig("registry-auth").OwnedBy("the platform team")
func (s *Secret) OwnedBy(owner string) *Secret {
	if s != nil {
		s.owner = &named{callsite.Here(), owner}
	}
	return s
}

// owned returns the declaration of a Secret that somebody else creates.
func (s *Secret) owned(l *lowering) *object.Declaration {
	owner := strings.TrimSpace(s.owner.name)
	switch {
	case !l.plain(s.owner.at, diag.Path{}, "the owner", s.owner.name):
	case owner == "":
		l.report(s.owner.at, diag.Path{}, "owner-missing", s.name, "the owner of the Secret is empty", "write who creates it, such as \"the platform team\"")
	case len(s.sources) > 0:
		l.report(s.sources[0].at, diag.Fields("data"), "source-ignored", s.name, "the Secret has a source for its values, but "+owner+" creates it",
			"remove FromEnv and FromFile, or OwnedBy")
	}
	return &object.Declaration{Owner: owner}
}
