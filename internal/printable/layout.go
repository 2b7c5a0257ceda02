package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tabStop is the number of columns between tab stops.
const tabStop = 4

// Glyph is a character of a line with its width in columns. It is written as Text.
type Glyph struct {
	Text  string
	Width int
	At    int // offset in the line
}

// Hidden is the text that is written instead of a hidden part of a line.
const Hidden = "***"

// Layout returns a line as it is shown: tabs become spaces, and characters that are not
// shown become escapes. Each hidden part, from one offset to another, is one glyph.
// Hidden parts are sorted and do not overlap.
func Layout(line string, hidden [][2]int) []Glyph {
	out := make([]Glyph, 0, len(line))
	column, before := 0, rune(0)
	add := func(g Glyph) {
		column += g.Width
		out = append(out, g)
	}
	for i := 0; i < len(line); {
		for len(hidden) > 0 && hidden[0][1] <= i {
			hidden = hidden[1:]
		}
		if len(hidden) > 0 && hidden[0][0] <= i {
			add(Glyph{Hidden, len(Hidden), i})
			i, before = hidden[0][1], 0
			continue
		}
		r, size := utf8.DecodeRuneInString(line[i:])
		g := Glyph{Text: line[i : i+size], Width: runeWidth(r), At: i}
		escape, odd := Escape(r)
		if r == utf8.RuneError && size == 1 {
			escape, odd = escaped(g.Text, nil), true
		}
		switch {
		case r == '\t':
			g.Width = tabStop - column%tabStop
			g.Text = strings.Repeat(" ", g.Width)
		case odd && !joins(before, r):
			g.Text, g.Width = escape, len(escape)
		case r == '#' && isCommand(line[i:]):
			g.Text, g.Width = `#\`, 2
		}
		before = r
		if g.Width == 0 && len(out) > 0 {
			out[len(out)-1].Text += g.Text // a combining mark belongs to the letter before it
		} else {
			add(g)
		}
		i += size
	}
	return out
}

// longestCommand is more than the length of the longest command of a CI runner.
const longestCommand = 64

// wide are the ranges of characters that are two columns wide: East Asian
// characters and emoji.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul Jamo
		{Lo: 0x2705, Hi: 0x2705, Stride: 1}, // check mark
		{Lo: 0x274c, Hi: 0x274c, Stride: 1}, // cross mark
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // radicals and punctuation
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, // Kana, ideographs, Yi
		{Lo: 0xa960, Hi: 0xa97c, Stride: 1}, // Hangul Jamo
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, // ideographs
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, // forms
		{Lo: 0xff00, Hi: 0xff60, Stride: 1}, // full-width letters
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1}, // full-width signs
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, // pictures and faces
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1}, // traffic
		{Lo: 0x1f7e0, Hi: 0x1f7eb, Stride: 1}, // colored shapes
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1}, // more pictures
		{Lo: 0x1fa70, Hi: 0x1faff, Stride: 1}, // and more
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1}, // ideographs
	},
}

// runeWidth returns the width of a character in columns.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}
