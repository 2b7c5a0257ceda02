package shell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/shell"
)

var (
	kinds = map[shell.Kind]string{
		shell.Literal: "literal", shell.Pattern: "pattern", shell.Expansion: "expansion", shell.Substitution: "substitution",
		shell.Arithmetic: "arithmetic", shell.Array: "array", shell.Variable: "variable",
	}
	quotes = map[shell.Quote]string{shell.Single: "'", shell.Double: `"`}
)

// parts writes the parts of a word: where each stands in the script, how it is
// quoted, what it is, and its text.
func parts(s *shell.Script, w *shell.Word) []string {
	var out []string
	for _, p := range w.Parts {
		line := s.Text[p.Start:p.End] + " " + quotes[p.Quote] + kinds[p.Kind]
		if p.Text != "" {
			line += " " + p.Text
		}
		if p.Inner {
			line = "> " + line
		}
		out = append(out, line)
	}
	return out
}

// TestParts looks at the second word of a command.
func TestParts(t *testing.T) {
	for word, want := range map[string][]string{
		`b`:                           nil,
		`b\ c\$d`:                     nil,
		`''`:                          nil,
		`'b'`:                         {`b 'literal b`},
		`b"c\"d"'$e'`:                 {`b literal b`, `c\"d "literal c"d`, `$e 'literal $e`},
		`$'b\n'`:                      {`b\n 'literal b` + "\n"},
		`$b${c}`:                      {`$b expansion b`, `${c} expansion c`},
		`"$b.c"`:                      {`$b "expansion b`, `.c "literal .c`},
		`"$@"$1$?`:                    {`$@ "expansion @`, `$1 expansion 1`, `$? expansion ?`},
		`${b:-$c"$d"e}`:               {`${b:-$c"$d"e} expansion b`, `> $c expansion c`, `> $d "expansion d`},
		`${#b}${!c}`:                  {`${#b} expansion b`, `${!c} expansion c`},
		`${b/$c/$d}`:                  {`${b/$c/$d} expansion b`, `> $c expansion c`, `> $d expansion d`},
		`${b:$c:2}`:                   {`${b:$c:2} expansion b`, `> $c expansion c`},
		`${b[$c]}`:                    {`${b[$c]} expansion b`, `> $c expansion c`},
		`$((b+$c))`:                   {`$((b+$c)) arithmetic`, `> $c expansion c`},
		`x$(b $c)y`:                   {`x literal x`, `$(b $c) substitution`, `y literal y`},
		"\"`b`\"":                     {"`b` \"substitution"},
		`<(b)`:                        {`<(b) substitution`},
		`*.b`:                         {`*.b pattern *.b`},
		`~/b`:                         {`~/b pattern ~/b`},
		`b~`:                          nil,
		`{b,c}`:                       {`{b,c} pattern {b,c}`},
		`\*"*"`:                       {`\* literal *`, `* "literal *`},
		`[b]\[`:                       {`[b]\[ pattern [b][`},
		`b[`:                          nil,
		`!(b|c)`:                      {`!(b|c) pattern !(b|c)`},
		`$(params.b)`:                 {`$(params.b) variable`},
		`"c$(params.b)d"`:             {`c "literal c`, `$(params.b) "variable`, `d "literal d`},
		`'$(params["b c"])'`:          {`$(params["b c"]) 'variable`},
		`${c:-"$(params.b)"}`:         {`${c:-"$(params.b)"} expansion c`, `> $(params.b) "variable`},
		`$((1+$(params.b)))`:          {`$((1+$(params.b))) arithmetic`, `> $(params.b) variable`},
		`$(params.b)$(params.c)d`:     {`$(params.b) variable`, `$(params.c) variable`, `d literal d`},
		`\$(params.b)`:                {`\ literal`, `$(params.b) variable`},
		`$$(params.b)`:                {`$$(params.b) expansion $(params.b)`},
		`${$(params.b)}`:              {`${$(params.b)} expansion $(params.b)`},
		`$'\t$(params.b)'`:            {`\t 'literal ` + "\t", `$(params.b) 'variable`},
		"c\\\n$(params.b)":            {"c\\\n literal c", `$(params.b) variable`},
		"`c \\`d $(params.b)\\``":     {"`c \\`d $(params.b)\\`` substitution"},
		`x=($b [$c]="d" $(params.e))`: {`x= literal x=`, `($b [$c]="d" $(params.e)) array`, `> $b expansion b`, `> $c expansion c`, `> $(params.e) variable`},
		`x[$b]=$c`:                    {`x[$b]= literal x[$b]=`, `> $b expansion b`, `$c expansion c`},
	} {
		command := "a"
		if strings.HasPrefix(word, "x") {
			command = "declare" // which takes arrays
		}
		s := read(command + " " + word + "; z")
		if !assert.NoError(t, s.Err, word) {
			continue
		}
		c := &s.Commands[len(s.Commands)-2]
		require.Len(t, c.Words, 2, word)
		w := &c.Words[1]
		assert.Equal(t, want, parts(s, w), word)
		assert.Equal(t, word, s.Text[w.Start:w.End], word)
	}
}

func TestLiteral(t *testing.T) {
	for word, want := range map[string]bool{
		"b": true, `"b c"`: true, `'$b'`: true, `\*`: true, `"*"`: true, "''": true, `$'b'`: true, "b=c": true,
		"$b": false, `"$b"`: false, "*": false, "~": false, "$(b)": false, "$((1))": false, "$(params.b)": false, "{b,c}": false,
	} {
		s := read("a " + word)
		_, ok := s.Commands[len(s.Commands)-1].Words[1].Literal()
		assert.Equal(t, want, ok, word)
	}
}

func TestSets(t *testing.T) {
	s := read("a=1 b+=2 $(params.c)=3 d e=4\nexport f=5 g\nh[1]=6\ni=(7)\n'j=8'")
	require.NoError(t, s.Err)
	var sets []string
	for _, c := range s.Commands {
		for _, w := range c.Words {
			sets = append(sets, fmt.Sprintf("%s:%s", w.Text, w.Sets))
		}
	}
	assert.Equal(t, []string{"a=1:a", "b+=2:b", "$(params.c)=3:$(params.c)", "d:", "e=4:", "export:", "f=5:f", "g:", "h[1]=6:h", "i=(7):i", "j=8:"}, sets)
}

// TestVariables puts a variable of Tekton wherever one can be. The script has
// to be read to its end, and what stands in the variable is no command.
func TestVariables(t *testing.T) {
	for script, want := range map[string]shell.Place{
		`$(params.x)`:                                         shell.Code,
		`$(params["x y"]) a`:                                  shell.Code,
		`$(params['x']).$(params.x)`:                          shell.Code,
		`a "$(params["x"])"`:                                  shell.DoubleQuotes,
		`a '$(params['x'])'`:                                  shell.SingleQuotes,
		`a $'$(params.x)'`:                                    shell.SingleQuotes,
		`a "$(b "$(params.x)")"`:                              shell.DoubleQuotes,
		`a "$(b $(params.x))"`:                                shell.Code,
		"a `b $(params.x)`":                                   shell.Code,
		"a # it's $(params.x)":                                shell.Comment,
		"# $(params.x)":                                       shell.Comment,
		"a <<E\nit's $(params.x)\nE\n":                        shell.HereDocument,
		"a <<'E'\nit's $(params.x)\nE\n":                      shell.QuotedHereDocument,
		"a <<$(params.x)\nb\n$(params.x)\nc":                  shell.Code,
		"if $(params.x); then a; fi":                          shell.Code,
		"for i in $(params.x[*]); do a; done":                 shell.Code,
		"for $(params.x) in a; do b; done":                    shell.Code,
		"case $(params.x) in $(params.y)) a;; esac":           shell.Code,
		"[[ $(params.x) == $(params.y) ]]":                    shell.Code,
		"[[ a =~ ^$(params.x)$ ]]":                            shell.Code,
		"$(params.x)() { a; }":                                shell.Code,
		"$(params.x)=1; a":                                    shell.Code,
		"a > $(results.x.path) 2>$(params.y)":                 shell.Code,
		"a $((1 + $(params.x) * 2))":                          shell.Code,
		"(($(params.x) > 1))":                                 shell.Code,
		"a ${$(params.x)} ${b:$(params.x)} ${b[$(params.x)]}": shell.Code,
		"a {1..$(params.x)}":                                  shell.Code,
	} {
		s := read(script + "\n")
		require.NoError(t, s.Err, script)
		require.NotEmpty(t, s.Variables, script)
		for _, v := range s.Variables {
			assert.Equal(t, want, s.Place(v.Start), script)
			assert.Equal(t, want, s.Place(v.End-1), script)
		}
		for i := range s.Commands {
			assert.NotRegexp(t, "^(params|results)", s.Commands[i].Name(), script)
		}
		for i := range s.Commands {
			for w := range s.Commands[i].AllWords() {
				assert.NotContains(t, w.Text, "__", script)
			}
		}
	}
}
