package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
)

// TestReport holds the table and the JUnit file of a run that has all that can
// happen: tests that pass, fail and are skipped, a parent that fails by itself,
// a part without a cluster, one that cannot be built, and one whose process
// ends before its test.
func TestReport(t *testing.T) {
	events, err := os.Open("testdata/events.json")
	require.NoError(t, err)
	defer events.Close() //nolint:errcheck // opened to be read
	file := filepath.Join(t.TempDir(), "report.xml")
	var out, errs strings.Builder
	assert.Equal(t, 1, run([]string{"-junit", file}, events, &out, &errs))
	assert.Empty(t, errs.String())
	golden.Check(t, "testdata/table.txt", []byte(out.String()))
	xml, err := os.ReadFile(file)
	require.NoError(t, err)
	golden.Check(t, "testdata/report.xml", xml)
}

func TestExit(t *testing.T) {
	for name, c := range map[string]struct {
		events string
		exit   int
	}{
		"passed":  {`{"Action":"pass","Package":"p","Test":"T"}` + "\n" + `{"Action":"pass","Package":"p"}`, 0},
		"skipped": {`{"Action":"skip","Package":"p","Test":"T"}` + "\n" + `{"Action":"pass","Package":"p"}`, 0},
		"failed":  {`{"Action":"fail","Package":"p","Test":"T"}` + "\n" + `{"Action":"fail","Package":"p"}`, 1},
		"cut off": {`{"Action":"run","Package":"p","Test":"T"}`, 1},
		"nothing": {"no event\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs strings.Builder
			assert.Equal(t, c.exit, run(nil, strings.NewReader(c.events), &out, &errs), out.String()+errs.String())
		})
	}
	var out, errs strings.Builder
	assert.Equal(t, 1, run([]string{"-junit", t.TempDir(), "--"}, strings.NewReader(`{"Action":"pass","Package":"p","Test":"T"}`+"\n"+`{"Action":"pass","Package":"p"}`), &out, &errs),
		"a file that cannot be written")
	assert.Equal(t, 2, run([]string{"-x"}, strings.NewReader(""), &out, &errs))
}
