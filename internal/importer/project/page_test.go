package project_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPage imports the example of the page: its Go is that of the page.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../../docs/import.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```(yaml|go)\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	example := ""
	for _, b := range blocks {
		if b[1] == "yaml" && strings.Contains(b[2], "kind: Pipeline\n") {
			example = b[2]
		}
	}
	require.NotEmpty(t, example)
	_, p := made(t, options, folder(t, map[string]string{"build.yaml": example}))
	all := strings.Builder{}
	for _, f := range p.Files {
		if strings.HasSuffix(f.Name, ".go") {
			all.Write(f.Text)
		}
	}
	n := 0
	for _, b := range blocks {
		if b[1] != "go" {
			continue
		}
		for part := range strings.SplitSeq(strings.TrimSpace(b[2]), "\n\n") {
			n++
			assert.Contains(t, all.String(), part)
		}
	}
	assert.Positive(t, n)
}
