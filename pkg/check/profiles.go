package check

import (
	"slices"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// profiles are the profiles of the objects of a check. Most checks have one for all.
type profiles struct {
	all      []*Profile // each once
	byObject map[*facts.Entry]*Profile
}

// profilesOf returns the profiles of the objects.
func profilesOf(p *Profile, entries []*facts.Entry) *profiles {
	if p.ForFile == nil {
		return &profiles{all: []*Profile{p}}
	}
	out := &profiles{byObject: map[*facts.Entry]*Profile{}}
	byFile, bounded := map[string]*Profile{}, map[*Profile]*Profile{}
	for _, e := range entries {
		root := e.Root()
		if out.byObject[root] != nil {
			continue
		}
		var file string
		_ = callsite.Catch(func() { file = root.File() }) // Locate may panic
		of := byFile[file]
		if of == nil {
			given := p.OfFile(file)
			if of = bounded[given]; of == nil {
				clone := *given
				clone.MaxFindings = p.MaxFindings // is a limit of the whole check
				of = &clone
				bounded[given] = of
				out.all = append(out.all, of)
			}
			byFile[file] = of
		}
		out.byObject[root] = of
	}
	if len(out.all) < 2 {
		return &profiles{all: append(out.all, p)[:1]}
	}
	return out
}

// of returns the profile of an object.
func (p *profiles) of(e *facts.Entry) *Profile {
	if p.byObject == nil {
		return p.all[0]
	}
	return p.byObject[e.Root()]
}

// any reports whether some profile wants the findings of the rule.
func (p *profiles) any(r *rule.Rule) bool {
	return slices.ContainsFunc(p.all, func(one *Profile) bool { return one.Applies(r) })
}

// wanted returns the findings of a rule that the profiles of their objects want. The rule
// has looked at all objects: a mistake of one object may be in another one.
func (p *profiles) wanted(r *rule.Rule, found []rule.Found) []rule.Found {
	if p.byObject == nil {
		return found
	}
	applies := map[*Profile]bool{}
	for _, one := range p.all {
		applies[one] = one.Applies(r)
	}
	return slices.DeleteFunc(slices.Clone(found), func(f rule.Found) bool { return !applies[p.of(f.Entry)] })
}
