package triggers_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// mistake is one mistake. The golden file has all findings for it. Places are
// replaced by the marker in a comment at the end of the line at fault: // want.
type mistake struct {
	name  string
	codes string // of the findings, in source order
	from  manifest.Source
}

// of returns a listener that a function fills.
func of(fill func(l *triggers.Listener, push *triggers.Push)) *triggers.Listener {
	l := triggers.NewListener("hub").Secret("webhook", "token")
	fill(l, triggers.GitHubPush())
	return l
}

// on returns a listener with one trigger, whose run has one value.
func on(fill func(push *triggers.Push) builder.String) *triggers.Listener {
	return of(func(l *triggers.Listener, push *triggers.Push) { l.On("t", push, run("p-", value{"v", fill(push)})) })
}

// shaped returns a listener with one trigger that a function changes.
func shaped(shape func(t *triggers.Trigger)) *triggers.Listener {
	return of(func(l *triggers.Listener, push *triggers.Push) {
		t := l.On("t", push, sha(push.SHA)) // want trigger
		shape(t)
	})
}

// checkMistakes compares the findings for the mistakes with a golden file.
func checkMistakes(t *testing.T, file string, mistakes []mistake) {
	var text strings.Builder
	for _, m := range mistakes {
		objects, err := m.from.Objects()
		if err == nil || len(objects) > 0 { // it is not nil
			err = manifest.New(m.from).Build()
		}
		said := "nothing"
		if err != nil {
			said = marked(t, err.Error())
		}
		fmt.Fprintf(&text, "# %s\n%s\n\n", m.name, said)

		t.Run(m.name, func(t *testing.T) {
			var codes []string
			for _, f := range findings(t, err) {
				codes = append(codes, f.Code)
				assert.Equal(t, diag.Error, f.Severity)
				assert.NotEmpty(t, f.Object.Kind)
				if f.Code != "object-invalid" {
					assert.NotEmpty(t, f.Help, "%s has no help", f.Code)
				}
				assert.NotContains(t, f.Error()+f.Path.String()+f.Subject, "\U000F0E0E")
				for _, sentence := range []string{f.Message, f.Help} {
					assert.NotRegexp(t, `\.$|\n`, sentence)
					assert.NotRegexp(t, `(?i)\b(illegal|forbidden|please|sorry)\b`, sentence)
				}
			}
			assert.Equal(t, m.codes, strings.Join(codes, " "))
		})
	}
	golden.Check(t, file, []byte(text.String()))
}

// findings returns the findings in an error, in order.
func findings(t *testing.T, err error) []diag.Finding {
	t.Helper()
	if err == nil {
		return nil
	}
	var many diag.Findings
	require.ErrorAs(t, err, &many)
	return many
}

var placed = regexp.MustCompile(`\bpkg/triggers/(\w+_test\.go):(\d+)`)

// marked replaces places in tests by the markers on their lines.
func marked(t *testing.T, text string) string {
	t.Helper()
	return placed.ReplaceAllStringFunc(text, func(place string) string {
		m := placed.FindStringSubmatch(place)
		source, err := os.ReadFile(m[1])
		require.NoError(t, err)
		n, err := strconv.Atoi(m[2])
		require.NoError(t, err)
		line := strings.Split(string(source), "\n")[n-1]
		_, marker, ok := strings.Cut(line, "// want")
		if !ok {
			t.Errorf("%s is reported, and carries no // want: %s", place, strings.TrimSpace(line))
			return place
		}
		return "want" + marker
	})
}

// said matches the code in a call that reports a finding.
var said = regexp.MustCompile(`(?:finding\([\w.]+, [\w.()]+, |fail\([\w.]+, |fault\([\w.]+, |fault\{at, |Code: |f\.Code, f\.Message, f\.Help = |f\.Code = |\bcode := |name", |"\], )"([a-z]+(?:-[a-z]+)+|upstream)"`)

// TestCodes checks that a golden file has a finding for every code of the package.
func TestCodes(t *testing.T) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	codes := map[string]bool{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, m := range said.FindAllStringSubmatch(string(source), -1) {
			codes[m[1]] = true
		}
	}
	assert.Greater(t, len(codes), 25)
	var golden string
	for _, f := range []string{"events", "listeners", "templates", "objects"} {
		text, err := os.ReadFile("testdata/errors/" + f + ".txt")
		require.NoError(t, err)
		golden += string(text)
	}
	for code := range codes {
		assert.True(t, slices.ContainsFunc([]string{code}, func(c string) bool { return strings.Contains(golden, "error "+c+":") }),
			"nothing shows %s", code)
	}
}
