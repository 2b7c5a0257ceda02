package shell_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/shell"
)

// variables finds $(params...) and $(results...), which is enough for tests.
func variables(text string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for at := 0; ; {
			n := strings.Index(text[at:], "$(")
			if n < 0 {
				return
			}
			start := at + n
			at = start + 2
			if !strings.HasPrefix(text[at:], "params") && !strings.HasPrefix(text[at:], "results") {
				continue
			}
			if n = strings.IndexByte(text[at:], ')'); n >= 0 {
				at += n + 1
				if !yield(start, at) {
					return
				}
			}
		}
	}
}

func read(text string) *shell.Script { return shell.NewReader(variables, nil).Script(text) }

// commands writes what was read of a script: each command on a line, behind it
// its redirections, and marks before it: $ for one in a substitution, & behind
// && or ||, | behind a pipe, ! where its failure ends the script, + for a
// compound one.
func commands(s *shell.Script) string {
	var b strings.Builder
	for i := range s.Commands {
		c := &s.Commands[i]
		b.WriteString(strings.Repeat("  ", c.Depth))
		for _, m := range []struct {
			on   bool
			mark string
		}{{c.Sub, "$"}, {c.Joined, "&"}, {c.Reads != nil, "|"}, {c.Fatal, "!"}, {c.Compound, "+"}} {
			if m.on {
				b.WriteString(m.mark)
			}
		}
		for _, w := range c.Words {
			b.WriteString(" " + w.Text)
		}
		for _, r := range c.Redirects {
			b.WriteString(" [" + r.FD + r.Op + " " + r.Target.Text + "]")
			if r.Body.Text != "" {
				fmt.Fprintf(&b, "%q", r.Body.Text)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestCommands(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   []string
	}{
		"words":         {`a "b c" 'd $e' f\ g "$(h i)"`, []string{"$ h i", "! a b c d $e f g $(h i)"}},
		"lines":         {"a; b\n\n# c\nd \\\n e", []string{"! a", "! b", "! d e"}},
		"joined lines":  {"a b\\\n  c\\\nd", []string{"! a b cd"}},
		"operators":     {"a && b || c | d\ne", []string{" a", "& b", "& c", "&|! d", "! e"}},
		"background":    {"a | b &\nc", []string{" a", "| b", "! c"}},
		"next line":     {"a &&\n\n b |\nc", []string{" a", "& b", "&|! c"}},
		"if":            {"if a; then b; elif c\nthen d; else e; fi\nf", []string{"   a", "  ! b", "   c", "  ! d", "  ! e", "+ if", "! f"}},
		"loops":         {"while a; do b; done < x\nfor i in 1 2; do c; done", []string{"   a", "  ! b", "+ while [< x]", "  ! c", "+ for i 1 2"}},
		"loop of bash":  {"for ((i = 0; i < $n; i++)); do a; done\nselect x in b; do c; done", []string{"  ! a", "+ for i = 0 i < $n i++", "  ! c", "+ select x b"}},
		"case":          {"case $x in\n a|b) c ;;\n *) d;;\nesac\ne", []string{"  ! c", "  ! d", "+ case $x a b *", "! e"}},
		"function":      {"f() {\n a\n}\nb", []string{"     a", "  + {", "+ function f", "! b"}},
		"function bash": {"function f { a; }; b", []string{"     a", "  + {", "+ function f", "! b"}},
		"subshell":      {"(a; b) | c\nd", []string{"   a", "   b", "+ (", "|! c", "! d"}},
		"brace":         {"{ a; b; } > x", []string{"  ! a", "  ! b", "+ { [> x]"}},
		"guarded brace": {"{ a; b; } || c", []string{"   a", "   b", "+ {", "&! c"}},
		"substitution":  {"x=$(a | b $(c)) y=`d \"e f\"`", []string{"$ a", "$ c", "$| b $(c)", "$ d e f", "! x=$(a | b $(c)) y=`d \"e f\"`"}},
		"expansion":     {`a ${b:-"c d"} $((1 + (2)))`, []string{`! a ${b:-"c d"} $((1 + (2)))`}},
		"redirections":  {"a >b 2>&1 &>c <(d) >>e <<< \"f g\"", []string{"$ d", "! a <(d) [> b] [2>& 1] [&> c] [>> e] [<<< f g]"}},
		"only files":    {"> a\nb", []string{"! [> a]", "! b"}},
		"not":           {"! a\nif ! b; then c; fi\n! d | e", []string{" a", "   b", "  ! c", "+ if", " d", "| e"}},
		"not a group":   {"!(a; b)\nc", []string{" !(a; b)", "! c"}},
		"no keyword":    {`echo if "if" done; "if" a`, []string{"! echo if if done", "! if a"}},
		"time":          {"time a | b", []string{" a", "|! b"}},
		"tests":         {"[[ -f $a && ! ( b == c ) || \"$(d)\" =~ ^(e|f\")\")$ ]]\n[ g ]", []string{"$ d", "! [[ $a b c $(d) ^(e|f))$", "! [ g ]"}},
		"declarations":  {"export A=1 B; local c=\"d e\"", []string{"! export A=1 B", "! local c=d e"}},

		// What the reader that was here before did not read, or read wrongly.
		"ansi quote":          {`x=$'it\'s'` + "\na", []string{"! x=it's", "! a"}},
		"ansi escapes":        {`a $'b\tc\x41\u00e9\'\\'` + "\nd", []string{"! a b\tcAé'\\", "! d"}},
		"single in braces":    {`a ${y:-'}'}` + "\nb", []string{"! a ${y:-'}'}", "! b"}},
		"double in braces":    {`a ${x:-"}"} "${x:-"}"}"` + "\nb", []string{`! a ${x:-"}"} ${x:-"}"}`, "! b"}},
		"quotes in quotes":    {`a "$(b "c d" "$(e ")")" 'f')" g`, []string{"$ e )", `$ b c d $(e ")") f`, `! a $(b "c d" "$(e ")")" 'f') g`}},
		"escapes":             {`a "b\nc\$d\"\\" e\nf`, []string{`! a b\nc$d"\ enf`}},
		"here-document":       {"a <<EOF > b\n c; 'd $(e \"f\")\nEOF\ng", []string{`$ e f`, `! a [<< EOF]" c; 'd $(e \"f\")\n" [> b]`, "! g"}},
		"quoted delimiter":    {"a <<'EOF' | b\n$(c) 'd\nEOF\ne <<\\X\n`f`\nX\ng", []string{` a [<< EOF]"$(c) 'd\n"`, "|! b", "! e [<< X]\"`f`\\n\"", "! g"}},
		"indented document":   {"if a; then\n\tb <<-E\n\t\tc\n\tE\nfi\nd", []string{"   a", `  ! b [<<- E]"\t\tc\n\t"`, "+ if", "! d"}},
		"two documents":       {"a <<X <<Y\n1\nX\n2\nY\nb", []string{`! a [<< X]"1\n" [<< Y]"2\n"`, "! b"}},
		"document in command": {"a \"$(b <<E\nc ) '\nE\n)\"\nd", []string{`$ b [<< E]"c ) '\n"`, "! a $(b <<E\nc ) '\nE\n)", "! d"}},
		"case without (":      {"x=$(case $y in a) b;; (c|d) e;; esac)\nf", []string{"  $ b", "  $ e", "$+ case $y a c d", "! x=$(case $y in a) b;; (c|d) e;; esac)", "! f"}},
		"comments":            {"# it's \"one\na # `b $(c\n#' \nd", []string{"! a", "! d"}},
		"no comment":          {"a b#c ${#d} $# $((16#ff)) 'e' #f'\ng", []string{"! a b#c ${#d} $# $((16#ff)) e", "! g"}},
		"arithmetic":          {"a $(( (1 << 2) + ${b:-3} )) $((c > d ? 1 : 2))\n((e++))\nlet f=1 g\nh", []string{"! a $(( (1 << 2) + ${b:-3} )) $((c > d ? 1 : 2))", "! (( e++", "! let f=1 g", "! h"}},
		"backquotes":          {"a `b \\`c 'd'\\` \"e\"` \"`f \\\"g\\\"`\"\nh", []string{"$ c d", "$ b `c 'd'\\` e", "$ f g", "! a `b \\`c 'd'\\` \"e\"` `f \\\"g\\\"`", "! h"}},
		"process":             {"diff <(a 'b)') <(c | d) > >(e)\nf", []string{"$ a b)", "$ c", "$| d", "$ e", "! diff <(a 'b)') <(c | d) [> >(e)]", "! f"}},
		"arrays":              {"x=(a \"b c\" $(d) # it's\n  [3]='e)')\nx+=(f)\ng \"${x[@]}\" ${#x[@]}\nx[1]=\"h\"", []string{"$ d", "! x=(a \"b c\" $(d) # it's\n  [3]='e)')", "! x+=(f)", "! g ${x[@]} ${#x[@]}", "! x[1]=h"}},
		"trap":                {`trap 'rm -rf "$x"; echo it'\''s' EXIT` + "\na", []string{`! trap rm -rf "$x"; echo it's EXIT`, "! a"}},
		"text of awk":         {"a | awk '{ print $1; if ($2 ~ /\"/) { x } }' | sed \"s/'//g\"\nb", []string{" a", `| awk { print $1; if ($2 ~ /"/) { x } }`, "|! sed s/'//g", "! b"}},
		"carriage returns":    {"a 'b'\r\nif c; then\r\nd\r\nfi\r\n", []string{"! a b", "   c", "  ! d", "+ if"}},
		"brace expansion":     {"a {b,c}{1..3} }\nd", []string{"! a {b,c}{1..3} }", "! d"}},
		"coproc":              {"coproc a { b; }\nc", []string{"   b", "+ {", "! c"}},
	} {
		s := read(c.script)
		require.NoError(t, s.Err, name)
		assert.Equal(t, strings.Join(c.want, "\n")+"\n", commands(s), name)
	}
}

// TestBefore shows which command sets the status that "x" sees.
func TestBefore(t *testing.T) {
	for script, want := range map[string]string{
		"a; x":                                "a",
		"a\n\n# b\nx":                         "a",
		"y=$(a); x":                           "y=$(a)",
		"a | b; x":                            "b",
		"a; x | b":                            "a",
		"a | x":                               "",
		"a; x && b":                           "a",
		"a && x":                              "",
		"a && b; x":                           "",
		"! a; x":                              "",
		"a; ! x":                              "a",
		"a & x":                               "",
		"a; if x; then b; fi":                 "a",
		"a; if b; x; then c; fi":              "b",
		"a; if b; then x; fi":                 "",
		"a; if b; then c; else x; fi":         "",
		"a; if b; then c; fi; x":              "",
		"a; while x; do b; done":              "",
		"a; for i in b; do x; done":           "",
		"a; case b in c) x ;; esac":           "",
		"a; { x; }":                           "a",
		"a; { b; }; x":                        "",
		"a; (x)":                              "",
		"a; (b; x)":                           "b",
		"f() { a; }; x":                       "",
		"f() { x; }":                          "",
		"a; time x":                           "a",
		"a; b $(x)":                           "",
		"x":                                   "",
		"a; b=$(c; x)":                        "c",
		"if a; then b; x; fi":                 "b",
		"a; if b; then c; elif x; then d; fi": "",
	} {
		s := read(script)
		require.NoError(t, s.Err, script)
		found := false
		for i := range s.Commands {
			c := &s.Commands[i]
			if c.Name() != "x" {
				continue
			}
			found = true
			if got := ""; assert.Equal(t, want != "", c.Before != nil, script) && want != "" {
				got = c.Before.Words[0].Text
				assert.Equal(t, want, got, script)
			}
		}
		assert.True(t, found, script)
	}
}

// TestReads shows from which command another one reads.
func TestReads(t *testing.T) {
	for script, want := range map[string]string{
		"a | x":                      "a",
		"a |& x":                     "a",
		"a && b | x":                 "b",
		"a | b | x":                  "b",
		"{ a; b; } | x":              "{",
		"a; x":                       "",
		"a | { x; }":                 "",
		"a $(b) | x $(c)":            "a",
		"for i in a; do b; done | x": "for",
		"a |\n\n# c\n  time x":       "a",
		"a | b <<E | x\nc | d\nE\n":  "b",
		"$(params.x) | x":            "$(params.x)",
	} {
		s := read(script)
		require.NoError(t, s.Err, script)
		for i := range s.Commands {
			if c := &s.Commands[i]; c.Name() == "x" && assert.Equal(t, want != "", c.Reads != nil, script) && want != "" {
				assert.Equal(t, want, c.Reads.Words[0].Text, script)
			}
		}
		assert.Contains(t, commands(s), " x", script)
	}
}

func TestArgv(t *testing.T) {
	for script, want := range map[string]string{
		"a b":                     "a b",
		"X=1 Y=2 a b":             "a b",
		"sudo env X=1 /bin/a b=c": "/bin/a b=c",
		"exec time a":             "a",
		"X=1":                     "",
		"if a; then b; fi":        "",
		"'X=1' a":                 "a", // as env takes it
		"X-Y=1 a":                 "X-Y=1 a",
	} {
		s := read(script)
		var words []string
		for _, w := range s.Commands[len(s.Commands)-1].Argv() {
			words = append(words, w.Text)
		}
		assert.Equal(t, want, strings.Join(words, " "), script)
	}
	assert.Equal(t, "b", read("A=1 sudo /a/b c").Commands[0].Name())
	assert.Empty(t, (&shell.Command{}).Name())
}

func TestOption(t *testing.T) {
	for script, want := range map[string]string{
		"set -x":            "on -x",
		"set -eux":          "on -eux",
		"set -e +x":         "off +x",
		"set -o xtrace":     "on -o",
		"set +eo xtrace":    "off +eo",
		"set -o pipefail":   " ",
		"set -- -x":         " ",
		"set -":             " ",
		"a -x":              " ",
		"set":               " ",
		"command set -x -y": "on -x",
	} {
		s := read(script)
		set, word := s.Commands[0].Option('x', "xtrace")
		assert.Equal(t, want, set+" "+word.Text, script)
	}
}

func TestWrites(t *testing.T) {
	s := read("a >b >>c >|d &>e &>>f 2>g 2>&1 <h <<<i <>j <<E\nk\nE\n")
	require.NoError(t, s.Err)
	var files []string
	for i := range s.Commands[0].Redirects {
		if r := &s.Commands[0].Redirects[i]; r.Writes() {
			files = append(files, r.Target.Text)
		}
	}
	assert.Equal(t, []string{"b", "c", "d", "e", "f", "g"}, files)
	var words []string
	for w := range s.Commands[0].AllWords() {
		words = append(words, w.Text)
		if w.Text == "k\n" {
			break
		}
	}
	assert.Equal(t, "a b  c  d  e  f  g  1  h  i  j  E k\n", strings.Join(words, " "))
}
