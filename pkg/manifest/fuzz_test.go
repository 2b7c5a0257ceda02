package manifest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// FuzzParse parses any text, and checks the objects with all rules, unchanged and
// upgraded. There must be no panic, each finding and value must have a position in the
// text, and objects without findings must decode into their structs.
func FuzzParse(f *testing.F) {
	for _, file := range []string{"estate.yaml", "mistakes.yaml", "upgrade.yaml"} {
		b, err := os.ReadFile("testdata/" + file)
		require.NoError(f, err)
		f.Add(b)
		for doc := range strings.SplitSeq(string(b), "---\n") {
			f.Add([]byte(doc))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		lines := strings.Split(strings.TrimPrefix(string(in), "\ufeff"), "\n")
		inside := func(line, column int) bool {
			return line > 0 && line <= len(lines) && column > 0 && column <= len([]rune(lines[line-1]))+1
		}
		valid := func(p diag.Position) {
			require.True(t, inside(p.Line, p.Column), "%+v\n%s", p, in)
			if p.EndLine != 0 {
				require.True(t, inside(p.EndLine, p.EndColumn), "%+v\n%s", p, in)
				require.True(t, p.EndLine > p.Line || p.EndLine == p.Line && p.EndColumn >= p.Column, "%+v\n%s", p, in)
			}
		}
		all := func(found diag.Findings) {
			for _, f := range found {
				require.NotContains(t, f.Message, "cannot be read: json", "%s", in)
				require.NotEqual(t, "internal", f.Code, "%s\n%s", f, in)
				valid(f.Position)
				for _, r := range f.Related {
					if r.Position.IsValid() {
						valid(r.Position)
					}
				}
			}
		}
		objects, found := manifest.Parse(in, "f")
		all(found)
		all(checkAll(t, objects, check.Profile{Complete: true}))
		newer, _, err := manifest.Upgrade(objects)
		if err == nil {
			all(checkAll(t, newer, check.Profile{}))
		}
		for _, o := range objects {
			visited := 0
			scalars(diag.Path{}, content(t, o), func(path diag.Path, v any) {
				if visited++; visited > 100 {
					return
				}
				valid(o.At(path))
				if text, ok := v.(string); ok && text != "" {
					valid(o.Find(path, text[len(text)/2:]))
				}
			})
		}
	})
}
