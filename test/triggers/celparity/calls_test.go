package celparity

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/cel-go/common/decls"
	"github.com/google/cel-go/common/types"
	"github.com/stretchr/testify/require"
)

// literals are expressions of each type.
var literals = map[types.Kind]string{
	types.BoolKind: "true", types.IntKind: "1", types.UintKind: "2u", types.DoubleKind: "1.5", types.StringKind: "'a'",
	types.BytesKind: "b'a'", types.NullTypeKind: "null", types.DurationKind: "duration('1s')",
	types.TimestampKind: "timestamp('2001-02-03T04:05:06Z')", types.TypeKind: "int", types.DynKind: "body.x",
	types.TypeParamKind: "'T'",
}

// literal is an expression of a type.
func literal(t *types.Type) string {
	switch t.Kind() {
	case types.ListKind:
		return "[" + literal(t.Parameters()[0]) + "]"
	case types.MapKind:
		return "{" + literal(t.Parameters()[0]) + ": " + literal(t.Parameters()[1]) + "}"
	}
	if s, ok := literals[t.Kind()]; ok {
		return s
	}
	return "body.y"
}

// calls are calls of every overload that the interceptor knows: right ones,
// and with each argument of each other type, one too few and one too many.
func calls(t testing.TB) []string {
	env, err := upstream()
	require.NoError(t, err)
	var all []string
	for name, f := range env.Functions() {
		if strings.ContainsAny(name, "@_!-") && !strings.HasPrefix(name, "math.@") {
			continue // operators, which the corpus has plenty of
		}
		for _, o := range f.OverloadDecls() {
			var args []string
			for _, a := range o.ArgTypes() {
				args = append(args, literal(a))
			}
			all = append(all, call(name, o, args), call(name, o, append(slices.Clone(args), "1")))
			if len(args) > 1 {
				all = append(all, call(name, o, args[:len(args)-1]))
			}
			for i := range args {
				for _, other := range literals {
					for _, x := range []string{other, "[" + other + "]", "{" + other + ": " + other + "}"} {
						changed := slices.Clone(args)
						changed[i] = x
						all = append(all, call(name, o, changed))
					}
				}
			}
		}
	}
	return all
}

// call writes a call of an overload.
func call(name string, o *decls.OverloadDecl, args []string) string {
	name = strings.NewReplacer("math.@min", "math.least", "math.@max", "math.greatest").Replace(name)
	if o.IsMemberFunction() {
		return "(" + args[0] + ")." + name + "(" + strings.Join(args[1:], ", ") + ")"
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}
