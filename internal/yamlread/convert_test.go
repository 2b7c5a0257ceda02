package yamlread_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/yamlread"
)

func TestJSON(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "null",
		"# nothing\n":                   "null",
		"a: 1\nb: [x, yes]\n":           `{"a":1,"b":["x",true]}`,
		"{\"a\": 0x10}":                 `{"a":16}`,
		"a: &x {b: c}\nd: *x\n":         `{"a":{"b":"c"},"d":{"b":"c"}}`,
		"base: &b {x: 1}\n<<: *b\nz: 2": `{"base":{"x":1},"z":2,"x":1}`,
	} {
		for _, strict := range []bool{false, true} {
			got, err := yamlread.JSON([]byte(text), strict)
			require.NoError(t, err, text)
			assert.JSONEq(t, want, string(got), text)
		}
	}
	got, err := yamlread.JSON([]byte("a: 1\na: 2\n---\nb: 1\n"), false)
	require.NoError(t, err)
	assert.JSONEq(t, `{"a":2}`, string(got), "as kubectl reads it")
	for text, want := range map[string]string{
		"a: 1\na: 2\n":      `line 2: key "a" is already set in line 1`,
		"a: 1\n---\nb: 1\n": "line 3: a second document begins",
		"a: [":              "line 1",
		"a: *x\n":           "line 1",
	} {
		_, err := yamlread.JSON([]byte(text), true)
		assert.ErrorContains(t, err, want, text)
	}
}

// bomb is a document whose aliases make many times as much of it.
func bomb(flow string) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [" + strings.Repeat("x,", 5000) + "x]\n")
	for i := 1; i < 40; i++ {
		prev := "*a" + string(rune('0'+(i-1)/10)) + string(rune('0'+(i-1)%10))
		if i == 1 {
			prev = "*a0"
		}
		b.WriteString("a" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + ": &a" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + " [" + strings.Repeat(prev+", ", 9) + prev + "]\n")
	}
	return b.String() + flow
}

// TestBombs: what aliases multiply is refused before it takes memory, wherever the
// text goes.
func TestBombs(t *testing.T) {
	for name, text := range map[string]string{
		"lists": bomb(""),
		// A tab behind a comment makes kubectl's own reader have a look.
		"tab behind a comment": bomb("z: [ # comment\n\tx]\n"),
		"long texts":           "a: &a " + strings.Repeat("x", 1<<16) + "\nb: [" + strings.Repeat("*a, ", 20_000) + "*a]\n",
	} {
		before := allocated()
		for _, strict := range []bool{false, true} {
			_, err := yamlread.JSON([]byte(text), strict)
			assert.Error(t, err, name)
		}
		for d := range yamlread.Documents(text) {
			assert.NotNil(t, d.Problem, name)
		}
		assert.Less(t, allocated()-before, uint64(400<<20), "%s: too much memory", name)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
