package typecheck

import (
	"strconv"

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
				Help:    "quote it: " + strconv.Quote(n.Written)})
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
		if len(item.Items) == 0 && item.Written != "" {
			help = "quote it: " + strconv.Quote(item.Written)
		}
		json := string(n.AppendJSON(nil))
		if len(json) > 60 {
			json = json[:60] + "..."
		}
		c.fault(Fault{What: Value, Subject: item.Written, Mark: item.Mark,
			Message: describe(item) + ", so Tekton reads " + what + " as the string " + json, Help: help})
		c.path = c.path[:before]
		c.texts(slot, i)
		return
	}
}

// texts converts the items of a list or map to strings, starting at one of them.
func (c *checker) texts(slot **yamlread.Node, from int) {
	n := *slot
	for i := from; i < len(n.Items); i++ {
		switch item := n.Items[i]; item.Kind {
		case yamlread.Number, yamlread.Bool:
			out := *item
			out.Kind, out.Text = yamlread.String, item.Written
			n.Items[i] = &out
		case yamlread.List, yamlread.Map:
			c.lose(slot)
			return
		}
	}
}
