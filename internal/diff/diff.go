// Package diff compares two texts line by line and shows the difference the
// way people read it: as a unified diff.
//
// The algorithm anchors on lines that occur exactly once on both sides (the
// longest increasing run of them) and grows each anchor in both directions.
// It takes O(n log n), whatever the texts look like.
package diff

import (
	"fmt"
	"slices"
	"strings"
)

// context is the number of unchanged lines shown around each change.
const context = 3

// pair says that line a of the old text is line b of the new one.
type pair struct{ a, b int }

// Unified returns the unified diff that turns before into after, "" when they are
// equal. A last line without a line break is marked as diff(1) does.
func Unified(oldName, newName, before, after string) string {
	if before == after {
		return ""
	}
	a, b := lines(before), lines(after)
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", oldName, newName)

	var (
		done  pair     // everything before is written or known to be equal
		chunk pair     // where the open hunk starts
		count pair     // lines of the open hunk, per side
		body  []string // lines of the open hunk, with their marks
	)
	flush := func() {
		fmt.Fprintf(&out, "@@ -%s +%s @@\n", span(chunk.a, count.a), span(chunk.b, count.b))
		for _, l := range body {
			out.WriteString(l)
		}
		count, body = pair{}, body[:0]
	}
	for _, m := range anchors(a, b) {
		if m.a < done.a {
			continue // inside a run already grown from an earlier anchor
		}
		start, end := grow(a, b, m, done)
		for _, l := range a[done.a:start.a] {
			body = append(body, "-"+l)
			count.a++
		}
		for _, l := range b[done.b:start.b] {
			body = append(body, "+"+l)
			count.b++
		}
		// A short equal run between two changes, or none at all: same hunk.
		last := end.a >= len(a) && end.b >= len(b)
		if !last && (end.a-start.a < context || len(body) > 0 && end.a-start.a < 2*context) {
			for _, l := range a[start.a:end.a] {
				body = append(body, " "+l)
				count.a++
				count.b++
			}
			done = end
			continue
		}
		if len(body) > 0 {
			n := min(end.a-start.a, context)
			for _, l := range a[start.a : start.a+n] {
				body = append(body, " "+l)
				count.a++
				count.b++
			}
			flush()
		}
		if last {
			break
		}
		chunk = pair{end.a - context, end.b - context}
		for _, l := range a[chunk.a:end.a] {
			body = append(body, " "+l)
			count.a++
			count.b++
		}
		// The context alone is no change: the hunk is written only if one follows,
		// and one does, as this was not the last run.
		done = end
	}
	return out.String()
}

// span renders the position of a hunk: "line" or "line,count", 1-based; an
// empty span names the line before.
func span(start, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", start)
	case 1:
		return fmt.Sprint(start + 1)
	}
	return fmt.Sprintf("%d,%d", start+1, count)
}

// grow extends an anchor to the whole run of equal lines around it, but not
// before done.
func grow(a, b []string, m, done pair) (start, end pair) {
	start = m
	for start.a > done.a && start.b > done.b && a[start.a-1] == b[start.b-1] {
		start.a--
		start.b--
	}
	end = m
	for end.a < len(a) && end.b < len(b) && a[end.a] == b[end.b] {
		end.a++
		end.b++
	}
	return start, end
}

// lines splits s after each line break; a missing last one is marked.
func lines(s string) []string {
	l := strings.SplitAfter(s, "\n")
	if l[len(l)-1] == "" {
		return l[:len(l)-1]
	}
	l[len(l)-1] += "\n\\ No newline at end of file\n"
	return l
}

// anchors returns the longest run of pairs, rising on both sides, of lines that
// occur exactly once in a and once in b; framed by the start and the end.
func anchors(a, b []string) []pair {
	const many = -1
	type where struct{ a, b int } // 1-based line, 0 for none, many for several
	seen := make(map[string]where, len(a))
	for i, l := range a {
		w := seen[l]
		if w.a = i + 1; seen[l].a != 0 {
			w.a = many
		}
		seen[l] = w
	}
	for i, l := range b {
		w, ok := seen[l]
		if !ok {
			continue
		}
		if w.b != 0 {
			w.b = many
		} else {
			w.b = i + 1
		}
		seen[l] = w
	}
	var unique []pair // in the order of a
	for i, l := range a {
		if w := seen[l]; w.a > 0 && w.b > 0 {
			unique = append(unique, pair{i, w.b - 1})
		}
	}
	run := rising(unique)
	run = append([]pair{{0, 0}}, run...)
	return append(run, pair{len(a), len(b)})
}

// rising returns the longest subsequence of pairs whose b rises (patience).
func rising(pairs []pair) []pair {
	var tops []int // tops[k]: index of the pair with the smallest b that ends a run of k+1
	previous := make([]int, len(pairs))
	for i, p := range pairs {
		k, _ := slices.BinarySearchFunc(tops, p.b, func(t, b int) int { return pairs[t].b - b })
		previous[i] = -1
		if k > 0 {
			previous[i] = tops[k-1]
		}
		if k == len(tops) {
			tops = append(tops, i)
		} else {
			tops[k] = i
		}
	}
	var run []pair
	if len(tops) > 0 {
		for i := tops[len(tops)-1]; i >= 0; i = previous[i] {
			run = append(run, pairs[i])
		}
	}
	slices.Reverse(run)
	return run
}
