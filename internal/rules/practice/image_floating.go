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
	Severity: diag.Warning,
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

// moving are the tags that say nothing of a version.
var moving = map[string]bool{
	"latest": true, "stable": true, "edge": true, "nightly": true, "master": true, "main": true, "dev": true, "develop": true,
	"devel": true, "canary": true, "head": true, "snapshot": true, "rolling": true, "current": true, "lts": true, "unstable": true,
	"testing": true, "dind": true, "rootless": true, "debug": true, "slim": true, "alpine": true, "nonroot": true, "git": true, "cli": true,
}

// floating reports an image that is another one tomorrow, at the param that makes
// it so if one does.
func floating(p *rule.Pass, c *facts.Container) {
	if name := c.Image[len(c.Image)-len(base(masked(c.Image))):]; !tekref.Contains(name) {
		if why := floats(c.Image); why != "" {
			p.Warning(c.Spot.Field("image"), c.Image, "image "+phrase.Quote(c.Image)+" of "+c.Label+" "+why+": what runs changes without notice",
				"name a version, or better a digest: IMAGE:VERSION@sha256:DIGEST")
		}
		return
	}
	image, by := defaulted(c.Task.Params, c.Image)
	if by == nil {
		return
	}
	why := floats(image)
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
	p.Warning(at, image, what+phrase.Quote(by.Name)+" makes "+phrase.Quote(image)+" the image of "+c.Label+", which "+why+": what runs changes without notice",
		"name a version there, or better a digest", s.Related("the image"))
}

// masked hides what stands in variables, slashes above all. The text keeps its
// length.
func masked(s string) string {
	return tekref.Replace(s, func(m tekref.Match) string { return strings.Repeat("_", m.End-m.Start) })
}

// defaulted puts the defaults of params in a reference to an image, and returns the
// last of them; nil if one has none, or the text reads something else.
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

// floats says why a reference does not name one image for good; "" if it does.
func floats(image string) string {
	if strings.Contains(image, "@") {
		return ""
	}
	_, tag, _ := cutLast(base(masked(image)), ':')
	if tag == "" {
		return "has no tag, which means latest"
	}
	for part := range strings.SplitSeq(strings.ToLower(tag), "-") {
		if !moving[part] {
			return ""
		}
	}
	return "has the moving tag " + phrase.Quote(tag)
}
