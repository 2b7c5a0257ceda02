package practice

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed image-floating.md
var imageFloatingText string

var imageFloating = &rule.Rule{
	Code:     "image-floating",
	Severity: diag.Note,
	Topic:    "practice",
	Text:     imageFloatingText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Image != "" && !strings.Contains(c.Image, "://") {
				floating(p, c)
			}
		}
	},
}

// moving has the tags that do not identify a version.
var moving = map[string]bool{
	"latest": true, "stable": true, "edge": true, "nightly": true, "master": true, "main": true, "dev": true, "develop": true,
	"devel": true, "canary": true, "head": true, "snapshot": true, "rolling": true, "current": true, "lts": true, "unstable": true,
	"testing": true, "dind": true, "rootless": true, "debug": true, "slim": true, "alpine": true, "nonroot": true, "git": true, "cli": true,
}

// floating reports an image that may be a different one tomorrow, at the param
// that sets it if there is one.
func floating(p *rule.Pass, c *facts.Container) {
	if name := c.Image[len(c.Image)-len(base(masked(c.Image))):]; !tekref.Contains(name) {
		at := c.Spot.Field("image")
		if why := floats(p, c.Image); why != "" && !p.Again(p.Set, c.Image, at) {
			p.Note(at, c.Image, "image "+phrase.Quote(c.Image)+" of "+c.Label+" "+why+": the image may change without notice",
				"use a version, or better a digest: IMAGE:VERSION@sha256:DIGEST")
		}
		return
	}
	image, by := defaulted(c.Task.Params, c.Image)
	if by == nil {
		return
	}
	why := floats(p, image)
	if why == "" {
		return
	}
	s := c.Spot.Field("image")
	if p.Again(c.Task, by.Name, s) {
		return
	}
	at, what := by.Spot.Field("default"), "the default of param "
	if by.Given {
		at, what = by.Spot.Field("value"), "param "
	}
	p.Once(image)
	p.Note(at, image, what+phrase.Quote(by.Name)+" sets the image of "+c.Label+" to "+phrase.Quote(image)+", which "+why+": the image may change without notice",
		"use a version there, or better a digest", s.Related("the image"))
}

// masked hides the text of variables, which may contain slashes. The result has
// the same length.
func masked(s string) string {
	return tekref.Replace(s, func(m tekref.Match) string { return strings.Repeat("_", m.End-m.Start) })
}

// defaulted replaces the params in an image reference by their defaults, and
// returns the last of the params; nil if one has no default, or the reference
// contains another variable.
func defaulted(params *facts.ParamScope, image string) (string, *facts.Param) {
	var by *facts.Param
	known := true
	out := tekref.Replace(image, func(m tekref.Match) string {
		v := tekref.Parse(m.Expr)
		var d *facts.Param
		if v.Kind == tekref.Param && v.Fault == "" && v.Whole() && !m.Open {
			d = params.Find(v.Name)
		}
		if d == nil || d.Default == nil || d.Type != v1.ParamTypeString || d.Default.StringVal == "" || tekref.Contains(d.Default.StringVal) {
			known = false
			return ""
		}
		by = d
		return d.Default.StringVal
	})
	if !known {
		return "", nil
	}
	return out, by
}

// floats returns why an image reference may refer to another image later; "" if it
// does not. To an auditor, any tag may be moved.
func floats(p *rule.Pass, image string) string {
	if strings.Contains(image, "@") {
		return ""
	}
	_, tag, _ := cutLast(base(masked(image)), ':')
	if tag == "" {
		return "has no tag, so it defaults to latest"
	}
	for part := range strings.SplitSeq(strings.ToLower(tag), "-") {
		if !moving[part] {
			if p.Profile.Shows(rule.Auditor) {
				return "has no digest"
			}
			return ""
		}
	}
	return "has the moving tag " + phrase.Quote(tag)
}
