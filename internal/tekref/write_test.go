package tekref

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// written contains an example of each variable that the functions of write.go return.
var written = map[string]Variable{
	"$(params.x)":                     ParamOf("x"),
	`$(params["a.b"])`:                ParamOf("a.b"),
	"$(params.x[*])":                  ParamOf("x").All(),
	`$(params["a.b"][*])`:             ParamOf("a.b").All(),
	"$(params.x[12])":                 ParamOf("x").At(12),
	"$(params.x.key)":                 ParamOf("x").WithKey("key"),
	"$(tasks.t.results.r)":            TaskResultOf("t", "r"),
	"$(tasks.t.results.r[*])":         TaskResultOf("t", "r").All(),
	"$(tasks.t.results.r[0])":         TaskResultOf("t", "r").At(0),
	"$(tasks.t.results.r.k)":          TaskResultOf("t", "r").WithKey("k"),
	"$(finally.t.results.r)":          FinallyResultOf("t", "r"),
	"$(tasks.t.status)":               TaskStatusOf("t"),
	"$(tasks.t.reason)":               TaskReasonOf("t"),
	"$(tasks.status)":                 StatusOfTasks(),
	"$(tasks.t.matrix.length)":        MatrixLengthOf("t"),
	"$(context.pipelineRun.name)":     ContextOf("pipelineRun", "name"),
	"$(context.task.retry-count)":     ContextOf("task", "retry-count"),
	"$(workspaces.w.path)":            WorkspaceOf("w", "path"),
	"$(workspaces.a.b.bound)":         WorkspaceOf("a.b", "bound"),
	"$(results.r.path)":               ResultPathOf("r"),
	"$(results.a.b.path)":             ResultPathOf("a.b"),
	"$(step.results.r.path)":          StepResultPathOf("r"),
	"$(steps.s.results.r)":            StepResultOf("s", "r"),
	"$(steps.s.results.r[*])":         StepResultOf("s", "r").All(),
	"$(tt.params.x)":                  EventOf("x"),
	"$(tt.params.git-repository.url)": EventOf("git-repository.url"),
}

// TestRoundTrip tests that Scan finds and Parse returns each variable in written.
func TestRoundTrip(t *testing.T) {
	for want, v := range written {
		assert.Equal(t, want, v.String())
		assert.Empty(t, v.Fault, want)
		var found []Match
		for m := range Scan("a " + want + " b") {
			found = append(found, m)
		}
		assert.Equal(t, []Match{{Start: 2, End: 2 + len(want), Expr: v.Expr}}, found)
		assert.Equal(t, v, Parse(v.Expr))
	}
}

func TestScanBinding(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"plain":                         "",
		"$(body.a)-$(header.B)":         "body.a | header.B",
		"$$(body.a)":                    "body.a",
		"$(body.a[?(@.b==1)].c)":        "body.a[?(@.b==1)].c",
		"$(body.a":                      "body.a/open",
		"$(body.a(b)":                   "body.a(b)/open",
		"$(a $(body.b))":                "a /open/next | body.b",
		"$(a $(body.b":                  "a /open/next | body.b/open",
		"$(":                            "/open",
		"$()":                           "",
		"$(params.x and more) and more": "params.x and more",
	} {
		var got []string
		for m := range ScanBinding(in) {
			s := m.Expr
			if m.Open {
				s += "/open"
			}
			if m.Open && m.End < len(in) {
				s += "/next"
			}
			assert.Equal(t, in[m.Start:m.End], m.String())
			got = append(got, s)
		}
		assert.Equal(t, want, strings.Join(got, " | "), "%q", in)
	}
}

// TestStop tests that the iterators can be stopped at each kind of match.
func TestStop(t *testing.T) {
	for _, s := range []string{"$(a)$(b)", "$(a$(b)", "$(a", "$(a)"} {
		for range Scan(s) {
			break
		}
		for range ScanBinding(s) {
			break
		}
	}
}

func TestReplace(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "a$(x)b$(y)c": "a<x>b<y>c", "$(a$(b))": "$(a<b>)", "$(a b": "$(a b", "$$(a)": "$<a>",
	} {
		assert.Equal(t, want, Replace(in, func(m Match) string {
			if m.Open {
				return m.String()
			}
			return "<" + m.Expr + ">"
		}), in)
	}
}

func TestTemplateParams(t *testing.T) {
	assert.Nil(t, TemplateParams(`{"a":"$(params.x)$(uid)$(tt.params.y"}`))
	assert.Equal(t, []string{"b", "a.c"}, TemplateParams(`{"a":"$(tt.params.b)$(tt.params.a.c)","b":"$(x $(tt.params.b))"}`))
}

func TestIsTemplateParam(t *testing.T) {
	for name, want := range map[string]bool{"a": true, "_a": true, "a.b-c_9": true, "": false, "9a": false, "-a": false, ".a": false, "a b": false, "ü": false} {
		assert.Equal(t, want, IsTemplateParam(name), name)
	}
}

func TestLooksLikeVariable(t *testing.T) {
	for expr, want := range map[string]bool{"a": true, "a.b-c": true, "a[*]": true, "a[3]": true, "a[x]": false, "a b": false, "": false, "[*]": false} {
		assert.Equal(t, want, LooksLikeVariable(expr), expr)
	}
}

// FuzzVariable scans, parses and replaces the variables in arbitrary texts.
func FuzzVariable(f *testing.F) {
	for s := range written {
		f.Add(s)
	}
	for _, s := range []string{"", "$(", "$()", "$$(a)", "$(a $(b))", "$( params.x )", "$(params['a'].b[0])", "$(tasks.t.results['r'])", "$(prams.x)", "$(body.a[?(@.b==1)])"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for m := range Scan(s) {
			if m.Start < end || m.End > len(s) || s[m.Start:m.End] != m.String() {
				t.Fatalf("%+v in %q behind %d", m, s, end)
			}
			if m.Escaped != (m.Start > 0 && s[m.Start-1] == '$') {
				t.Errorf("%+v in %q", m, s)
			}
			end = m.End
			v := Parse(m.Expr)
			again := slices.Collect(Scan(v.String()))
			if len(again) != 1 || again[0].Open || Parse(again[0].Expr) != v {
				t.Errorf("%+v is found again as %+v", v, again)
			}
			if v.Kind == None && v.Fault != "" {
				t.Errorf("nothing with a fault: %+v", v)
			}
			if x, ok := Misspelled(m.Expr); ok && Parse(x.Fix).Kind != x.Kind {
				t.Errorf("%q means %+v", m.Expr, x)
			}
		}
		end = 0
		for m := range ScanBinding(s) {
			if m.Start < end || m.End > len(s) || s[m.Start:m.End] != m.String() {
				t.Fatalf("%+v in binding %q behind %d", m, s, end)
			}
			end = m.End
		}
		if got := Replace(s, Match.String); got != s {
			t.Errorf("%q became %q", s, got)
		}
		Parse(s)
		Misspelled(s)
	})
}
