package shell_test

import (
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/shell"
)

func TestInterpreter(t *testing.T) {
	for script, want := range map[string]string{
		"a": "sh", "#!/bin/sh\na": "sh", "#!/usr/bin/env bash\na": "bash", "#! /busybox/ash -e\na": "ash", "#!/usr/bin/env -S zsh -f\na": "zsh",
		"#!/bin/busybox sh\na": "sh", "  #!/bin/mksh\r\na": "mksh", "#!/bin/dash": "dash", "#!/bin/ksh": "ksh",
		"#!/usr/bin/env python3\na": "", "#!/usr/bin/node": "", "#!win pwsh\na": "", "#!$(params.shell)\na": "", "#!": "", "#!/bin/fish": "",
	} {
		s := read(script)
		assert.Equal(t, want, s.Shell, script)
		assert.Equal(t, want != "" && strings.HasSuffix(script, "a"), len(s.Commands) > 0, script)
		assert.NoError(t, s.Err, script)
		assert.Equal(t, want == "", s.Place(0) == shell.Unread, script)
	}
}

func TestErrexit(t *testing.T) {
	for script, want := range map[string]bool{
		"a": true, "#!/bin/sh\na": false, "#!/bin/sh -e\na": true, "#!/bin/bash\nset -euo pipefail": true, "#!/usr/bin/env -S bash -xe\na": true,
		"set +e\na": false, "#!/bin/sh\nset -o errexit": true, "#!/bin/sh\nset -x -u": false, "#!/bin/sh\nif a; then set -e; fi": true,
		"set -x\nset +o errexit": false, "#!/bin/sh\nset -- -e": false, "#!/bin/bash --posix\na": false,
		"a\nb 'c": false, // what is not read may switch it off
	} {
		assert.Equal(t, want, read(script).Errexit, script)
	}
	r := shell.NewReader(nil, nil)
	assert.True(t, r.Inline("a", []string{"/bin/bash", "-ec"}).Errexit)
	assert.False(t, r.Inline("a", []string{"bash", "-c"}).Errexit)
	assert.Equal(t, "bash", r.Inline("a", []string{"/bin/bash", "-ec"}).Shell)
}

// TestOnce shows that a script is read once, and that its interpreter counts.
func TestOnce(t *testing.T) {
	var mu sync.Mutex
	calls := 0
	r := shell.NewReader(func(text string) iter.Seq2[int, int] {
		mu.Lock()
		defer mu.Unlock()
		calls++
		return variables(text)
	}, nil)
	var wg sync.WaitGroup
	scripts := make([]*shell.Script, 8)
	for i := range scripts {
		wg.Go(func() { scripts[i] = r.Script("a | b $(params.x)") })
	}
	wg.Wait()
	for _, s := range scripts {
		assert.Same(t, scripts[0], s)
	}
	assert.Equal(t, 1, calls)
	assert.Same(t, r.Inline("a", []string{"sh", "-ec"}), r.Script("a"))
	assert.NotSame(t, r.Inline("a", []string{"sh", "-c"}), r.Script("a"))
	assert.NotSame(t, r.Inline("a", []string{"bash", "-ec"}), r.Script("a"))
}

// TestErr shows that what stands before an error is read, and nothing behind
// it.
func TestErr(t *testing.T) {
	for name, c := range map[string]struct{ script, want, err string }{
		"quote":       {"a\nb 'c\nd", " a", "without closing quote"},
		"parenthesis": {"a\n)\nc", " a", "can only be used to close a subshell"},
		"open if":     {"a\nif b; then\nc\n", " a", "must end with"},
		"open $(":     {"a\nb=$(params.x\nc", " a", "without matching"},
		"document":    {"a\nb <<E\nc\n E\nd", " a", "unclosed here-document"},
		"fi":          {"a\nfi\nb", " a", "can only be used to end"},
		"expansion":   {"a\nb ${c.d}\ne", " a", "not a valid parameter expansion operator"},
		"JavaScript":  {"const a = await b.c({\n  d: 'e',\n});\n", "", "can only contain words"},
		"go template": {"a\n{{- if .b }}\nc\n{{- end }}\n", " a {{- c {{-", ""},
		"other shell": {"#!/bin/zsh\na\necho ${(f)b} *(.)\n", " a echo", ""},
		"mksh":        {"#!/bin/mksh\na\nb |&\nc\n", " a b c", ""},
		"too deep":    {"a\n" + strings.Repeat("b $(", 30) + strings.Repeat(")", 30), " a", "nested too deeply"},
		"too deep (":  {"a\n" + strings.Repeat("( ", 2000) + "b" + strings.Repeat(" )", 2000) + "\nc", " a", "nested too deeply"},
		"too deep if": {"a\n" + strings.Repeat("if ", 2000) + "b" + strings.Repeat("; then c; fi", 2000) + "\nd", " a", "nested too deeply"},
		"not so deep": {"a\n" + strings.Repeat("b $(", 20) + strings.Repeat(")", 20), " a" + strings.Repeat(" b", 20), ""},
		"too long":    {"a\n" + strings.Repeat("#", 1<<20), "", "too long"},
		"bytes":       {"a \xff\n\xfe\x00\nb", " a \xfe b", ""},
	} {
		s := read(c.script)
		names := ""
		for i := range s.Commands {
			names += " " + s.Commands[i].Words[0].Text
		}
		assert.Equal(t, c.want, names, name)
		if c.err == "" {
			assert.NoError(t, s.Err, name)
			continue
		}
		assert.ErrorContains(t, s.Err, c.err, name)
		assert.Equal(t, shell.Unread, s.Place(len(s.Text)-1), name)
		assert.False(t, s.Errexit, name)
		assert.Equal(t, strings.HasPrefix(name, "too deep"), s.TooDeep(), name)
		assert.Equal(t, name == "too long", s.TooLong(), name)
		if c.want != "" {
			assert.Equal(t, shell.Code, s.Place(0), name)
		}
	}
}

// TestSizes shows that no size of a script, such as that of a buffer, is an error.
func TestSizes(t *testing.T) {
	for size := 64; size <= 32<<10; size *= 2 {
		for n := size - 3; n <= size+3; n++ {
			for name, text := range map[string]string{
				"comment": "#!/bin/sh\necho hi\n#" + strings.Repeat("x", n-len("#!/bin/sh\necho hi\n#\n")) + "\n",
				"lines":   "#!/bin/sh\n" + strings.Repeat(":\n", (n-len("#!/bin/sh\n"))/2) + strings.Repeat(" ", n%2),
				"word":    "a " + strings.Repeat("x", n-2),
				"nested":  "(" + strings.Repeat("$(", 3) + strings.Repeat("x", n-11) + strings.Repeat(")", 3) + ")",
			} {
				s := read(text)
				assert.NoError(t, s.Err, "%s %d", name, n)
				assert.NotEmpty(t, s.Commands, "%s %d", name, n)
			}
		}
	}
}

// TestPlace has a letter for each byte of a script.
func TestPlace(t *testing.T) {
	letters := map[shell.Place]byte{
		shell.Code: '.', shell.Comment: '#', shell.SingleQuotes: '\'', shell.DoubleQuotes: '"', shell.HereDocument: 'h', shell.QuotedHereDocument: 'q', shell.Unread: '-',
	}
	for _, c := range [][2]string{ // a ~ stands for a line break
		{`a 'b' "c" $'d'`,
			`..'''.""".''''`},
		{`a"b$(c 'd' "e")f"`,
			`.""....'''.""".""`},
		{`a # b~# c`,
			`..###.###`},
		{`#!/bin/sh~a~#b`,
			`#########...##`},
		{`a <<E >f # g~h 'i' #~$(j "k")~E~`,
			`.........###.hhhhhhhh....""".h..`},
		{`a <<'E'~"b" # $(c)~E~# d~`,
			`....'''.qqqqqqqqqqq..###.`},
		{`x=(a # b~'c')~`,
			`.....###.'''..`},
		{`if a; then~# b~c~# d~else # e~# f~g # h~fi # i`,
			`...........###...###......###.###...###....###`},
		{`case a in # b~# c~d) # e~f # g~;; # h~# i~esac`,
			`..........###.###....###...###....###.###.....`},
		{`f() { # a~b~# c~}~(a~# b~)~while a; do # b~c # d~done`,
			`......###...###......###...............###...###.....`},
		{`a && # b~c | # d~e # f`,
			`.....###.....###...###`},
		{"a $(b # c~) `d # e`",
			`......###......###.`},
		{`a${b:-'c'"d"}#e`,
			`......'''"""...`},
		{`a 'b'~c)`,
			`..'''---`},
		{`a~b 'c`,
			`.-----`},
	} {
		script := strings.ReplaceAll(c[0], "~", "\n")
		s, got := read(script), ""
		for i := range len(script) {
			got += string(letters[s.Place(i)])
		}
		assert.Equal(t, c[1], got, c[0])
	}
	assert.Equal(t, shell.Code, read("").Place(0))
}

// TestBounds shows that nothing in a script costs more than its length, and
// that no depth fills the stack.
func TestBounds(t *testing.T) {
	start := time.Now()
	for _, piece := range []string{
		"$(", "`", "${", "$((", "(", ")", "'", "\"", "<<a\n", "if a; ", "f() {\n", "case a in b) ", "a | ", "a && ", "\"$(", "&>", "<(", "\\", "a$(", "{ ",
		"[[ ! ", "! ", "a=(", "${a[", "\"${a:-\"", "$[", "# c\n", "{\n# c\n", "@(", "a <<E\n$(", "a <<E\nE\n", "\\`", "time ", "1+", "$(params.x)", "a\\\n", "while ", "f()",
	} {
		for _, before := range []string{"", "$((", "x=("} {
			text := before + strings.Repeat(piece, 50_000/len(piece))
			assert.Len(t, read(text).Text, len(text))
		}
	}
	for _, piece := range []string{"(", "$(", "\"$("} {
		s := read(strings.Repeat(piece, 1_000_000/len(piece)))
		assert.Error(t, s.Err, piece)
		assert.Empty(t, s.Commands, piece)
	}
	assert.Less(t, time.Since(start), time.Minute)
}

// catalogue is the scripts of this project.
func catalogue(tb testing.TB) []string {
	files, err := filepath.Glob("../../pkg/tasks/scripts/*.sh")
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	var scripts []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(tb, err)
		scripts = append(scripts, string(text))
	}
	return scripts
}

func TestCatalogue(t *testing.T) {
	for _, text := range catalogue(t) {
		s := read(text)
		require.NoError(t, s.Err)
		sound(t, s)
		assert.NotEmpty(t, s.Commands)
	}
}

func BenchmarkRead(b *testing.B) {
	scripts, size := catalogue(b), 0
	for _, text := range scripts {
		size += len(text)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		r := shell.NewReader(variables, nil)
		for _, text := range scripts {
			r.Script(text)
		}
	}
}

// sound checks what is true of the facts of any script.
func sound(t *testing.T, s *shell.Script) {
	t.Helper()
	within := func(in, span shell.Span) {
		if span.Start < in.Start || span.End < span.Start || span.End > in.End {
			t.Fatalf("%q: %v is not in %v", s.Text, span, in)
		}
	}
	all := shell.Span{End: len(s.Text)}
	seen := map[*shell.Command]bool{nil: true}
	for i := range s.Commands {
		c := &s.Commands[i]
		for w := range c.AllWords() {
			within(all, w.Span)
			for _, p := range w.Parts {
				within(w.Span, p.Span)
			}
			if w.End > w.Start && s.Place(w.Start) == shell.Unread {
				t.Fatalf("%q: word %q is not read", s.Text, w.Text)
			}
		}
		if !seen[c.Reads] || !seen[c.Before] || c.Depth < 0 || c.Fatal && (c.Sub || c.Compound) {
			t.Fatalf("%q: %+v", s.Text, c)
		}
		seen[c] = true
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"a", "if a; then b; fi", "x=$(a `b`)", "a <<E\nb\nE\n", "case a in (b) c;; esac", "f(){ a; }", "'", "\"$(", "<<0&\n",
		"x=(a $(params.x) [1]=b)", "a `b \\`c\\`` ${x:-$y} ${x/a/$b} $((1+$(params.x)))", "${(f)\"$(a)\"} <1-2>", "[[ a =~ b ]] && ((x++)) || let y=1",
		"cat <<-'E' >x\n\t$(params.x)\n\tE\n", "a\\\n$'b'' # c\n", "for ((;;)) do a; done | time b &",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, first := range []string{"", "#!/bin/mksh\n", "#!/bin/zsh\n"} {
			s := read(first + text)
			sound(t, s)
			if s.Shell != "" && s.Err == nil && text != "" && s.Place(len(s.Text)-1) == shell.Unread {
				t.Fatalf("%q: not read", s.Text)
			}
		}
	})
}
