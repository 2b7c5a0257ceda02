package report

import (
	"strings"
	"unicode"
)

// printable returns text with control characters made visible. Line breaks are
// kept if breaks is set.
func printable(text string, breaks bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && breaks, !steers(r):
			return r
		case r == '\n', r == '\r', r == '\t':
			return ' '
		}
		return '\ufffd'
	}, text)
}

// steers reports whether a character controls the terminal instead of being
// shown: control characters, and those that change the direction of text.
func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

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
