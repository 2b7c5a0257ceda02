package pacmatch

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gobwas/glob"

	"github.com/tekwright/tekwright/internal/memo"
)

// maxPattern is the maximum size of a pattern, and maxWildcards the maximum number of
// wildcards in it.
const (
	maxPattern   = 1024
	maxWildcards = 12
)

// ErrGlobLimit is the error about a pattern that is too large to be tried.
var ErrGlobLimit = errors.New("the pattern is too large to be tried")

// A Glob is a compiled pattern.
type Glob struct{ compiled glob.Glob }

// Match reports whether the whole text matches the pattern. The error is [ErrGlobLimit] if
// that takes too long to find out.
func (g Glob) Match(text string) (matched bool, err error) {
	left := maxComparison
	return g.match(text, func(cost int) bool { left -= min(cost, left+1); return left >= 0 })
}

// match is Match with any limit: spend reports whether some work may be done.
func (g Glob) match(text string, spend func(cost int) bool) (matched bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			matched, err = false, fmt.Errorf("the comparison with %q panics", text)
		}
	}()
	c := comparison{spend: spend}
	if matched = c.compare(g.compiled, text); c.ended {
		return false, ErrGlobLimit
	}
	return matched, nil
}

// Compile compiles a pattern as Pipelines-as-Code does, with the same library and without
// separators: * and ** match any text with slashes, ? any character, [abc], [a-z] and
// [!a] one of a set, {a,b} alternatives, and \ quotes the next character.
// Pipelines-as-Code panics where Compile returns an error other than [ErrGlobLimit].
func Compile(pattern string) (Glob, error) {
	c := recentGlobs.Of(pattern, func() (globbed, int) {
		g, err := compileGlob(pattern)
		return globbed{Glob{g}, err}, len(pattern)
	})
	return c.glob, c.err
}

// globbed is a result of Compile.
type globbed struct {
	glob Glob
	err  error
}

var recentGlobs = memo.NewRecent[string, globbed](16 << 10)

// CheckGlob returns an error for a pattern with which Pipelines-as-Code panics, be it when it
// compiles the pattern or when it compares some text with it.
func CheckGlob(pattern string) error {
	g, err := Compile(pattern)
	if err != nil {
		return err
	}
	plain := strings.NewReplacer("*", "", "?", "x", "{", "", "}", "", "\\", "").Replace(pattern)
	for _, text := range []string{"", pattern, plain, plain + "x"} {
		if _, err := g.Match(text); err != nil && !errors.Is(err, ErrGlobLimit) {
			return errors.New(explainGlob(pattern, ""))
		}
	}
	return nil
}

func compileGlob(pattern string) (g glob.Glob, err error) {
	if len(pattern) > maxPattern || strings.Count(pattern, "*")+strings.Count(pattern, "{")+strings.Count(pattern, "?") > maxWildcards && !isSimple(pattern) {
		return nil, ErrGlobLimit
	}
	defer func() {
		if r := recover(); r != nil {
			g, err = nil, errors.New(explainGlob(pattern, ""))
		}
	}()
	g, err = glob.Compile(pattern)
	if err != nil {
		return nil, errors.New(explainGlob(pattern, err.Error()))
	}
	return g, nil
}

// isSimple reports whether a pattern has no wildcards but single characters, so that it is
// compared in linear time.
func isSimple(pattern string) bool { return !strings.ContainsAny(pattern, "*{[\\") }

// explainGlob returns what is wrong with a pattern, because the library's messages name
// neither a character nor a place.
func explainGlob(pattern, message string) string {
	switch {
	case !utf8.ValidString(pattern):
		return "the pattern is not valid UTF-8"
	case strings.HasSuffix(pattern, "{"):
		return "the pattern ends with {"
	case message == "unexpected end of input" || message == "unexpected end":
		return "the pattern has [ without ]"
	case message == "could not parse range":
		return "the pattern has an empty set, such as []"
	case message == "expected close range character":
		return "the pattern has a set with several ranges, such as [a-zA-Z]; write {[a-z],[A-Z]}"
	case strings.HasPrefix(message, "hi character"):
		return "the pattern has a range whose first character is after its last, such as [z-a]"
	case message == "":
		return "the pattern has unbalanced { and }"
	}
	return "the pattern is not valid: " + message
}

// heads is the prefix of the refs of branches, and tags that of tags.
const (
	heads = "refs/heads/"
	tags  = "refs/tags/"
)

// RefMatches reports whether a pattern of on-target-branch or on-path-change matches a
// branch, ref or path. The pattern and the text are completed with refs/heads/, unless
// they begin with refs/heads/ or refs/tags/, and equal texts match whatever the pattern
// means. Paths of files are compared in the same way.
func RefMatches(pattern, text string) (bool, error) {
	return matches(completed(pattern, text))
}

func matches(pattern, text string) (bool, error) {
	g, err := Compile(pattern)
	if err != nil {
		return false, err
	}
	return g.Match(text)
}

// completed returns a pattern and a text with refs/heads/.
func completed(pattern, text string) (fullPattern, fullText string) {
	if strings.HasPrefix(pattern, tags) {
		return pattern, text
	}
	if !strings.HasPrefix(text, heads) && !strings.HasPrefix(text, tags) {
		text = heads + text
	}
	if !strings.HasPrefix(pattern, heads) {
		pattern = heads + pattern
	}
	return pattern, text
}
