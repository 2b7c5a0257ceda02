package pacmatch

import (
	"unicode/utf8"

	"github.com/gobwas/glob"
	"github.com/gobwas/glob/match"
)

// maxComparison is the maximum work of one comparison for which nobody else counts it.
const maxComparison = 10_000_000

// eachComparison is what every step costs, however short the text is.
const eachComparison = 16

// comparison compares a text with a pattern as the library does, step by step, and counts the
// bytes that it looks at. The library tries each part of a pattern in each place, so that some
// patterns take exponential time, and nothing can stop it.
type comparison struct {
	spend func(cost int) bool
	ended bool // there is no work left
}

// compare reports whether a pattern matches a text.
func (c *comparison) compare(g glob.Glob, text string) bool {
	switch m := g.(type) {
	case match.BTree:
		return c.tree(m, text)
	case match.AnyOf:
		for _, one := range m.Matchers {
			if c.compare(one, text) {
				return true
			}
		}
		return false
	case match.EveryOf:
		for _, one := range m.Matchers {
			if !c.compare(one, text) {
				return false
			}
		}
		return true
	case nil:
		return text == ""
	}
	return c.takes(weight(g), text) && g.Match(text)
}

// takes reports whether there is work left to look at a text a number of times.
func (c *comparison) takes(times int, text string) bool {
	c.ended = c.ended || !c.spend(times*(eachComparison+len(text)))
	return !c.ended
}

// weight returns the number of matchers in one that the library is left to call.
func weight(g glob.Glob) int {
	n := 1
	var parts match.Matchers
	switch m := g.(type) {
	case match.AnyOf:
		parts = m.Matchers
	case match.EveryOf:
		parts = m.Matchers
	case match.Row:
		parts = m.Matchers
	}
	for _, part := range parts {
		n += weight(part)
	}
	return n
}

// tree is the method Match of the library's match.BTree, whose steps are counted.
func (c *comparison) tree(t match.BTree, text string) bool {
	if t.LengthRunes != -1 && t.LengthRunes > len(text) {
		return false
	}
	offset, limit := max(t.LeftLengthRunes, 0), len(text)
	if t.RightLengthRunes >= 0 {
		limit -= t.RightLengthRunes
	}
	times := weight(t.Value)
	for offset < limit {
		if !c.takes(times, text[offset:limit]) {
			return false
		}
		index, lengths := t.Value.Index(text[offset:limit])
		if index == -1 {
			return false
		}
		at := offset + index
		if c.side(t.Left, text[:at]) {
			for i := len(lengths) - 1; i >= 0; i-- {
				if c.side(t.Right, text[min(at+lengths[i], len(text)):]) {
					return true
				}
			}
		}
		_, step := utf8.DecodeRuneInString(text[at:])
		offset = at + step
	}
	return false
}

// side compares a side of a tree, which may be missing.
func (c *comparison) side(m match.Matcher, text string) bool {
	if m == nil {
		return text == ""
	}
	return c.compare(m, text)
}
