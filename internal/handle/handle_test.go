package handle

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParse(t *testing.T) {
	a := Token{Owner: NewOwner(Pipeline, "p"), Form: Value, Expr: "params.a"}
	b := Token{Owner: NewOwner(Task, "t"), Form: All, Expr: `params["b.c"][*]`}
	for _, c := range []struct {
		text  string
		parts []Part
		fault Fault
		strip string
	}{
		{text: ""},
		{text: "plain $(params.x)", parts: []Part{{Text: "plain $(params.x)"}}, strip: "plain $(params.x)"},
		{text: Empty},
		{text: "x" + Empty + "y", parts: []Part{{Text: "x"}, {Text: "y"}}, strip: "xy"},
		{text: a.String(), parts: []Part{{Token: &a}}, strip: "$(params.a)"},
		{text: a.String() + b.String(), parts: []Part{{Token: &a}, {Token: &b}}, strip: `$(params.a)$(params["b.c"][*])`},
		{text: "x" + a.String() + ")", parts: []Part{{Text: "x"}, {Token: &a}, {Text: ")"}}, strip: "x$(params.a))"},
		{text: fmt.Sprintf("<%s>", a), parts: []Part{{Text: "<"}, {Token: &a}, {Text: ">"}}, strip: "<$(params.a)>"},
		{text: fmt.Sprintf("%q", a), fault: Quoted, strip: Broken},
		{text: "\xff", fault: NotUTF8, strip: Broken},
		{text: a.String()[:3], fault: NotUTF8, strip: Broken},
		{text: a.String()[:9], fault: Cut, strip: Broken},
		{text: a.String()[3:], fault: Cut, strip: Broken},
		{text: strings.TrimSuffix(a.String(), ")"), fault: Cut, strip: Broken},
		{text: strings.TrimPrefix(a.String(), "$("), fault: Cut, strip: Broken},
		{text: mark, fault: Cut, strip: Broken},
		{text: "$(" + mark + "x" + mark + "y)", fault: Cut, strip: Broken},
		{text: "$(" + mark + "pv!:n" + mark + "y)", fault: Cut, strip: Broken},
	} {
		t.Run(c.text, func(t *testing.T) {
			parts, fault := Parse(c.text)
			assert.Equal(t, c.parts, parts)
			assert.Equal(t, c.fault, fault)
			assert.Equal(t, c.strip, Strip(c.text))
		})
	}
}

func TestSingle(t *testing.T) {
	a := Token{Owner: NewOwner(Event, "e"), Form: Value, Expr: "tt.params.x"}
	got, ok := Single(a.String())
	assert.True(t, ok)
	assert.Equal(t, a, got)
	for _, s := range []string{"", "x", Empty, a.String() + "x", a.String() + a.String(), a.String()[1:]} {
		_, ok := Single(s)
		assert.False(t, ok, "%q", s)
	}
}

func TestOwners(t *testing.T) {
	first := NewOwner(Pipeline, "p")
	assert.NotEqual(t, first, NewOwner(Pipeline, "p"))
	for _, m := range []Mistake{Reported, AllOfList, NoItem, NoKey, NoField} {
		bad := Token{Owner: NewOwner(Event, "e"), Form: Bad, Mistake: m, Expr: "x"}
		got, ok := Single(bad.String())
		assert.True(t, ok)
		assert.Equal(t, bad, got)
	}
	odd := Token{Owner: NewOwner(Pipeline, "a:"+mark+"\xff)b"), Form: Value, Expr: "x)y"}
	got, ok := Single(odd.String())
	assert.True(t, ok)
	assert.Equal(t, odd.Owner, got.Owner)
	assert.Equal(t, "xy", got.Expr)
}

// FuzzParse parses arbitrary texts, and tokens in arbitrary texts.
func FuzzParse(f *testing.F) {
	a := Token{Owner: NewOwner(Pipeline, "p"), Form: Value, Expr: "params.a"}.String()
	for _, s := range []string{"", "x", a, a[:4], a[5:], fmt.Sprintf("%q", a), Empty, mark, "\xf3\xb0", "$(" + mark + "pv1:" + mark + ")"} {
		f.Add(s, s, "params.a", 3)
	}
	f.Fuzz(func(t *testing.T, text, name, expr string, cut int) {
		strip := func(s string) {
			parts, fault := Parse(s)
			if fault != NoFault && parts != nil {
				t.Errorf("parts of a text with fault %q: %v", fault, parts)
			}
			if out := Strip(s); HasMark(out) || Plain(s) && out != s || Strip(out) != out {
				t.Errorf("Strip(%q) = %q", s, out)
			}
			if _, ok := Single(s); ok && len(parts) != 1 {
				t.Errorf("Single(%q) of %d parts", s, len(parts))
			}
		}
		strip(text)

		tok := Token{Owner: NewOwner(Task, name), Form: All, Expr: expr}
		s := tok.String()
		strip(s)
		got, ok := Single(s)
		if !ok || got.Owner != tok.Owner || got.Form != tok.Form || Plain(expr) && got.Expr != strings.ReplaceAll(expr, ")", "") {
			t.Errorf("%+v became %+v", tok, got)
		}
		if Plain(text) {
			if got, fault := Parse(text + s + text); fault != NoFault {
				t.Errorf("%q around a token: %v %v", text, got, fault)
			}
		}
		if cut >= 0 && cut <= len(s) {
			strip(s[:cut])
			strip(s[cut:])
			strip(s[cut:] + s[:cut])
		}
	})
}
