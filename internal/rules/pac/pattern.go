package pac

import (
	_ "embed"
	"errors"
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/pacmatch"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// patterns calls visit for each pattern of the annotations of a run, and for the literal
// ones of pathChanged. It does so only for annotations that are read.
func patterns(p *rule.Pass, visit func(at facts.Spot, key, pattern string)) {
	all := runAnnotations(p)
	if all == nil {
		return
	}
	if expr, ok := all[pac.OnCELExpression]; ok {
		if strings.Contains(expr, "{{") {
			return
		}
		if m, _, err := compile(expr); err == nil {
			for _, pattern := range m.Patterns() {
				visit(annotation(p, pac.OnCELExpression), "pathChanged", pattern)
			}
		}
		return
	}
	for _, key := range []string{pac.OnTargetBranch, pac.OnPathChange, pac.OnPathChangeIgnore} {
		values, err := pac.List(all[key])
		if err != nil || strings.Contains(all[key], "{{") {
			continue
		}
		for _, pattern := range values {
			if pattern != "" {
				visit(annotation(p, key), strings.TrimPrefix(key, pac.Prefix), pattern)
			}
		}
	}
}

//go:embed pac-glob-invalid.md
var globInvalidText string

// globInvalid reports patterns at which the controller of Pipelines-as-Code crashes.
var globInvalid = &rule.Rule{
	Code:     "pac-glob-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     globInvalidText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		patterns(p, func(at facts.Spot, key, pattern string) {
			full := pattern
			if key != "pathChanged" && !strings.HasPrefix(pattern, "refs/") {
				full = "refs/heads/" + pattern
			}
			_, err := pacmatch.Compile(full)
			if err == nil || errors.Is(err, pacmatch.ErrGlobLimit) {
				return
			}
			result := "the controller of Pipelines-as-Code crashes when it compares the pattern"
			if key == "pathChanged" {
				result = "the expression has an error, and does not start the run"
			}
			p.Error(at, pattern, key+" has the invalid pattern "+phrase.Quote(pattern)+", so "+result+": "+err.Error(), `write a character that has a meaning in patterns behind \, or close what is open; in a list, write a comma as &#44;`)
		})
	},
}

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
		patterns(p, func(at facts.Spot, key, pattern string) {
			if key == "on-target-branch" {
				return
			}
			says := key + " has the pattern " + phrase.Quote(pattern)
			switch {
			case strings.HasPrefix(pattern, "./"), strings.HasPrefix(pattern, "/"):
				p.Error(at, pattern, says+", which matches no file: the names of files begin without / and ./", "write "+phrase.Quote(strings.TrimLeft(strings.TrimPrefix(pattern, "."), "/")))
			case strings.HasSuffix(pattern, "/"):
				p.Error(at, pattern, says+", which matches no file: the name of a file does not end with /", "write "+phrase.Quote(pattern+"**"))
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

//go:embed pac-body-missing.md
var bodyMissingText string

// bodyMissing reports expressions that read what the payloads of comments do not have.
var bodyMissing = &rule.Rule{
	Code:     "pac-body-missing",
	Severity: diag.Warning,
	Topic:    "pac",
	Text:     bodyMissingText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		expr, ok := runAnnotations(p)[pac.OnCELExpression]
		if !ok || strings.Contains(expr, "{{") {
			return
		}
		m, _, err := compile(expr)
		if err != nil {
			return
		}
		reads, tests := m.Reads("pull_request")
		if !reads || tests || excludesComments(m) {
			return
		}
		p.Warning(annotation(p, pac.OnCELExpression), "body.pull_request", "on-cel-expression reads body.pull_request, which comments such as /test do not have on GitHub: the expression has an error, and the comment does not start the run",
			"write !has(body.pull_request) || in front of the condition, in parentheses")
	},
}

// excludesComments reports whether an expression is only true for types of events that are
// not those of comments.
func excludesComments(m *celenv.MatcherExpression) bool {
	for _, texts := range append(m.Required("event_type"), m.Required("event")...) {
		only := len(texts) > 0
		for _, t := range texts {
			only = only && !strings.HasSuffix(t, "-comment") && t != "push"
		}
		if only && m.Mentions("event_type") && len(m.Required("event_type")) > 0 {
			return true
		}
	}
	return false
}

//go:embed pac-branch-style.md
var branchStyleText string

// branchStyle reports expressions that never match a push, because another expression of
// the folder makes Pipelines-as-Code remove refs/heads/ from the branch.
var branchStyle = &rule.Rule{
	Code:     "pac-branch-style",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     branchStyleText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		m := matcherOf(p.Entry)
		if m == nil || runAnnotations(p) == nil {
			return
		}
		for _, variable := range []string{"target_branch", "source_branch"} {
			if !onlyFull(m, variable) {
				continue
			}
			if other := strips(p, variable); other != nil {
				p.Error(annotation(p, pac.OnCELExpression), variable, "on-cel-expression compares "+variable+" with a branch that begins with refs/heads/, but "+other.Label()+" compares it without: Pipelines-as-Code then removes refs/heads/ for all runs, so no push starts this run",
					"compare with the short name of the branch in all runs", other.At("metadata", "annotations").Key(pac.OnCELExpression).Related("the other expression"))
				return
			}
		}
	},
}

// onlyFull reports whether an expression is only true for a branch with refs/heads/.
func onlyFull(m *celenv.MatcherExpression, variable string) bool {
	for _, texts := range m.Required(variable) {
		full := len(texts) > 0
		for _, t := range texts {
			full = full && strings.HasPrefix(t, "refs/heads/")
		}
		if full {
			return true
		}
	}
	return false
}

// strips returns a run of the folder whose expression makes Pipelines-as-Code remove
// refs/heads/ from a variable, nil if there is none.
func strips(p *rule.Pass, variable string) *facts.Entry {
	folder := p.Entry.TektonFolder()
	if folder == nil {
		return nil
	}
	return folder.Stripping(variable)
}

// matcherOf returns the compiled expression of a run, nil if it has none.
func matcherOf(e *facts.Entry) *celenv.MatcherExpression {
	if e == nil || e.Run == nil {
		return nil
	}
	expr, ok := e.Annotations()[pac.OnCELExpression]
	if !ok || strings.Contains(expr, "{{") {
		return nil
	}
	m, _, err := compile(expr)
	if err != nil {
		return nil
	}
	return m
}
