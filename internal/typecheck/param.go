package typecheck

import (
	"reflect"
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// param checks the value of a param. Tekton accepts any value, but silently turns
// a list or map that contains anything but strings into one string of JSON.
func (c *checker) param(slot **yamlread.Node) {
	n := *slot
	switch n.Kind {
	case yamlread.Number, yamlread.Bool:
		if n.Written != n.Text {
			c.fault(Fault{What: Value, Warning: true, Subject: n.Written, Mark: n.Mark,
				Message: "Tekton reads " + n.Written + " as the string " + strconv.Quote(n.Text),
				Help:    "quote it: " + strconv.Quote(n.Written), Fix: quote(n, false)})
		}
		return
	case yamlread.String:
		return
	case yamlread.Map:
		c.twice(n, nil)
	}
	for i, item := range n.Items {
		if item.Kind == yamlread.String || item.Kind == yamlread.Null {
			continue
		}
		before := len(c.path)
		what := "the whole list"
		if n.Kind == yamlread.Map {
			what = "the whole value"
			c.key(n.Keys[i].Name)
		} else {
			c.index(i)
		}
		help := "use a string, a list of strings, or a map of strings"
		var fix *Fix
		if len(item.Items) == 0 && item.Written != "" {
			help = "quote it: " + strconv.Quote(item.Written)
			fix = quote(item, false)
		}
		text := asText(slot)
		if len(text) > 60 {
			text = text[:60] + "..."
		}
		c.fault(Fault{What: Value, Warning: true, Subject: item.Written, Mark: item.Mark,
			Message: describe(item) + ", so Tekton reads " + what + " as the string " + text, Help: help, Fix: fix})
		c.path = c.path[:before]
		return
	}
}

// asText replaces a list or a map by the text that Tekton reads, its JSON.
func asText(slot **yamlread.Node) string {
	out := **slot
	out.Text = string(out.AppendJSON(nil))
	out.Kind, out.Items, out.Keys = yamlread.String, nil, nil
	*slot = &out
	return out.Text
}

// declaresParam reports whether a struct is the declaration of a param.
func declaresParam(s *shape.Type) bool {
	return s.Go == reflect.TypeFor[v1.ParamSpec]() || s.Go == reflect.TypeFor[v1beta1.ParamSpec]()
}

// declaration makes the default of a param that is declared with type: string a text. A
// list or a map of anything but strings is meant as JSON there.
func declaration(n *yamlread.Node) {
	typ := n.Get("type")
	if typ == nil || typ.Text != "string" {
		return
	}
	for i, k := range n.Keys {
		item := n.Items[i]
		if k.Name == "default" && (item.Kind == yamlread.List || item.Kind == yamlread.Map) && hasOthers(item) {
			asText(&n.Items[i])
		}
	}
}

// hasOthers reports whether a list or a map has items that are not strings.
func hasOthers(n *yamlread.Node) bool {
	for _, item := range n.Items {
		if item.Kind != yamlread.String && item.Kind != yamlread.Null {
			return true
		}
	}
	return false
}
