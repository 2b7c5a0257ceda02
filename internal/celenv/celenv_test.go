package celenv

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFilter(t *testing.T) {
	for expr, want := range map[string]string{
		"true":     "",
		"body.x":   "",
		"body[0]":  "found no matching overload for '[]' applied to '(map(string, dyn), int)' at column 5",
		"body.x[]": "syntax error: mismatched input ']' at column 8",
		"body.ref.startsWith('refs/heads/') && !body.deleted":           "",
		"body.action in ['opened', 'reopened']":                         "",
		"header.match('X-GitHub-Event', 'push')":                        "",
		"header.canonical('X-GitHub-Event').matches('^push$')":          "",
		"body.commits.exists(c, (c.added + c.removed).exists(f, true))": "",
		"has(body.object_attributes.oldrev)":                            "",
		"requestURL.parseURL().query['a'] == 'b'":                       "",
		"body.list.first()":                                             "",
		"google.protobuf.BoolValue{value: true}":                        "",

		"":                                  "the expression is empty",
		" \n":                               "the expression is empty",
		"bdy":                               "undeclared reference to 'bdy' at column 1",
		"true\n && bdy":                     "undeclared reference to 'bdy' at line 2, column 5",
		"body.x ==":                         "syntax error: unexpected end at column 10",
		"body.ref.startsWith('x'":           "syntax error: missing ')' at the end at column 24",
		"body.x.truncate('a') == 'a'":       "found no matching overload for 'truncate' applied to 'dyn.(string)' at column 16",
		"requestURL.startWith('x')":         "undeclared reference to 'startWith' at column 21",
		"1 + 'a'":                           "found no matching overload for '+' applied to '(int, string)' at column 3",
		"body.x && 'a'":                     "expected type 'bool' but found 'string' at column 11",
		"requestURL":                        "the expression has type string, not bool",
		"body":                              "the expression has type map(string, dyn), not bool",
		"null":                              "the expression has type null_type, not bool",
		"body.ref.matches('[')":             "error parsing regexp: missing closing ]: `[` at column 18",
		"matches(body.ref, '(')":            "error parsing regexp: missing closing ): `(` at column 19",
		"body.age > duration('x')":          "invalid duration argument at column 21",
		"int('x') > 1":                      "type conversion error from 'string' to 'int'",
		"math.least('a') == 1":              "math.least() invalid single argument value at column 12",
		"math.greatest(1, 'a') == 1":        "math.greatest() simple literal arguments must be numeric at column 18",
		"math.greatest() == 1":              "math.greatest() requires at least one argument at column 1",
		"1.sortBy(x, x) == []":              "sortBy can only be applied to a list, identifier, comprehension, call or select expression at column 1",
		"'%z'.format([1]) == ''":            "could not parse formatting clause: unrecognized formatting clause \"z\" at column 12",
		"'%d'.format(['a']) == ''":          "error during formatting: decimal clause can only be used on ints, uints, and doubles, was given string at column 14",
		"'%s'.format([[body]]) == ''":       "",
		"'%s %s'.format([1]) == ''":         "the format string has more verbs than arguments at column 15",
		"'%s'.format([1, 2]) == ''":         "too many arguments supplied to string.format (expected 1, got 2) at column 12",
		"'%'.format([1]) == ''":             "the format string ends within a verb; write %% for a percent sign at column 11",
		"'%.1000f'.format([1.0]) == ''":     "could not parse formatting clause: error while parsing precision: precision 1000 exceeds maximum allowed precision 100 at column 17",
		"'%.2f%%'.format([1.0]) == ''":      "",
		"[1].sortBy(x, -x)[0] == 1":         "",
		"math.least([1, 2]) < 2":            "",
		strings.Repeat("(", 300) + "1":      "expression recursion limit exceeded: 250",
		strings.Repeat("a", 100_001):        "expression code point size exceeds limit: size: 100001, limit 100000",
		strings.Repeat("a", 300) + ".x":     "undeclared reference to '" + strings.Repeat("a", maxMessage-25) + "... at column 1",
		"body.x == \"" + "\xff" + "\" && a": "undeclared reference to 'a' at column 18",
	} {
		err := Filter(expr)
		if want == "" {
			assert.NoError(t, err, expr)
			continue
		}
		assert.EqualError(t, err, want, expr)
	}
}

func TestValue(t *testing.T) {
	for expr, want := range map[string]string{
		"body.head_commit.id.truncate(7)":      "",
		"body.ref.split('/', 3)[2]":            "",
		"body.commits.map(c, c.id).join('\n')": "a string is not closed at column 32",
		`body.commits.map(c, c.id).join('\n')`: "",
		"{'a': 1}.marshalJSON()":               "",
		"body.list[0]":                         "",
		"{'a': 1}":                             "a value of type map(string, int) cannot be used in a string; select one field, or use marshalJSON()",
		"['a']":                                "a value of type list(string) cannot be used in a string; select one item, or use join() or marshalJSON()",
		"b'abc'":                               "",
		"1.5":                                  "",
		"body.x == 1":                          "",
		"bdy":                                  "undeclared reference to 'bdy' at column 1",
		"1u":                                   "a value of type uint cannot be converted to JSON; convert it with string()",
		"null":                                 "a value of type null_type cannot be converted to JSON; convert it with string()",
		"timestamp(body.date)":                 "a value of type google.protobuf.Timestamp cannot be converted to JSON; convert it with string()",
	} {
		err := Value(expr)
		if want == "" {
			assert.NoError(t, err, expr)
			continue
		}
		assert.EqualError(t, err, want, expr)
	}
}

// hostile are expressions that must be compiled or rejected quickly.
var hostile = map[string]string{
	"types that double":   "[1]" + strings.Repeat(".map(a, {a: a})", 100),
	"wide types":          "[1]" + strings.Repeat(".map(a, {a: a})", maxKeyed) + ".map(a, " + strings.Repeat("a == a && ", 2000) + "true)",
	"nested lists":        "[" + strings.Repeat(strings.Repeat("[", 200)+strings.Repeat("]", 200)+",", 200) + "1]",
	"nested maps":         strings.Repeat("{1:", 200) + "1" + strings.Repeat("}", 200),
	"nested macros":       strings.Repeat("[1].map(x, ", 200) + "1" + strings.Repeat(")", 200),
	"chained macros":      "[1]" + strings.Repeat(".map(x, x)", 9000),
	"chained fields":      "body" + strings.Repeat(".a", 49_000),
	"chained calls":       "body.a" + strings.Repeat(".trim()", 14_000),
	"chained sums":        "1" + strings.Repeat("+1", 49_000),
	"chained conditions":  "body.a" + strings.Repeat("&&body.a", 12_000),
	"nested conditions":   strings.Repeat("body.a?1:", 11_000) + "1",
	"minuses":             strings.Repeat("-", 90_000) + "1",
	"parentheses":         strings.Repeat("(", 99_000),
	"a long list":         "[" + strings.Repeat("1,", 49_000) + "1]",
	"errors":              strings.Repeat("a+", 49_000) + "a",
	"quotes":              strings.Repeat("\"", 99_000),
	"words":               strings.Repeat("a ", 49_000),
	"a repeated regexp":   "body.a.matches('(((((a{100}){100}){100}){100}){100})')",
	"a sort of sorts":     "[1]" + strings.Repeat(".sortBy(x, x)", 7000),
	"a sort in a sort":    strings.Repeat("[1].sortBy(x, ", 100) + "x" + strings.Repeat(")", 100),
	"a format of formats": strings.Repeat("'%s'.format([", 100) + "1" + strings.Repeat("])", 100),
}

func TestHostile(t *testing.T) {
	for name, expr := range hostile {
		t.Run(name, func(t *testing.T) {
			if err := Value(expr); err != nil {
				assertShort(t, err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) + " == []" }
	assert.NoError(t, Value(nested(maxNesting)))
	assert.EqualError(t, Value(nested(maxNesting+1)),
		"lists, maps and macros are nested more than 32 deep")
	assert.NoError(t, Value("[1]"+strings.Repeat(".map(a, {a: a})", maxKeyed)+".size()"))
	assert.EqualError(t, Value("[1]"+strings.Repeat(".map(a, {a: a})", maxKeyed+1)+".size()"),
		"more than 4 map keys are neither literals nor paths of the event")
	assert.NoError(t, Value("{"+strings.Repeat("body.a: 1, 'b': 2, ", maxKeyed+1)+"}.size()"), "the types of these keys cannot grow")
}

func TestConcurrent(t *testing.T) {
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			assert.NoError(t, Filter("body.ref.matches('^a') && [2, 1].sortBy(x, x)[0] == math.least(1, 2)"))
			assert.Error(t, Value("'%d'.format(['a'])"))
		})
	}
	wait.Wait()
}

// assertShort checks that an error can be used within a sentence.
func assertShort(t *testing.T, err error) {
	t.Helper()
	s := err.Error()
	assert.NotContains(t, s, "\n")
	assert.LessOrEqual(t, len(s), maxMessage+50)
	assert.NotEmpty(t, s)
	assert.NotRegexp(t, "^[A-Z]|\\.$", s)
}

// TestParts checks that long conditions are checked in parts, with the same errors as
// if they were checked at once.
func TestParts(t *testing.T) {
	many := strings.Repeat(`body.a == "x" || (body.b != "y" && header.size() > 1) || `, 300)
	assert.NoError(t, Filter(many+"true"))
	for end, want := range map[string]string{
		"body.a":              "",
		"int('x') > 1":        "type conversion error",
		`1 == "x"`:            "no matching overload for '=='",
		`!(2 == "x") && true`: "no matching overload for '=='",
		`nothing.here`:        "undeclared reference to 'nothing'",
		`"x"`:                 "string",
	} {
		err := Filter(many + end)
		if want == "" {
			assert.NoError(t, err, end)
			continue
		}
		assert.ErrorContains(t, err, want, end)
		if short := Filter("false || " + end); strings.Contains(short.Error(), " at column ") && end != `"x"` {
			// The position is that in the whole expression.
			at := func(err error) (n int) {
				var p *Problem
				if assert.ErrorAs(t, err, &p) {
					n = p.column
				}
				return n
			}
			assert.Equal(t, at(short)+len(many)-len("false || "), at(err), end)
		}
	}
	assert.EqualError(t, Filter("["+strings.Repeat("body.a == 1, ", maxCalls+1)+"true][0]"),
		"more than 500 calls and comparisons are not separated by && or ||")
	assert.EqualError(t, Filter(`body.a.matches("`+strings.Repeat("a{1000}", 100)+`")`),
		"the regular expressions have more than 100000 instructions; repeat fewer times")
	assert.NoError(t, Filter(`body.a.matches("`+strings.Repeat("(abc{10}|[a-z]+){20}", 50)+`")`))
}
