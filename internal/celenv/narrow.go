package celenv

import (
	"regexp/syntax"
	"slices"
	"unicode"
)

// narrow reports whether a regular expression leaves no room for text of somebody's
// choice: it is anchored, and has no wildcard, no class of all but some characters, and
// none with those that start a command in a shell. An expression that cannot be parsed
// lets nothing pass.
func narrow(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err != nil || anchored(re, syntax.OpBeginText) && anchored(re, syntax.OpEndText) && !wide(re)
}

// anchored reports whether whatever matches begins or ends the text.
func anchored(re *syntax.Regexp, op syntax.Op) bool {
	switch re.Op {
	case op:
		return true
	case syntax.OpCapture:
		return anchored(re.Sub[0], op)
	case syntax.OpConcat:
		if op == syntax.OpBeginText {
			return anchored(re.Sub[0], op)
		}
		return anchored(re.Sub[len(re.Sub)-1], op)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !anchored(sub, op) })
	}
	return false
}

// wide reports whether a part of a regular expression matches any character, or one of a
// class that has a $, a backtick, or all but some characters.
func wide(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for _, c := range [...]rune{'$', '`', unicode.MaxRune} {
				if re.Rune[i] <= c && c <= re.Rune[i+1] {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(re.Sub, wide)
}
