package check_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
)

// defects is the number of rows of docs/defects.md.
const defects = 72

// TestDefects runs the cases of the rows of docs/defects.md.
func TestDefects(t *testing.T) {
	files, err := filepath.Glob("testdata/rows/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { goldens(t, file) })
	}
}

var (
	defectRow = regexp.MustCompile(`^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \|$`)
	codeLink  = regexp.MustCompile(`^\[([a-z-]+)\]\(rules\.md#([a-z-]+)\)$`)
	rowOfCase = regexp.MustCompile(`^row (\d+)\b`)
	codeFound = regexp.MustCompile(`(?m): (error|warning|note) ([a-z-]+): `)
)

// TestDefectsTable holds the table of docs/defects.md against the rules, and
// against the cases: for each row there is one that a rule of that row finds,
// and one that nearly is that, and is not found.
func TestDefectsTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/defects.md")
	require.NoError(t, err)
	type row struct{ codes, severities []string }
	var rows []row
	for _, line := range strings.Split(string(page), "\n") {
		found := defectRow.FindStringSubmatch(strings.TrimSuffix(line, "\r"))
		if found == nil {
			assert.False(t, strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| # |"), "no row: %s", line)
			continue
		}
		require.Equal(t, strconv.Itoa(len(rows)+1), found[1], "rows are numbered in order")
		r := row{severities: strings.Split(found[3], ", ")}
		for _, link := range strings.Split(found[2], ", ") {
			parts := codeLink.FindStringSubmatch(link)
			require.NotNil(t, parts, "row %s: %s", found[1], link)
			assert.Equal(t, parts[1], parts[2])
			_, known := check.RuleOf(parts[1])
			assert.True(t, known, "row %s: there is no rule %s", found[1], parts[1])
			r.codes = append(r.codes, parts[1])
		}
		rows = append(rows, r)
	}
	require.Len(t, rows, defects)

	fires, nearly := make([]map[string]bool, defects), make([]bool, defects)
	for name, result := range cases(t) {
		found := rowOfCase.FindStringSubmatch(name)
		if found == nil {
			continue
		}
		n, err := strconv.Atoi(found[1])
		require.NoError(t, err)
		require.LessOrEqual(t, n, defects)
		r := rows[n-1]
		for _, f := range codeFound.FindAllStringSubmatch(result, -1) {
			if !slices.Contains(r.codes, f[2]) {
				continue
			}
			assert.NotContains(t, name, "nearly", "%s is found: %s", name, f[2])
			assert.Contains(t, r.severities, f[1], "row %d: %s", n, f[2])
			if fires[n-1] == nil {
				fires[n-1] = map[string]bool{}
			}
			fires[n-1][f[2]] = true
		}
		nearly[n-1] = nearly[n-1] || strings.Contains(name, "nearly")
	}
	for i := range rows {
		assert.NotEmpty(t, fires[i], "no case of row %d is found by one of its rules: %v", i+1, rows[i].codes)
		for _, code := range rows[i].codes {
			assert.True(t, fires[i][code], "no case of row %d is found by %s", i+1, code)
		}
		assert.True(t, nearly[i], `row %d has no case "row %d: nearly"`, i+1, i+1)
	}
}

// cases are the results of all golden cases, by name.
func cases(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"testdata/*.txt", "testdata/rows/*.txt"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, c := range strings.Split("\n"+string(text), "\n### ")[1:] {
				name, result, _ := strings.Cut(c, "\n")
				out[name] += result
			}
		}
	}
	return out
}
