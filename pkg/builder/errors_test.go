package builder_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Build must report what the compiler cannot. Each mistake is made in a pipeline in
// which nothing else is wrong. The complete output of Build is in
// testdata/errors. There, a place is the marker that the line at fault carries
// in a comment: // want.

// mistake is a single mistake.
type mistake struct {
	name  string
	codes string // of the findings, in source order
	make  func(f *fixture)
}

// fixture is the pipeline in which mistakes are made.
type fixture struct {
	p     *builder.Pipeline
	repo  builder.String
	flags builder.Array
	obj   builder.Object
	src   builder.Workspace
	clone Cloned
	fan   *builder.Matrix[Conv, ConvOut]
	fin   *builder.FinallyTask[ConvOut]
	build func() error // builds something else than p
}

// errors builds what the mistakes are in.
func (f *fixture) errors() error {
	if f.build != nil {
		return f.build()
	}
	return f.p.Build()
}

func newFixture() *fixture {
	p := builder.NewPipeline("x")
	f := &fixture{
		p: p, repo: p.Param("repo"), flags: p.ArrayParam("flags"), obj: p.ObjectParam("obj", []string{"host", "path"}), // want fixture
		src: p.Workspace("src"), // want fixture
	}
	f.clone = builder.Add(p, "clone", Clone{URL: f.repo, Flags: f.flags, Place: f.obj, Output: f.src}) // want clone
	f.fan = builder.AddMatrix(p, "fan", Conv{Key: builder.Each(f.flags)})                              // want fan
	f.fin = builder.AddFinally(p, "fin", Conv{Key: f.repo})
	return f
}

// args returns all arguments that a run must have, and more.
func (f *fixture) args(more ...builder.Arg) []builder.Arg {
	return append([]builder.Arg{
		f.repo.Set("https://example.com"), f.flags.Set(builder.Strings("a")), // want args
		f.obj.Set(builder.ObjectOf(map[string]builder.String{"host": "h", "path": "/"})), f.src.VolumeClaimTemplate("1Gi"), // want args
	}, more...)
}

func TestFixture(t *testing.T) {
	f := newFixture()
	f.p.Run("r-", f.args()...)
	assert.NoError(t, f.errors())
}

// checkMistakes makes each mistake in a fixture of its own.
func checkMistakes(t *testing.T, file string, all []mistake) {
	t.Helper()
	var text strings.Builder
	for _, m := range all {
		f := newFixture()
		m.make(f)
		err := f.errors()
		said := "nothing"
		if err != nil {
			said = marked(t, err.Error())
		}
		fmt.Fprintf(&text, "# %s\n%s\n\n", m.name, said)

		t.Run(m.name, func(t *testing.T) {
			var codes []string
			for _, f := range findings(t, err) {
				codes = append(codes, f.Code)
				assert.True(t, f.Help != "" || obvious[f.Code], "%s has no help", f.Code)
				assert.NotEmpty(t, f.Object.Kind)
				style(t, f.Message)
				style(t, f.Help)
			}
			assert.Equal(t, m.codes, strings.Join(codes, " "))
		})
	}
	golden.Check(t, file, []byte(text.String()))
}

// obvious are the codes of messages that need no help.
var obvious = map[string]bool{
	"name-invalid": true, "param-type": true, "retries-invalid": true, "timeout-invalid": true, "upstream": true,
}

// findings returns the findings of an error, in order.
func findings(t *testing.T, err error) []diag.Finding {
	t.Helper()
	if err == nil {
		return nil
	}
	var first diag.Finding
	require.ErrorAs(t, err, &first)
	var many interface{ Unwrap() []error }
	require.ErrorAs(t, err, &many)
	var out []diag.Finding
	for _, e := range many.Unwrap() {
		var f diag.Finding
		require.ErrorAs(t, e, &f)
		out = append(out, f)
	}
	return out
}

// style checks the style of a message or a help text.
func style(t *testing.T, sentence string) {
	t.Helper()
	assert.NotRegexp(t, `[a-z]\.$|\n`, sentence)
	assert.NotRegexp(t, `(?i)\b(illegal|forbidden|please|sorry)\b`, sentence)
	assert.NotRegexp(t, `^(A|An|The|This|It|No)\b`, sentence)
}

var placed = regexp.MustCompile(`pkg/builder/(\w+_test\.go):(\d+)`)

// marked replaces places in tests by the markers in their lines.
func marked(t *testing.T, text string) string {
	t.Helper()
	return placed.ReplaceAllStringFunc(text, func(place string) string {
		m := placed.FindStringSubmatch(place)
		line := sourceLine(t, m[1], m[2])
		_, marker, ok := strings.Cut(line, "// want")
		if !ok {
			t.Errorf("%s is reported, and carries no // want: %s", place, strings.TrimSpace(line))
			return place
		}
		return "want" + marker
	})
}

var sources = map[string][]string{}

func sourceLine(t *testing.T, file, number string) string {
	t.Helper()
	lines, ok := sources[file]
	if !ok {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		lines = strings.Split(string(text), "\n")
		sources[file] = lines
	}
	n, err := strconv.Atoi(number)
	require.NoError(t, err)
	return lines[n-1]
}
