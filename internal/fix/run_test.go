package fix_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/fix"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TestApply tests edits of a text, and those that cannot be made.
func TestApply(t *testing.T) {
	text, err := fix.Apply("abcdef", []diag.Edit{{Start: 0, End: 0, New: "<"}, {Start: 1, End: 3, New: "X"}, {Start: 6, End: 6, New: ">"}})
	require.NoError(t, err)
	assert.Equal(t, "<aXdef>", text)
	for _, edits := range [][]diag.Edit{
		{{Start: 2, End: 1}}, {{Start: 0, End: 7}}, {{Start: -1, End: 0}}, {{Start: 0, End: 3}, {Start: 2, End: 4}},
	} {
		_, err := fix.Apply("abcdef", edits)
		assert.Error(t, err, "%v", edits)
	}
}

// letters is a check that finds each upper-case letter of the files. Its fix makes the letter
// a lower-case one, with these exceptions: that for Q does nothing, that for Z adds a letter,
// that for U is not safe, and that for W is not safe and adds a letter.
func letters(texts map[string]string) (diag.Findings, error) {
	var out diag.Findings
	for _, file := range []string{"a", "b"} {
		for i, r := range texts[file] {
			if r < 'A' || r > 'Z' {
				continue
			}
			to := strings.ToLower(string(r))
			switch r {
			case 'Q':
				to = "Q"
			case 'Z', 'W':
				to = "zX"
			}
			before := texts[file][:i]
			out = append(out, diag.Finding{Code: "upper", Severity: diag.Error, Subject: string(r), Message: "upper " + string(r),
				Position: diag.Position{File: file, Line: 1 + strings.Count(before, "\n"), Column: i - strings.LastIndex(before, "\n")},
				Fixes:    []diag.Fix{{Message: "lower", Safe: r != 'U' && r != 'W', Edits: []diag.Edit{{File: file, Start: i, End: i + 1, New: to}}}}})
		}
	}
	return out, nil
}

func run(t *testing.T, texts map[string]string, o fix.Options) fix.Result {
	t.Helper()
	findings, err := letters(texts)
	require.NoError(t, err)
	r, err := fix.Run(findings, texts, o, letters)
	require.NoError(t, err)
	return r
}

func messages(findings diag.Findings) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, f.Position.String()+" "+f.Code+" "+f.Message)
	}
	return out
}

// TestRun tests which fixes are applied.
func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		o        fix.Options
		want     string // "" if it stays
		fixed    int
		rejected []string
		wrong    []string
	}{
		"nothing":           {text: "abc\n"},
		"all":               {text: "Abc\nDE f\n", want: "abc\nde f\n", fixed: 3},
		"safe ones":         {text: "AUB", want: "aUb", fixed: 2},
		"unsafe ones":       {text: "AUB", o: fix.Options{Unsafe: true}, want: "aub", fixed: 3},
		"wanted ones":       {text: "ABC", o: fix.Options{Wanted: func(i int) bool { return i != 1 }}, want: "aBc", fixed: 2},
		"not writable":      {text: "ABC", o: fix.Options{Writable: func(string) bool { return false }}},
		"one does not help": {text: "ABQCDEF", want: "abQcdef", fixed: 6, rejected: []string{"a:1:3 internal the fix for upper (lower) is not applied: it does not resolve the finding"}},
		"one makes another": {text: "A\nZB", want: "a\nZb", fixed: 2, rejected: []string{"a:2:1 internal the fix for upper (lower) is not applied: it brings another finding, error upper: upper X"}},
		"a wrong guess": {text: "AWB", o: fix.Options{Unsafe: true}, want: "aWb", fixed: 2,
			wrong: []string{"a:1:2 upper the fix for upper (lower) is not applied: it brings another finding, error upper: upper X"}},
		"several are wrong": {text: "QZAQZ", want: "QZaQZ", fixed: 1, rejected: []string{
			"a:1:1 internal the fix for upper (lower) is not applied: it does not resolve the finding",
			"a:1:2 internal the fix for upper (lower) is not applied: it brings another finding, error upper: upper X",
			"a:1:4 internal the fix for upper (lower) is not applied: it does not resolve the finding",
			"a:1:5 internal the fix for upper (lower) is not applied: it brings another finding, error upper: upper X"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, map[string]string{"a": c.text, "b": "x"}, c.o)
			want := map[string]string{}
			if c.want != "" {
				want["a"] = c.want
			}
			assert.Equal(t, want, r.Texts)
			assert.Equal(t, c.fixed, r.Fixed)
			assert.Equal(t, append([]string{}, c.rejected...), messages(r.Rejected))
			assert.Equal(t, append([]string{}, c.wrong...), messages(r.Wrong))
		})
	}
}

// TestManyWrong tests that the number of checks is limited.
func TestManyWrong(t *testing.T) {
	checks := 0
	texts := map[string]string{"a": strings.Repeat("Q", 500), "b": ""}
	findings, err := letters(texts)
	require.NoError(t, err)
	r, err := fix.Run(findings, texts, fix.Options{}, func(texts map[string]string) (diag.Findings, error) {
		checks++
		return letters(texts)
	})
	require.NoError(t, err)
	assert.Empty(t, r.Texts)
	assert.LessOrEqual(t, checks, 100)
	assert.Equal(t, 500, len(r.Rejected)+len(r.Wrong))
}

// TestIncomplete tests a check that a limit ends.
func TestIncomplete(t *testing.T) {
	limit := diag.Findings{{Code: "check-limit", Severity: diag.Error}}
	_, err := fix.Run(limit, nil, fix.Options{}, letters)
	require.ErrorIs(t, err, fix.ErrIncomplete)
	texts := map[string]string{"a": "A"}
	findings, _ := letters(texts)
	_, err = fix.Run(findings, texts, fix.Options{}, func(map[string]string) (diag.Findings, error) { return limit, nil })
	require.ErrorIs(t, err, fix.ErrIncomplete)
}

// TestOverlap tests fixes that overlap: the first wins, and the other follows in the next
// round, if it still applies.
func TestOverlap(t *testing.T) {
	// Each x is to be removed together with the character after it.
	check := func(texts map[string]string) (diag.Findings, error) {
		var out diag.Findings
		for i, r := range texts["a"] {
			if r == 'x' {
				out = append(out, diag.Finding{Code: "x", Severity: diag.Warning, Position: diag.Position{File: "a", Line: 1, Column: i + 1},
					Fixes: []diag.Fix{{Message: "remove", Safe: true, Edits: []diag.Edit{{File: "a", Start: i, End: min(i+2, len(texts["a"]))}}}}})
			}
		}
		return out, nil
	}
	texts := map[string]string{"a": "axbxxc"}
	findings, _ := check(texts)
	r, err := fix.Run(findings, texts, fix.Options{}, check)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "ac"}, r.Texts)
}

// TestOutdated tests a fix that another one of the same round makes wrong. It is made anew in
// the next round.
func TestOutdated(t *testing.T) {
	// The first letter says what the others have to be.
	check := func(texts map[string]string) (diag.Findings, error) {
		var out diag.Findings
		text := texts["a"]
		report := func(i int, to string) {
			out = append(out, diag.Finding{Code: "wrong", Severity: diag.Error, Position: diag.Position{File: "a", Line: 1, Column: i + 1},
				Fixes: []diag.Fix{{Message: "make it " + to, Safe: true, Edits: []diag.Edit{{File: "a", Start: i, End: i + 1, New: to}}}}})
		}
		if text[0] == 'a' {
			report(0, "b")
		}
		for i := 1; i < len(text); i++ {
			if text[i] != text[0] {
				report(i, text[:1])
			}
		}
		return out, nil
	}
	texts := map[string]string{"a": "axx"}
	findings, _ := check(texts)
	r, err := fix.Run(findings, texts, fix.Options{}, check)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "bbb"}, r.Texts)
	assert.Empty(t, r.Rejected)
}

// TestPromoted tests a mistake in several places, of which one finding reports the first.
func TestPromoted(t *testing.T) {
	check := func(texts map[string]string) (diag.Findings, error) {
		var out diag.Findings
		for i, r := range texts["a"] {
			at := diag.Position{File: "a", Line: 1, Column: i + 1}
			switch {
			case r != 'x':
			case len(out) > 0:
				out[0].Related = append(out[0].Related, diag.Related{Message: "also here", Position: at})
			default:
				out = append(out, diag.Finding{Code: "x", Severity: diag.Error, Position: at,
					Fixes: []diag.Fix{{Message: "make it y", Safe: true, Edits: []diag.Edit{{File: "a", Start: i, End: i + 1, New: "yy"}}}}})
			}
		}
		return out, nil
	}
	texts := map[string]string{"a": "x x-x"}
	findings, _ := check(texts)
	r, err := fix.Run(findings, texts, fix.Options{}, check)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"a": "yy yy-yy"}, r.Texts)
	assert.Empty(t, r.Rejected)
}
