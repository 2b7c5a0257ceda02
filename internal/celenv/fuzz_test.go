package celenv

import "testing"

// FuzzCompile tests that no text makes the compiler panic or hang, and that a valid
// filter is a valid value, too, unless its type cannot be converted to JSON.
func FuzzCompile(f *testing.F) {
	for _, expr := range hostile {
		f.Add(expr[:min(len(expr), 500)])
	}
	for _, expr := range []string{
		"body.ref.split('/', 3)[2]", "header.match('a', 'b') && !(body.x in [1, 2u, 3.0])",
		"'%.3f %s'.format([1.0, {'a': [b'x', null]}])", "math.greatest(1, 2.0, body.x) > -1",
		"[{'a': 1}].sortBy(x, x.a).map(x, x.a > 0, x)", "body.matches(r'[')", "google.protobuf.Value{}",
		"timestamp('x') - duration('1s')", "a ? b : c", "x.exists_one(y, z)", "\"\"\"\x00\xff", "'\\u00e9'",
	} {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		filter, value := Filter(expr), Value(expr)
		if filter == nil && value != nil {
			t.Errorf("%q is a condition, but no value: %v", expr, value)
		}
		for _, err := range []error{filter, value} {
			if err != nil {
				assertShort(t, err)
			}
		}
	})
}
