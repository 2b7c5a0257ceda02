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

// FuzzParse reads any text, and holds what it reads against the rules, as it is
// and in the newest versions: no panic, every finding and every value has its
// place in the text, and what passes the strict look fits the structs.
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
		valid := func(place string) {
			_, line, column := check.SplitPlace(place)
			require.True(t, line > 0 && line <= len(lines) && column > 0 && column <= len([]rune(lines[line-1]))+1, "%s\n%s", place, in)
		}
		all := func(found diag.Findings) {
			for _, f := range found {
				require.NotContains(t, f.Message, "cannot be read: json", "%s", in)
				require.NotEqual(t, "internal", f.Code, "%s\n%s", f, in)
				valid(f.Place)
				for _, r := range f.Related {
					if r.Place != "" {
						valid(r.Place)
					}
				}
			}
		}
		objects, found := manifest.Parse(in, "f")
		all(found)
		all(check.Run(objects, check.Profile{Complete: true}))
		newer, _, err := manifest.Upgrade(objects)
		if err == nil {
			all(check.Run(newer, check.Profile{}))
		}
		for _, o := range objects {
			visited := 0
			scalars("", content(t, o), func(path string, v any) {
				if visited++; visited > 100 {
					return
				}
				valid(o.At(path))
				if text, ok := v.(string); ok && text != "" {
					f, _ := o.Adjust(diag.Finding{Path: path, Excerpt: text[len(text)/2:], Place: o.At(path)})
					valid(f.Place)
				}
			})
		}
	})
}
