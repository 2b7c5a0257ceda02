package pac

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-path-never.md
var pathNeverText string

// pathNever reports patterns for changed files that match no file.
var pathNever = &rule.Rule{
	Code:     "pac-path-never",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     pathNeverText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		add := p.Warning
		if onlyNever(runAnnotations(p)) {
			add = p.Error
		}
		patterns(p, func(at facts.Spot, key, pattern string) {
			if key == "on-target-branch" {
				return
			}
			says := key + " has the pattern " + phrase.Quote(pattern)
			switch {
			case begins(pattern):
				add(at, pattern, says+", which matches no file: the names of files begin without / and ./", "write "+phrase.Quote(strings.TrimLeft(strings.TrimPrefix(pattern, "."), "/")))
			case strings.HasSuffix(pattern, "/"):
				add(at, pattern, says+", which matches no file: the name of a file does not end with /", "write "+phrase.Quote(pattern+"**"))
			case strings.HasPrefix(pattern, "^"), strings.HasSuffix(pattern, "$"), regexpStar.MatchString(pattern):
				p.Warning(at, pattern, says+", which is not a regular expression but a glob: . ^ and $ are ordinary characters", "use * for any text, such as docs/** or **.go")
			case negated.MatchString(pattern):
				p.Warning(at, pattern, says+", in which [^ does not negate: it matches ^ and the other characters", "write [! instead of [^")
			case isFolder(pattern):
				p.Warning(at, pattern, says+", which matches only a file of that name, not the files of a folder", "if it is a folder, write "+phrase.Quote(pattern+"/**"))
			}
		})
	},
}

// begins reports whether a pattern begins as no name of a file does.
func begins(pattern string) bool {
	return strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "/")
}

// never reports whether a pattern matches no file.
func never(pattern string) bool { return begins(pattern) || strings.HasSuffix(pattern, "/") }

// onlyNever reports whether no event starts the run because of patterns that match no file.
// Otherwise other patterns, or another part of the expression, may start it.
func onlyNever(all map[string]string) bool {
	if all[pac.OnComment] != "" {
		return false
	}
	if expr, ok := all[pac.OnCELExpression]; ok {
		m, _, err := compile(expr)
		return err == nil && m.RequiresPattern(never)
	}
	values, err := pac.List(all[pac.OnPathChange])
	return err == nil && slices.ContainsFunc(values, never) && !slices.ContainsFunc(values, func(v string) bool { return v != "" && !never(v) })
}

var (
	regexpStar = regexp.MustCompile(`/\.[*+]|\)\.\*|\\\.\w+\$?$|\.\*\\`)
	negated    = regexp.MustCompile(`\[\^[^\]]`)
	plainName  = regexp.MustCompile(`^[a-z0-9_-]+(/[a-z0-9_-]+)*$`)
)

// isFolder reports whether a pattern looks like the name of a folder: it has neither a
// wildcard, nor a dot, nor a capital letter, as names of files mostly have.
func isFolder(pattern string) bool {
	if !plainName.MatchString(pattern) {
		return false
	}
	switch name := pattern[strings.LastIndex(pattern, "/")+1:]; name {
	case "go", "makefile", "justfile", "mvnw", "gradlew", "configure", "mix", "run", "test", "build", "dockerfile":
		return false
	}
	return true
}
