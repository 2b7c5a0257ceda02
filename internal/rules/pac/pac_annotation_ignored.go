package pac

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-annotation-ignored.md
var annotationIgnoredText string

// annotationIgnored reports annotations that on-cel-expression replaces.
var annotationIgnored = &rule.Rule{
	Code:     "pac-annotation-ignored",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     annotationIgnoredText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		all := runAnnotations(p)
		if _, ok := all[pac.OnCELExpression]; !ok {
			return
		}
		for _, key := range []string{pac.OnEvent, pac.OnTargetBranch, pac.OnLabel, pac.OnPathChange, pac.OnPathChangeIgnore} {
			if _, ok := all[key]; ok {
				name := strings.TrimPrefix(key, pac.Prefix)
				p.Report(annotation(p, key), name+" has no effect, because on-cel-expression replaces it", "make it part of the expression, and remove the annotation")
			}
		}
	},
}
