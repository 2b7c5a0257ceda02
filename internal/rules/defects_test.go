package rules_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/rules"
)

// defects is the number of rows of docs/defects.md.
const defects = 72

var (
	defectRow = regexp.MustCompile(`^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \|$`)
	codeLink  = regexp.MustCompile(`^\[([a-z-]+)\]\(rules\.md#([a-z-]+)\)$`)
	rowOfCase = regexp.MustCompile(`\((not )?defect (\d+)\)$`)
)

// A defect is a row of the table: the rules that find it, and their severities.
type defect struct{ codes, severities []string }

// TestDefects compares the table of docs/defects.md with the rules and their cases.
// The name of a case ends with "(defect N)" if it shows row N of the table, and with
// "(not defect N)" if it is similar but correct. Each rule of a row must find one of
// the former, and none may find one of the latter.
func TestDefects(t *testing.T) {
	rows := defectRows(t)
	require.Len(t, rows, defects)
	fires, nearly := make([]map[string]bool, defects), make([]bool, defects)
	for _, cases := range caseFiles(t) {
		for _, c := range cases {
			parts := rowOfCase.FindStringSubmatch(c.name)
			if parts == nil {
				continue
			}
			fine := parts[1] != ""
			n, err := strconv.Atoi(parts[2])
			require.NoError(t, err)
			require.LessOrEqual(t, n, defects)
			found, err := c.run()
			require.NoError(t, err)
			for _, f := range found {
				if !slices.Contains(rows[n-1].codes, f.Code) {
					continue
				}
				assert.False(t, fine, "%s: %v", c.name, f)
				assert.Contains(t, rows[n-1].severities, f.Severity.String(), "row %d: %v", n, f)
				if fires[n-1] == nil {
					fires[n-1] = map[string]bool{}
				}
				fires[n-1][f.Code] = true
			}
			nearly[n-1] = nearly[n-1] || fine
		}
	}
	for i := range rows {
		for _, code := range rows[i].codes {
			assert.True(t, fires[i][code], "%[2]s finds no case named (defect %[1]d)", i+1, code)
		}
		assert.True(t, nearly[i], "no case is named (not defect %d)", i+1)
	}
}

// defectRows reads the table.
func defectRows(t *testing.T) []defect {
	t.Helper()
	page, err := os.ReadFile("../../docs/defects.md")
	require.NoError(t, err)
	var rows []defect
	for line := range strings.SplitSeq(string(page), "\n") {
		found := defectRow.FindStringSubmatch(strings.TrimSuffix(line, "\r"))
		if found == nil {
			assert.False(t, strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| # |"), "not a row: %s", line)
			continue
		}
		require.Equal(t, strconv.Itoa(len(rows)+1), found[1], "rows are numbered in order")
		r := defect{severities: strings.Split(found[3], ", ")}
		for link := range strings.SplitSeq(found[2], ", ") {
			parts := codeLink.FindStringSubmatch(link)
			require.NotNil(t, parts, "row %s: %s", found[1], link)
			assert.Equal(t, parts[1], parts[2])
			assert.NotNil(t, rules.Lookup(parts[1]), "row %s: no rule %s", found[1], parts[1])
			r.codes = append(r.codes, parts[1])
		}
		rows = append(rows, r)
	}
	return rows
}
