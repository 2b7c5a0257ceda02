package manifest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

func TestRead(t *testing.T) {
	want, err := os.ReadFile("testdata/estate.yaml")
	require.NoError(t, err)
	s, err := manifest.Read(bytes.NewReader(want), "estate.yaml")
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, s.Write(&b))
	assert.Equal(t, string(want), b.String(), "what is written is read, and written the same")

	objects, err := s.Objects()
	require.NoError(t, err)
	assert.Equal(t, "estate.yaml:5:9", objects[0].At(diag.Fields("metadata", "name")).String())
	assert.Equal(t, "estate.yaml:10:9", objects[1].At(diag.Fields("metadata", "name")).String())
}

func TestReadUnknown(t *testing.T) {
	in := "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  \"on\": 1\n  b:\n    - null\n    - 1.5\n"
	list := "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(strings.TrimSpace(in), "\n", "\n  ") +
		"\n- {apiVersion: v1, kind: ServiceAccount, metadata: {name: x}}\n"
	s, err := manifest.Read(strings.NewReader(list), "l.yaml")
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, s.Write(&b))
	assert.Equal(t, header+"apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n---\n"+
		strings.Replace(in, "  \"on\": 1\n  b:\n    - null\n    - 1.5\n", "  b:\n    - null\n    - 1.5\n  \"on\": 1\n", 1), b.String())

	s, err = manifest.Read(strings.NewReader("# nothing\n---\n"), "e.yaml")
	require.NoError(t, err)
	assert.Empty(t, labels(t, s))
}

// TestReadProblems reads a file with all the mistakes that Read reports.
func TestReadProblems(t *testing.T) {
	in, err := os.ReadFile("testdata/mistakes.yaml")
	require.NoError(t, err)
	_, err = manifest.Read(bytes.NewReader(in), "mistakes.yaml")
	require.Error(t, err)
	var refused diag.Findings
	require.ErrorAs(t, err, &refused)

	objects, all := manifest.Parse(in, "mistakes.yaml")
	assert.Len(t, objects, 22)
	assert.Equal(t, all.Err(), err)
	golden.Check(t, "testdata/mistakes.txt", []byte(all.Error()+"\n"))
	for _, f := range all {
		assert.Regexp(t, `^mistakes\.yaml:\d+:\d+$`, f.Position.String())
		_, ok := check.Lookup(f.Code)
		assert.True(t, ok, f.Code)
		if f.Code == "field-unknown" {
			assert.False(t, f.Path.IsRoot())
		}
	}

	_, err = manifest.Read(iotest.ErrReader(os.ErrDeadlineExceeded), "x")
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
}

func TestReadDir(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, set(task("a", "x"), account("b")).WriteDir(dir))
	write(t, dir, "kustomization.yaml", "resources: []\n")
	write(t, dir, "README.md", "a: b: c")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.yaml"), 0o700))
	outside := t.TempDir()
	write(t, outside, "x.yaml", "kind: [\n")
	require.NoError(t, os.Symlink(filepath.Join(outside, "x.yaml"), filepath.Join(dir, "link.yaml")))
	s, err := manifest.ReadDir(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{"ServiceAccount /b", "Task /a"}, labels(t, s))
	require.NoError(t, s.CheckDir(dir))

	write(t, dir, "bad.yml", "kind: Task\n")
	write(t, dir, "worse.yml", "kind: [\n")
	_, err = manifest.ReadDir(dir)
	require.Error(t, err)
	assert.Contains(t, err.Error(), "bad.yml:1:1: error object-untyped")
	assert.Contains(t, err.Error(), "worse.yml:")

	_, err = manifest.ReadDir(t.TempDir())
	assert.ErrorContains(t, err, "contains no .yaml or .yml files")
	_, err = manifest.ReadDir(filepath.Join(dir, "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// FuzzRead reads any text. There must be no panic, and objects must be unchanged after
// they were written and read again.
func FuzzRead(f *testing.F) {
	for _, file := range []string{"testdata/estate.yaml", "testdata/mistakes.yaml"} {
		b, err := os.ReadFile(file)
		require.NoError(f, err)
		for doc := range strings.SplitSeq(string(b), "---\n") {
			f.Add(doc)
		}
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, err := manifest.Read(strings.NewReader(in), "f")
		if err != nil {
			return
		}
		var one, two bytes.Buffer
		if s.Write(&one) != nil {
			return
		}
		s, err = manifest.Read(bytes.NewReader(one.Bytes()), "f")
		require.NoError(t, err, "%s", one.String())
		require.NoError(t, s.Write(&two))
		require.Equal(t, one.String(), two.String())
	})
}
