package ignore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/ignore"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		" ignore a -- b":               "[a@8] b",
		"ignore a -- b":                "[a@7] b",
		" ignore a, b-c ,d --  e f ":   "[a@8 b-c@11 d@16] e f",
		" ignore a":                    "[a@8] ",
		" ignore a --":                 "[a@8] ",
		" ignore a--b":                 "[a--b@8] ",
		" ignore a because of b":       "[a@8] ",
		" ignore a, b because of c":    "[a@8 b@11] ",
		" ignore a b -- c":             "[a b@8] c",
		" ignore a -- b -- c":          "[a@8] b -- c",
		" ignore":                      "[] ",
		" ignore -- b":                 "[] b",
		" ignore , -- b":               "[] b",
		"\tignore\ta,\tb\t--\tc":       "[a@8 b@11] c",
		" ignored a -- b":              "no",
		" ignore: a -- b":              "no",
		" Ignore a -- b":               "no",
		" see the docs":                "no",
		"":                             "no",
		" ignore é -- ü":               "[é@8] ü",
		" ignore " + long + " -- b":    "[" + long[:64] + "…@8] b",
		" ignore a é" + long + " -- b": "[a é" + long[:60] + "…@8] b",
	} {
		codes, reason, ok := ignore.Parse(text)
		var all []string
		for _, c := range codes {
			all = append(all, fmt.Sprintf("%s@%d", c.Name, c.Offset))
		}
		got := fmt.Sprint(all) + " " + reason
		if !ok {
			got = "no"
		}
		assert.Equal(t, want, got, "%q", text)
	}
}

var long = strings.Repeat("abcdefgh", 20)

func FuzzParse(f *testing.F) {
	f.Add(" ignore a, b -- c")
	f.Add(" ignore a,, b --c -- d")
	f.Fuzz(func(t *testing.T, text string) {
		codes, reason, ok := ignore.Parse(text)
		if !ok {
			require.Empty(t, codes)
			return
		}
		require.Equal(t, strings.TrimSpace(reason), reason)
		before := 0
		for _, c := range codes {
			require.NotEmpty(t, c.Name)
			require.GreaterOrEqual(t, c.Offset, before)
			require.True(t, strings.HasPrefix(text[c.Offset:], strings.TrimSuffix(c.Name, "…")), "%q %v", text, c)
			before = c.Offset + 1
		}
	})
}

// TestIn tests comments in scripts; package yamlread tests those in YAML.
func TestIn(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   string // lines of the script, counted from 1; "" if it is not a comment
	}{
		"behind a command":        {"echo a\necho b # tekwright: ignore x -- y\necho c", "2-2"},
		"above a command":         {"# tekwright: ignore x -- y\n\n# other\necho a\necho b", "4-4"},
		"above a long command":    {"# tekwright: ignore x -- y\necho a \\\n  b \\\n  c\necho b", "2-4"},
		"at the end":              {"echo a\n# tekwright: ignore x -- y", "0-0"},
		"with another shell":      {"#!/bin/bash\n# tekwright: ignore x -- y\necho a", "3-3"},
		"with a variable":         {"echo $(params.a['b c']) $(params[\"d\"]) # tekwright: ignore x -- y\n", "1-1"},
		"in quotes":               {"echo '\n# tekwright: ignore x -- y\n'", ""},
		"in a here-document":      {"cat <<X\n# tekwright: ignore x -- y\nX\n", ""},
		"behind a here-document":  {"cat <<X\na\nX\n# tekwright: ignore x -- y\necho a", "5-5"},
		"in a quoted document":    {"cat <<'X'\n  # tekwright: ignore x -- y\nX\n", ""},
		"in another language":     {"#!/usr/bin/env python3\n# tekwright: ignore x -- y\nprint(1)", ""},
		"behind a word":           {"echo a# tekwright: ignore x -- y\n", ""},
		"in a command in a word":  {"echo \"$(\n  # tekwright: ignore x -- y\n  date)\"", "3-3"},
		"in a parameter":          {"echo ${a# tekwright: ignore x -- y}\n", ""},
		"before what is no shell": {"echo a # tekwright: ignore x -- y\nif ((\n", "1-1"},
	} {
		for key, want := range map[string]string{"script": c.want, "args": ""} {
			text := "steps:\n- " + key + ": |\n    " + strings.ReplaceAll(c.script, "\n", "\n    ") + "\n"
			var got []string
			for doc := range yamlread.Documents(text) {
				for _, one := range ignore.In(doc, "a.yaml") {
					if one.First > 0 {
						one.First, one.Last = one.First-2, one.Last-2
					}
					got = append(got, fmt.Sprintf("%d-%d", one.First, one.Last))
					assert.Equal(t, "x", one.Code)
					assert.Equal(t, "y", strings.TrimSuffix(one.Reason, "}"))
					line := strings.Split(text, "\n")[one.Position.Line-1]
					assert.Equal(t, "a.yaml", one.Position.File)
					assert.True(t, strings.HasPrefix(string([]rune(line)[one.Position.Column-1:]), "x --"), name)
				}
			}
			assert.Equal(t, want, strings.Join(got, " "), "%s in %s", name, key)
		}
	}
}

// TestIndex compares the index with a search of all comments.
func TestIndex(t *testing.T) {
	at := func(code string, first, last int) object.Ignore {
		return object.Ignore{Code: code, Reason: "r", First: first, Last: last, Position: diag.Position{File: "f", Line: first, Column: 1}}
	}
	for name, list := range map[string][]object.Ignore{
		"none":           nil,
		"one":            {at("a", 2, 4)},
		"apart":          {at("a", 1, 2), at("a", 5, 6)},
		"adjacent":       {at("a", 1, 2), at("a", 3, 4)},
		"nested":         {at("a", 1, 9), at("a", 2, 5), at("a", 3, 3), at("a", 7, 7)},
		"same beginning": {at("a", 2, 2), at("a", 2, 6), at("a", 2, 4)},
		"same end":       {at("a", 1, 6), at("a", 3, 6), at("a", 5, 6), at("a", 8, 8)},
		"overlapping":    {at("a", 1, 5), at("a", 3, 8)},
		"other codes":    {at("a", 1, 9), at("b", 2, 3)},
		"no reason":      {{Code: "a", First: 1, Last: 9, Position: diag.Position{File: "f"}}},
		"no lines":       {{Code: "a", Reason: "r", Position: diag.Position{File: "f"}}},
	} {
		index := ignore.NewIndex([]object.Object{{Ignores: list}})
		for line := range 12 {
			var want *object.Ignore
			for i := range list {
				one := &list[i]
				inner := want == nil || one.First > want.First || one.First == want.First && one.Last <= want.Last
				if one.Code == "a" && one.Reason != "" && one.First > 0 && one.First <= line && line <= one.Last && inner {
					want = one
				}
			}
			assert.Same(t, want, index.At("a", diag.Position{File: "f", Line: line}), "%s, line %d", name, line)
			assert.Nil(t, index.At("a", diag.Position{File: "g", Line: line}))
			assert.Nil(t, index.At("c", diag.Position{File: "f", Line: line}))
		}
	}
}
