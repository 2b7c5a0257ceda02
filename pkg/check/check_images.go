package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// moving are the tags that say nothing of a version.
var moving = map[string]bool{
	"latest": true, "stable": true, "edge": true, "nightly": true, "master": true, "main": true, "dev": true, "develop": true,
	"devel": true, "canary": true, "head": true, "snapshot": true, "rolling": true, "current": true, "lts": true, "unstable": true,
	"testing": true, "dind": true, "rootless": true, "debug": true, "slim": true, "alpine": true, "nonroot": true, "git": true, "cli": true,
}

// floating warns of an image that is another one tomorrow.
func (w *workload) floating() {
	if w.image == "" || strings.Contains(w.image, "://") {
		return
	}
	s := w.spot.field("image")
	tail := w.image[strings.LastIndexByte(literalSlashes(w.image), '/')+1:]
	if !tekref.Contains(tail) {
		if why := floats(w.image); why != "" {
			w.warn(s, "image-floating", w.image, "image "+q(w.image)+" of "+w.label+" "+why+": what runs changes without notice", "name a version, or better a digest: IMAGE:VERSION@sha256:DIGEST")
		}
		return
	}
	image, by := w.defaulted(w.image)
	if by == nil {
		return
	}
	why := floats(image)
	if why == "" {
		return
	}
	at, what := by.spot.field("default"), "the default of param "
	if by.given {
		at, what = by.spot.field("value"), "param "
	}
	if w.again(w.seen, "image-floating "+by.Name, s) {
		return
	}
	w.warn(at, "image-floating", image, what+q(by.Name)+" makes "+q(image)+" the image of "+w.label+", which "+why+": what runs changes without notice",
		"name a version there, or better a digest", s.related("the image"))
}

// literalSlashes hides the slashes inside references.
func literalSlashes(s string) string {
	b := []byte(s)
	scan(s, func(m match) {
		for i := m.Start; i < m.End; i++ {
			b[i] = '_'
		}
	})
	return string(b)
}

// defaulted puts the defaults of params in an image reference, and returns the
// last of them; nil if one has none, or the text reads something else.
func (w *workload) defaulted(image string) (string, *param) {
	var b strings.Builder
	var by *param
	known, from := true, 0
	scan(image, func(m match) {
		r := tekref.Parse(m.Expr)
		var p *param
		if r.Kind == refParam && r.Fault == "" && r.Whole() && !m.Open {
			p = w.params.find(r.Name)
		}
		if p == nil || p.Default == nil || p.typ != v1.ParamTypeString || p.Default.StringVal == "" || tekref.Contains(p.Default.StringVal) {
			known = false
			return
		}
		b.WriteString(image[from:m.Start])
		b.WriteString(p.Default.StringVal)
		from, by = m.End, p
	})
	if !known {
		return "", nil
	}
	b.WriteString(image[from:])
	return b.String(), by
}

// floats says why an image reference does not name one image for good; "" if
// it does.
func floats(image string) string {
	if strings.Contains(image, "@") {
		return ""
	}
	name := baseName(literalSlashes(image))
	tag := ""
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		tag = name[i+1:]
	}
	if tag == "" {
		return "has no tag, which means latest"
	}
	for _, part := range strings.Split(strings.ToLower(tag), "-") {
		if !moving[part] {
			return ""
		}
	}
	return "has the moving tag " + q(tag)
}
