package shell

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// A Place is what a part of a script is to the shell.
type Place uint8

// The places of a script.
const (
	Code               Place = iota
	Comment                  // with its #
	SingleQuotes             // '...' and $'...', with the quotes
	DoubleQuotes             // "...", with the quotes; $(...) inside it is Code
	HereDocument             // the body of <<EOF; $(...) inside it is Code
	QuotedHereDocument       // the body of <<'EOF'
	Unread                   // after an error, or for another interpreter
)

// Place returns what the byte at an offset of the script is.
func (s *Script) Place(offset int) Place {
	i := sort.Search(len(s.places), func(i int) bool { return s.places[i].start > offset })
	if i == 0 {
		return Unread
	}
	return s.places[i-1].place
}

// segment is the start of a place, which goes on to the next one.
type segment struct {
	start int
	place Place
}

// region is a place with its end. One may be inside another.
type region struct {
	start, end int
	place      Place
}

func (r *reader) region(start, end int, place Place) {
	r.regions = append(r.regions, region{start, end, place})
	r.end = max(r.end, end)
}

func (r *reader) comments(comments []syntax.Comment) {
	for i := range comments {
		start := r.offset(comments[i].Hash)
		r.region(start, start+1+len(comments[i].Text), Comment)
	}
}

// trailing finds the comments after the last statement, which the parser does not
// return.
func (r *reader) trailing(at int) {
	for at < len(r.masked) {
		i := strings.IndexByte(r.masked[at:], '#')
		if i < 0 {
			return
		}
		start := at + i
		at = len(r.masked)
		if n := strings.IndexByte(r.masked[start:], '\n'); n >= 0 {
			at = start + n
		}
		r.region(start, at, Comment)
	}
}

// settle turns the regions into segments: the innermost one counts. What is after
// the end was not read.
func (r *reader) settle(end int) []segment {
	slices.SortStableFunc(r.regions, func(a, b region) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var out []segment
	begin := func(at int, p Place) {
		if n := len(out); n > 0 && out[n-1].start == at {
			out = out[:n-1]
		}
		if n := len(out); n == 0 || out[n-1].place != p {
			out = append(out, segment{at, p})
		}
	}
	open := []region{{0, end, Code}}
	shut := func(at int) {
		for n := len(open) - 1; n > 0 && open[n].end <= at; n-- {
			begin(open[n].end, open[n-1].place)
			open = open[:n]
		}
	}
	begin(0, Code)
	for _, g := range r.regions {
		shut(g.start)
		if g.end = min(g.end, open[len(open)-1].end); g.start < g.end {
			begin(g.start, g.place)
			open = append(open, g)
		}
	}
	shut(end)
	if end < len(r.text) {
		begin(end, Unread)
	}
	return slices.Clip(out)
}
