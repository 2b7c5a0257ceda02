package tekwright_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIndex: docs/README.md links to each page below docs.
func TestIndex(t *testing.T) {
	linked := map[string]bool{}
	for _, target := range links(read(t, "docs/README.md")) {
		file, _, _ := strings.Cut(target, "#")
		linked[path.Join("docs", file)] = true
	}
	for _, page := range documents(t) {
		if strings.HasPrefix(page, "docs/") && page != "docs/README.md" {
			assert.True(t, linked[page], "docs/README.md does not link to %s", page)
		}
	}
}

// TestLinks: each relative link of a page leads to a file, and to a heading of it.
func TestLinks(t *testing.T) {
	headings := map[string]map[string]bool{}
	for _, page := range documents(t) {
		for _, target := range links(read(t, page)) {
			if strings.Contains(target, ":") {
				continue // another site
			}
			file, fragment, _ := strings.Cut(target, "#")
			to := page
			if file != "" {
				to = path.Join(path.Dir(page), file)
			}
			if _, err := os.Stat(filepath.FromSlash(to)); !assert.NoError(t, err, "%s links to %s", page, target) {
				continue
			}
			if fragment == "" || path.Ext(to) != ".md" {
				continue
			}
			if headings[to] == nil {
				headings[to] = anchors(read(t, to))
			}
			assert.True(t, headings[to][fragment], "%s links to %s, which has no such heading", page, target)
		}
	}
}

func TestAnchors(t *testing.T) {
	assert.Equal(t, map[string]bool{"a-bc-d_e": true, "x": true, "x-1": true},
		anchors("# A `b`c, d_e!\n\ntext\n\n## x\n\n```sh\n# no heading\n```\n\n### [x](y)\n"))
}

// documents returns the Markdown files of the repository that people read.
func documents(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("*.md")
	require.NoError(t, err)
	require.NoError(t, filepath.WalkDir("docs", func(name string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".md" {
			pages = append(pages, filepath.ToSlash(name))
		}
		return err
	}))
	return pages
}

var (
	fences   = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	spans    = regexp.MustCompile("`[^`\n]*`")
	targets  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	titles   = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	anchored = regexp.MustCompile(`\[([^]]*)\]\([^)]*\)`)
	unwanted = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// links returns the targets of the links in a page, without those in code.
func links(page string) (found []string) {
	page = fences.ReplaceAllString(page, "")
	page = strings.ReplaceAll(spans.ReplaceAllStringFunc(page, func(s string) string { return strings.Repeat("x", len(s)) }), "\\]", "")
	for _, m := range targets.FindAllStringSubmatch(page, -1) {
		found = append(found, m[1])
	}
	return found
}

// anchors returns the anchors that GitHub gives the headings of a page.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, m := range titles.FindAllStringSubmatch(fences.ReplaceAllString(page, ""), -1) {
		name := anchored.ReplaceAllString(m[1], "$1")
		name = strings.ReplaceAll(unwanted.ReplaceAllString(strings.ToLower(name), ""), " ", "-")
		unique := name
		for i := 1; found[unique]; i++ {
			unique = name + "-" + strconv.Itoa(i)
		}
		found[unique] = true
	}
	return found
}
