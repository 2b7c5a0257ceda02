package pac

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-comment-pattern.md
var commentPatternText string

// commentPattern reports regular expressions of on-comment that match too much or nothing.
var commentPattern = &rule.Rule{
	Code:     "pac-comment-pattern",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     commentPatternText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		pattern, ok := runAnnotations(p)[pac.OnComment]
		if !ok || strings.Contains(pattern, "{{") {
			return
		}
		at := annotation(p, pac.OnComment)
		re, err := regexp.Compile(pattern)
		switch {
		case err != nil:
			p.Error(at, "on-comment", "on-comment is not a regular expression, so the run never starts: "+err.Error(), "correct the regular expression; its syntax is that of Go, RE2")
		case re.MatchString(""):
			p.Error(at, "on-comment", "on-comment "+phrase.Quote(pattern)+" matches the empty text, so every event starts the run, whether or not it is a comment, and no event starts runs without on-comment", "begin with ^ and the first word of the comment, such as ^/deploy")
		default:
			for _, command := range []string{"/test", "/retest", "/ok-to-test", "/cancel"} {
				if re.MatchString(command) {
					p.Warning(at, "on-comment", "on-comment "+phrase.Quote(pattern)+" matches the command "+command+" of Pipelines-as-Code, which then starts no run without on-comment", "use a word that is not a command, such as ^/deploy")
					return
				}
			}
			if unanchored(pattern) {
				p.Warning(at, "on-comment", "on-comment "+phrase.Quote(pattern)+" matches anywhere in a comment, also in a quotation of another comment", "begin with ^")
			}
		}
	},
}

// unanchored reports whether a regular expression has nothing that ties it to a beginning
// or an end.
func unanchored(pattern string) bool {
	return !strings.ContainsAny(pattern, "^$") && !strings.Contains(pattern, `\A`) && !strings.Contains(pattern, `\z`) && !strings.Contains(pattern, `\b`)
}
