package celenv

import "testing"

// FuzzCompile tests that the compiler neither panics nor hangs, and that each valid
// filter is also a valid value.
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
			t.Errorf("%q is a valid filter, but not a valid value: %v", expr, value)
		}
		for _, err := range []error{filter, value} {
			if err != nil {
				assertShort(t, err)
			}
		}
	})
}
