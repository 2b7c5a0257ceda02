package check

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// commandsOf writes what was read of a script: each command on a line, with
// its words joined by blanks, and marks for what stands around it.
func commandsOf(script string) string {
	var b strings.Builder
	for _, c := range readShell(script) {
		for _, m := range []struct {
			on   bool
			mark string
		}{{c.sub, "$ "}, {c.cond, "? "}, {c.inner, "f "}, {c.negated, "! "}, {c.piped, "| "}, {c.joined, "&& "}} {
			if m.on {
				b.WriteString(m.mark)
			}
		}
		b.WriteString(strings.Repeat("  ", c.nest))
		for i, w := range c.words {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(w.text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestReadShell(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"words":        {`a "b c" 'd $e' f\ g "$(h i)"` + "\n", "$ h i\na b c d \x00e f g $(h i)\n"},
		"lines":        {"a; b\n\n# c\nd \\\n e", "a\nb\nd e\n"},
		"operators":    {"a && b || c | d &\ne", "a\n&& b\n&& c\n| d\ne\n"},
		"next line":    {"a &&\n\n b |\nc", "a\n&& b\n| c\n"},
		"if":           {"if a; then b; elif c\nthen d; else e; fi\nf", "?   a\n  b\n?   c\n  d\n  e\nfi\nf\n"},
		"loops":        {"while a; do b; done < x\nfor i in 1 2; do c; done", "?   a\n  b\ndone < x\n  c\ndone\n"},
		"case":         {"case $x in\n a|b) c ;;\n *) d;;\nesac\ne", "  a\n  c\n  d\nesac\ne\n"},
		"function":     {"f() {\n a\n}\nb", "f   a\n}\nb\n"},
		"function one": {"f () { a; }; b", "f   a\n}\nb\n"},
		"subshell":     {"(a; b) | c\nd", "f   a\nf   b\n)\n| c\nd\n"},
		"brace":        {"{ a; b; } > x", "  a\n  b\n} > x\n"},
		"substitution": {"x=$(a | b $(c)) y=`d \"e f\"`", "$ a\n$ c\n$ | b $(c)\n$ d e f\nx=$(a | b $(c)) y=`d \"e f\"`\n"},
		"braces":       {`a ${b:-"c d"} $((1 + (2)))`, "a ${b:-\"c d\"} $((1 + (2)))\n"},
		"here":         {"a <<EOF > b\n c; d\nEOF\ne <<-'X'\n\tf\n\tX\ng", "a << EOF > b\ne << X\ng\n"},
		"redirections": {"a >b 2>&1 &>c <(d) >>e", "$ d\na > b 2 >& 1 &> c < >> e\n"},
		"not":          {"! a\nif ! b; then c; fi", "! a\n? !   b\n  c\nfi\n"},
		"keyword word": {`echo if "if" done; "if" a`, "echo if if done\nif a\n"},
		"python":       {"#!/usr/bin/env python3\nprint(1)", ""},
		"bash":         {"#!/usr/bin/env bash\na", "a\n"},
		"open":         {"a \"b $(c", "$ c\na b $(c\n"},
		"tekton":       {"echo $(params.x) > $(results.y.path)", "$ params.x\n$ results.y.path\necho $(params.x) > $(results.y.path)\n"},
	} {
		assert.Equal(t, c.want, commandsOf(c.script), name)
	}
}

func TestErrexit(t *testing.T) {
	for script, want := range map[string]bool{
		"a": true, "#!/bin/sh\na": false, "#!/bin/sh -e\na": true, "#!/bin/bash\nset -euo pipefail": true,
		"set +e\na": false, "#!/bin/sh\nset -o errexit": true, "#!/bin/sh\nset -x -u": false, "#!/bin/sh\nif a; then set -e; fi": true,
	} {
		assert.Equal(t, want, errexit(script, readShell(script)), script)
	}
}

// TestReadShellLinear shows that nothing in a script costs more than its
// length.
func TestReadShellLinear(t *testing.T) {
	start := time.Now()
	for _, piece := range []string{"$(", "`", "${", "$((", "(", ")", "'", "\"", "<<a\n", "if a; ", "f() {\n", "case a in b) ", "a | ", "\"$(", "&>", "<(", "\\", "a$("} {
		for _, end := range []string{"", " x"} {
			readShell(strings.Repeat(piece+end, 50_000))
		}
	}
	assert.Less(t, time.Since(start), 20*time.Second)
}

func FuzzReadShell(f *testing.F) {
	for _, s := range []string{"a", "if a; then b; fi", "x=$(a `b`)", "a <<E\nb\nE\n", "case a in (b) c;; esac", "f(){ a; }", "'", "\"$("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		for _, c := range readShell(script) {
			for _, w := range c.words {
				if w.start < 0 || w.end < w.start || w.end > len(script) {
					t.Fatalf("%q: word %q at %d:%d", script, w.text, w.start, w.end)
				}
			}
		}
	})
}
