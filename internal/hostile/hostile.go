// Package hostile has texts that attack whoever sees the output of a program, and finds
// what of them arrived. It shares no code with package printable.
package hostile

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Forged is a line that no output may have: a result that no run had.
const Forged = "result digest = sha256:forged"

// Texts returns texts that contain control characters, break lines or are commands of
// CI runners.
func Texts() []string {
	return []string{
		"a\n::error file=x::pwn", "a\r::set-output name=x::y", "a\r\n" + Forged, "a\n" + Forged + "\nb", "::error::x.yaml", "\t ::error::tab", "\u00a0::error::space",
		"::stop-commands::tok", ":", "x\n:", "a%0A::error::x", "a%0D%0A" + Forged, "\u2028::error::ls", "\u2029" + Forged, "\u0085::error::nel", "$(params.x)\n::error::q",
		"##[error]x", "##vso[task.setvariable variable=x]y", "##teamcity[buildStatus]", "a ##[add-mask]x", "###[error]x", "#\u200b#[error]x", "#\x1b[m#[error]x", ":\x1b[m:error::x",
		"##\x00[error]x", "x##[set-env name=a]b ##vso[x]", "##set-output[x]", "\x1b[31mred\x1b[0m", "\x1b]8;;http://evil\x07link\x1b]8;;\x07", "\x1b]0;title\x1b\\", "\x1b]52;c;ZXZpbA==\x07",
		"\x1bP+q\x1b\\", "\x1b\x1b[m[31m", "\x1b[", "\x1bc", "\x1b[2J\x1b[H", "\x1b[8mhidden", "section_start:1:x\r\x1b[0K", "\x9b31m", "\u009b31m", "\u009d0;x\u009c", "\u0090x", "\x90x",
		"\u202eabc\u2066", "\u061c\u200e\u200f", "\ufeffz", "a\u200bb", "\u2060\u2064", "\U000e0041\U000e007f", "\u00ad", "\x7f", "\x08\x08\x08", "\x00", "a\x0bb\x0cc", "\xff\xfe", "\xc0\x9b31m", "\xed\xa0\x80",
		"a\u3164\u034f\u2065\ufe0fb", "\U000e0100\U000e0121\u2800\U000e0fff",
		"[x](javascript:1)", "[a](http://evil)[b](1)", "a]]>b", "<script>alert(1)</script>", "|x|y|", "a\"b'c`d", "{{.x}}", "a,b=c:d", "---\nkind: Secret", strings.Repeat("\x1b[1m", 50) + "x",
	}
}

// Kind is the kind of an output.
type Kind int

// The kinds of outputs.
const (
	Plain    Kind = iota // no escape sequences
	Colored              // with the escape sequences of colors
	Terminal             // colored, and redrawn
	JSON                 // one or more JSON values
	GitHub               // every line is an annotation
	XML                  // an XML document
)

var (
	colors = regexp.MustCompile(`\x1b\[[0-9;:]*m`)
	redraw = regexp.MustCompile(`\x1b\[[0-9]+A\r\x1b\[J`)
	vso    = regexp.MustCompile(`##[A-Za-z_-]*\[`)
	note   = regexp.MustCompile(`^::(?:error|warning|notice) (?:[A-Za-z]+=[^,:]*(?:,|::))+`)
)

// Arrived returns what of the attacks an output contains.
func Arrived(out string, kind Kind) []string {
	var all []string
	bad := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if !utf8.ValidString(out) {
		bad("it is not UTF-8")
	}
	switch kind {
	case Terminal:
		out = redraw.ReplaceAllString(out, "")
		fallthrough
	case Colored:
		for line := range strings.SplitSeq(out, "\n") {
			if all := colors.FindAllString(line, -1); len(all) > 0 && all[len(all)-1] != "\x1b[0m" && all[len(all)-1] != "\x1b[m" {
				bad("a color does not end with its line: %q", line)
			}
		}
		out = colors.ReplaceAllString(out, "")
	}
	if kind == XML {
		for d := xml.NewDecoder(strings.NewReader(out)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				bad("it is not XML: %v", err)
				break
			}
		}
	}
	before := rune(0)
	for i, r := range out {
		joined := (r == 0x200d || r == 0x200c || r == 0xfe0f) && before >= 0x80
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && !joined) {
			bad("a character %U: %q", r, out[max(0, i-30):min(len(out), i+30)])
		}
		before = r
	}
	for line := range strings.SplitSeq(out, "\n") {
		command := strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::")
		switch {
		case kind == GitHub && line != "" && !note.MatchString(line):
			bad("a line is no annotation: %q", line)
		case kind != GitHub && command:
			bad("a line is a command: %q", line)
		}
		if vso.MatchString(line) {
			bad("a line contains a command: %q", line)
		}
		if strings.HasPrefix(line, Forged) {
			bad("a line is forged: %q", line)
		}
	}
	return all
}
