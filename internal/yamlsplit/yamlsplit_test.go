package yamlsplit

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSplit(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []Document
	}{
		"empty":           {"", nil},
		"comments only":   {"# a\n---\n\n# b\n---\n", nil},
		"one":             {"a: 1\n", []Document{{1, 0, "a: 1\n"}}},
		"header":          {"# h\n\na: 1\n---\n# c\nb: 2", []Document{{3, 5, "a: 1\n"}, {6, 18, "b: 2"}}},
		"carriage return": {"a: 1\r\n---\r\nb: 2\r\n", []Document{{1, 0, "a: 1\r\n"}, {3, 11, "b: 2\r\n"}}},
		"end marker":      {"a: 1\n...\n---\nb: 2\n", []Document{{1, 0, "a: 1\n"}, {4, 13, "b: 2\n"}}},
		"behind the end":  {"a: 1\n... # c\n... b\n", []Document{{1, 0, "a: 1\n"}, {3, 13, "... b\n"}}},
		"on the marker":   {"--- {a: 1}\n--- # c\nb: 2\n", []Document{{1, 0, "--- {a: 1}\n"}, {3, 19, "b: 2\n"}}},
		"no marker":       {"a: |\n  ---\n----: 1\n", []Document{{1, 0, "a: |\n  ---\n----: 1\n"}}},
		"tabs":            {"\t\n---\t# c\n \t# d\n", []Document{{1, 0, "\t\n"}, {3, 10, " \t# d\n"}}},
		"odd comments":    {"# \ta é\n---\n# \x01\n---\n# a\rb\n---\n# \u2028b", []Document{{3, 12, "# \x01\n"}, {5, 20, "# a\rb\n"}, {7, 30, "# \u2028b"}}},
		"byte order mark": {"\ufeffa: 1\n", []Document{{1, 3, "a: 1\n"}}},
	} {
		t.Run(name, func(t *testing.T) {
			docs := Split(c.in)
			assert.Equal(t, c.want, docs)
			for _, d := range docs {
				assert.Equal(t, d.Text, c.in[d.Offset:d.Offset+len(d.Text)])
			}
		})
	}
}
