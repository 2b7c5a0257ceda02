package celparity

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCorpus compares every expression that upstream shows or tests with.
func TestCorpus(t *testing.T) {
	for name, all := range map[string][]string{
		"examples": inExamples(t), "docs": inDocs(t), "tests": inTests(t), "calls": calls(t), "own": own,
	} {
		t.Run(name, func(t *testing.T) {
			accepted := 0
			for _, expr := range all {
				if compare(t, expr) {
					accepted++
				}
			}
			t.Logf("%d expressions, of which upstream accepts %d", len(all), accepted)
			assert.GreaterOrEqual(t, accepted, 8, "the corpus is lost")
			if name == "examples" {
				assert.Equal(t, len(all), accepted, "upstream's examples are right")
			}
		})
	}
}

// own are expressions of kinds that upstream's tests have few of.
var own = []string{
	"", "body", "body.a.b[0]['c']", "has(body.a)", "has(body)", "extensions.x == 'y'", "requestURL.parseURL().host",
	"header.canonical('X').compareSecret('a', 'b')", "header.canonical('X').compareSecret('a', 'b', 'c')",
	"'%d %s'.format([1, 'a'])", "'%d'.format(['a'])", "'%d'.format([body.x])", "'%z'.format([1])", "'%'.format([1])",
	"'%%'.format([])", "'%%'.format([1])", "'%.3f'.format([1.0])", "'%.f'.format([1.0])", "'%.101f'.format([1.0])",
	"'%.100e'.format([1u])", "'%.99999999999999999999f'.format([1.0])", "'%.3'.format([1.0])", "'%.'.format([1.0])",
	"'%s'.format([])", "'%s%s'.format([1])", "'%s'.format([1, 2])", "'%s'.format([[1, {'a': b'x'}]])", "'%s'.format(body.x)",
	"body.f.format([1])", "'%x%X%o%b'.format([1, 'a', 1u, true])", "'%o'.format([1.0])", "'%b'.format(['x'])",
	"'%s'.format([type(1)])", "'%s'.format([null])", "'%s'.format([google.protobuf.Value{}])", "'%é'.format([1])",
	"'%s'.format([dyn(1)])", "'%d'.format([dyn('a')])", "'%d'.format([[1][0]])", "'%d'.format([optional.of(1)])",
	"'%d'.format([body.list.map(x, x)[0]])", "'a'.format(['%d'])", "('%' + 'd').format(['a'])",
	"'%s'.format([{1: [google.protobuf.Struct{}]}])", "'%d'.format([google.protobuf.Int64Value{value: 1}])",
	"[3, 1].sortBy(x, -x)", "body.l.sortBy(x, x.n)", "[1].sortBy(1, 2)", "1.sortBy(x, x)", "'a'.sortBy(x, x)",
	"{}.sortBy(x, x)", "[[1]].sortBy(x, x)", "[1].sortBy(x)", "[1].map(x, x).sortBy(y, y)", "[1].sortBy(x, y)",
	"math.least(1, 2.0, 3u)", "math.least([1, 2])", "math.least([])", "math.least()", "math.least('a')", "math.least(['a'])",
	"math.greatest(body.a, body.b, 1)", "math.greatest(1, 'a', 2)", "math.greatest({})", "body.math.least(1)", "math.x(1)",
	"x.math.least(1)", "math.least(body)", "math.least(body.a)", "math.least([body.a, 'x'])",
	"body.ref.matches('[')", "matches('a', '(')", "body.ref.matches(body.x)", "'a'.matches('a{1000}{1000}')", "body.matches",
	"duration('x')", "duration(body.x)", "timestamp('x')", "timestamp(1)", "timestamp('2001-02-03T04:05:06Z') - duration('1h')",
	"int('x')", "int('1')", "uint(-1)", "double('x')", "bool('x')", "string(1)", "bytes('a')", "type(1) == int", "dyn(1)",
	"[1, 'a', null]", "{'a': 1, 'a': 2}", "{1: 'a', 'b': 2}", "1 in [1, 'a']", "'a' in body", "1 in 1", "'a' in {'a': 1}",
	"google.protobuf.BoolValue{value: true}", "google.protobuf.Duration{seconds: 1}", "google.protobuf.Nope{}",
	"google.protobuf.Any{}", "google.protobuf.Struct{fields: {}}", "google.protobuf.ListValue{}", "google.protobuf.UInt32Value{}",
	"1 / 0", "1 % 0", "-9223372036854775808", "9223372036854775808", "18446744073709551615u", "1e400", "0x1F", "r'\\'",
	"true ? 1 : 'a'", "true ? body : 1", "body.x ? body.y : 'a'", "!body.x", "-body.x", "!1", "a.b.c", "as", "in", "null",
	"[1].all(x, x > 0)", "[1].exists_one(x, x)", "[1].map(x, x > 0, x)", "[1].filter(x, 1)", "body.l.all(x, y, true)",
	"body.l.transformList(i, v, v)", "cel.bind(x, 1, x)", "optional.none()", "body.?x", "{?'a': 1}", "body[?'a']",
	"base64.encode(b'a')", "base64.decode('a')", "base64.encode('a')", "json.encode(body)", "sets.contains([1], ['a'])",
	"sets.contains([1], [])", "lists.range(3)", "lists.concat([1], [2])", "[[1]].flatten()", "[1].flatten()", "[1].flatten(2)",
	"[1].sort()", "[[1]].sort()", "['b', 'a'].sort().join()", "[1].join()", "['a'].join(1)", "'a'.reverse()", "[1].reverse()",
	"[1, 1].distinct()", "[1].slice(0, 1)", "[1].slice(0)", "strings.quote('a')", "'a'.quote()", "'a b'.split(' ', 1)[0]",
	"ip('1.2.3.4')", "regex.replace('a', 'b', 'c')", "'a'.charAt(0)", "first([1])", "[1].first()", "[1].last()", "body.first()",
	"'{}'.parseJSON().a", "'a: 1'.parseYAML()", "body.a.marshalJSON()", "body.marshalJSON()", "[body].marshalJSON()",
	"'a'.marshalJSON()", "'abc'.translate('[a-b]+', '')", "header.match('a', 'b')", "header.match('a')", "body.match('a', 'b')",
	"body.x // a comment", "body.x /* no comment */", "body.x\n\t&& true", "\"a\nb\"", "'''a\nb'''", "b'\\xff'", "'\\xff'", "'\\u{1F600}'",
	"\x00", "\xff", "body.\u00e9", "'\u00e9' == body.x", "\ufeffbody.x",
}

// TestMutations compares expressions made of pieces of others.
func TestMutations(t *testing.T) {
	words := regexp.MustCompile(`'[^']*'|[A-Za-z_]\w*|\d+u?|\W`)
	r := rand.New(rand.NewPCG(1, 2)) // the same every time
	var pieces [][]string
	for _, expr := range append(append([]string{}, own...), inExamples(t)...) {
		pieces = append(pieces, words.FindAllString(expr, -1))
	}
	n, accepted := 4000, 0
	if testing.Short() {
		n = 400
	}
	for range n {
		a, b := pieces[r.IntN(len(pieces))], pieces[r.IntN(len(pieces))]
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		out := append([]string{}, a...)
		switch i := r.IntN(len(a)); r.IntN(4) {
		case 0: // one word of another expression
			out[i] = b[r.IntN(len(b))]
		case 1: // a word less
			out = append(out[:i], out[i+1:]...)
		case 2: // another expression in place of a word
			out[i] = "(" + strings.Join(b, "") + ")"
		default: // two expressions
			out = append(append(out, []string{" == ", " + ", " in ", " && ", "."}[r.IntN(5)]), b...)
		}
		if compare(t, strings.Join(out, "")) {
			accepted++
		}
	}
	t.Logf("%d of %d accepted", accepted, n)
	assert.Greater(t, accepted, n/20)
}

// FuzzParity compares any text.
func FuzzParity(f *testing.F) {
	for _, expr := range own {
		f.Add(expr)
	}
	for _, expr := range inExamples(f) {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, expr string) { compare(t, expr) })
}
