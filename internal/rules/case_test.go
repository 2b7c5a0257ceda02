package rules_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// A testCase is a list of objects with the findings expected in them. The cases of a
// rule are in TOPIC/CODE.yaml, one after the other:
//
//	### what the case is about
//	# profile: {complete: true}
//	apiVersion: tekton.dev/v1
//	...
//	    - name: x   # want param-unused "never used" # want+2 cycle `it runs after itself`
//
// The profile is optional. The comment "# want" is on the line of the finding, or the
// given number of lines away, and is followed by codes, each with a part of the message.
// It is required for every error, for every finding of the code of the file, and for
// every finding of a code that the case wants anywhere.
type testCase struct {
	file, code, name string
	start            int // lines of the file before those of the case
	lines            []string
	profile          check.Profile
	wants            []want
	faults           []string // syntax errors of the case
}

// A want is a finding that a case expects.
type want struct {
	written, line int // line numbers in the case: of the comment, of the finding
	code, text    string
	literal       string // the text as it is written in the file
}

// casesOf reads a file of cases.
func casesOf(file, text string) []*testCase {
	var all []*testCase
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		name, begins := strings.CutPrefix(line, "### ")
		switch {
		case begins:
			all = append(all, &testCase{file: file, code: strings.TrimSuffix(filepath.Base(file), ".yaml"), name: name, start: i + 1})
		case len(all) > 0:
			last := all[len(all)-1]
			last.lines = append(last.lines, line)
		default:
			all = append(all, &testCase{file: file, faults: []string{"the file does not begin with ###"}})
		}
	}
	for _, c := range all {
		c.readProfile()
		for i := range c.lines {
			c.readWants(i)
		}
	}
	return all
}

// readProfile reads the optional first line of a case.
func (c *testCase) readProfile() {
	if len(c.lines) == 0 {
		return
	}
	if text, ok := strings.CutPrefix(c.lines[0], "# profile: "); ok {
		p, err := check.ReadProfile([]byte(text))
		if err != nil {
			c.faults = append(c.faults, err.Error())
		}
		c.profile = p
	}
}

const wantComment = "# want"

var (
	wantHead = regexp.MustCompile(`^# want([+-]\d+)? `)
	wantItem = regexp.MustCompile("^([a-z-]+) (\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`) *")
)

// readWants reads the "# want" comment of a line.
func (c *testCase) readWants(i int) {
	at := strings.Index(c.lines[i], wantComment)
	if at < 0 {
		return
	}
	offset := 0
	for rest := c.lines[i][at:]; rest != ""; {
		if head := wantHead.FindStringSubmatch(rest); head != nil {
			offset, _ = strconv.Atoi(head[1]) // "" is 0
			rest = rest[len(head[0]):]
			continue
		}
		item := wantItem.FindStringSubmatch(rest)
		if item == nil {
			c.faults = append(c.faults, fmt.Sprintf("line %d: not of the form %s code \"message\": %s", c.start+i+1, wantComment, rest))
			return
		}
		text, err := strconv.Unquote(item[2])
		if err != nil {
			c.faults = append(c.faults, fmt.Sprintf("line %d: %s: %v", c.start+i+1, item[2], err))
		}
		c.wants = append(c.wants, want{written: i, line: i + offset, code: item[1], text: text, literal: item[2]})
		rest = rest[len(item[0]):]
	}
}

// parse reads lines as the text of the case. Positions are those in the file.
func (c *testCase) parse(lines []string) ([]object.Object, diag.Findings) {
	return manifest.Parse([]byte(strings.Repeat("\n", c.start)+strings.Join(lines, "\n")), c.file)
}

// run returns the findings in the text and in its objects.
func (c *testCase) run() (diag.Findings, error) {
	objects, read := c.parse(c.lines)
	return check.RunLoaded(context.Background(), objects, read, c.profile)
}

// judge returns the indices of the wants without a finding, and the findings that
// require a want but have none.
func (c *testCase) judge(found diag.Findings) (missing []int, unwanted diag.Findings) {
	matched := make([]bool, len(found))
	codes := map[string]bool{c.code: true}
	for i, w := range c.wants {
		codes[w.code] = true
		at := slices.IndexFunc(found, func(f diag.Finding) bool {
			return f.Position.Line == c.start+w.line+1 && f.Code == w.code && strings.Contains(f.Message, w.text)
		})
		for at >= 0 && matched[at] {
			next := slices.IndexFunc(found[at+1:], func(f diag.Finding) bool {
				return f.Position.Line == c.start+w.line+1 && f.Code == w.code && strings.Contains(f.Message, w.text)
			})
			if at += 1 + next; next < 0 {
				at = -1
			}
		}
		if at < 0 {
			missing = append(missing, i)
		} else {
			matched[at] = true
		}
	}
	for i, f := range found {
		if !matched[i] && (f.Severity == diag.Error || codes[f.Code]) {
			unwanted = append(unwanted, f)
		}
	}
	return missing, unwanted
}

// corrected returns the lines of the case with corrected wants.
func (c *testCase) corrected(missing []int, unwanted diag.Findings) []string {
	lines := slices.Clone(c.lines)
	changed := map[int]bool{}
	wants := make(map[int][]want)
	for i, w := range c.wants {
		if slices.Contains(missing, i) {
			changed[w.written] = true
		} else {
			wants[w.written] = append(wants[w.written], w)
		}
	}
	for _, f := range unwanted {
		line := min(max(f.Position.Line-c.start-1, 0), len(lines)-1)
		at := c.carrier(line)
		changed[at] = true
		wants[at] = append(wants[at], want{written: at, line: line, code: f.Code, literal: literal(f.Message)})
	}
	for at := range changed {
		lines[at] = withWants(lines[at], wants[at])
	}
	return lines
}

// carrier returns the line for a comment about a finding at a line: the same line, or
// the nearest one that is not inside a block scalar.
func (c *testCase) carrier(line int) int {
	before := c.contents(c.lines)
	for distance := range len(c.lines) {
		for _, at := range []int{line - distance, line + distance} {
			if at < 0 || at >= len(c.lines) || strings.HasPrefix(c.lines[at], "# profile: ") || strings.HasPrefix(c.lines[at], "---") || strings.TrimSpace(c.lines[at]) == "" {
				continue
			}
			lines := slices.Clone(c.lines)
			lines[at] = withWants(lines[at], []want{{code: "x", literal: `"x"`}})
			if c.contents(lines) == before {
				return at
			}
		}
	}
	return line
}

// contents returns the objects in lines as one string.
func (c *testCase) contents(lines []string) string {
	objects, found := c.parse(lines)
	var b strings.Builder
	for _, o := range objects {
		fmt.Fprintf(&b, "%s\n", jsonOf(o.Object))
	}
	return b.String() + found.Error()
}

// withWants returns a line with another "# want" comment.
func withWants(line string, wants []want) string {
	line, _, _ = strings.Cut(line, wantComment)
	line = strings.TrimRight(line, " ")
	slices.SortStableFunc(wants, func(a, b want) int { return a.line - b.line })
	for i, w := range wants {
		if offset := w.line - w.written; i > 0 && wants[i-1].line == w.line {
			line += " "
		} else if line += "   " + wantComment; offset != 0 {
			line += fmt.Sprintf("%+d ", offset)
		} else {
			line += " "
		}
		line += w.code + " " + w.literal
	}
	return line
}

// literal returns s as a Go string literal.
func literal(s string) string {
	if strings.Contains(s, `"`) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}
