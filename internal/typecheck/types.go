package typecheck

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// fits reports whether a value that is not null is one that the type takes.
func fits(n *yamlread.Node, s *shape.Type) bool {
	switch s.Class {
	case shape.Bool:
		return n.Kind == yamlread.Bool
	case shape.Int:
		if n.Kind != yamlread.Number {
			return false
		}
		if s.Go.Kind() >= reflect.Uint {
			_, err := strconv.ParseUint(n.Text, 10, s.Go.Bits())
			return err == nil
		}
		_, err := strconv.ParseInt(n.Text, 10, s.Go.Bits())
		return err == nil
	case shape.Float:
		return n.Kind == yamlread.Number
	case shape.Bytes:
		if n.Kind != yamlread.String {
			return false
		}
		_, err := base64.StdEncoding.DecodeString(n.Text)
		return err == nil
	}
	return read(n, reflect.New(s.Go).Interface()) == nil
}

// takes says what a value of the shape is, and how to write one.
func takes(s *shape.Type) (what, help string) {
	switch s.Class {
	case shape.Text:
		return "a text", ""
	case shape.Bool:
		return "a boolean", "write true or false, without quotes"
	case shape.Int:
		if s.Go.Bits() == 64 {
			return "a whole number", "write it without quotes"
		}
		return fmt.Sprintf("a whole number of %d bits", s.Go.Bits()), "write it without quotes"
	case shape.Float:
		return "a number", "write it without quotes"
	case shape.Bytes:
		return "base64", "encode it: base64 -w0; a Secret takes plain text in stringData"
	case shape.List:
		return "a list", `begin each item with "- "`
	case shape.Map, shape.Struct:
		return "a map", `write "key: value" in the lines below, indented`
	}
	switch s.Go {
	case reflect.TypeFor[metav1.Duration]():
		return "a duration", "write hours, minutes and seconds with their letters: 1h30m, 90s"
	case reflect.TypeFor[resource.Quantity]():
		return "a quantity", "write a number with a unit of Kubernetes: 500m, 1.5, 256Mi, 10Gi"
	case reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.MicroTime](), reflect.TypeFor[apis.VolatileTime]():
		return "a time", "write it as 2006-01-02T15:04:05Z"
	case reflect.TypeFor[intstr.IntOrString]():
		return "a whole number or a text", ""
	case reflect.TypeFor[apis.URL]():
		return "a URL", ""
	}
	return "another kind of value", ""
}

// wrong reports a value that does not fit, and puts into its slot what was
// likely meant.
func (c *checker) wrong(slot **yamlread.Node, s *shape.Type) {
	n := *slot
	what, help := takes(s)
	message := strconv.Quote(c.last()) + " takes " + what + ", and " + describe(n)
	meant := mended(n, s)
	switch {
	case s.Class == shape.Text && (n.Kind == yamlread.Number || n.Kind == yamlread.Bool):
		help = "quote it: " + strconv.Quote(n.Written)
	case s.Class == shape.Text && n.Kind == yamlread.List:
		help = "write one text, without the list"
	case s.Class == shape.Int && n.Kind == yamlread.Number:
		help = "write a whole number that fits"
	case s.Class == shape.Own && n.Kind == yamlread.String && tekref.Contains(n.Text):
		message = strconv.Quote(c.last()) + " takes " + what + ", and no reference such as " + strconv.Quote(n.Text)
	case s.Go == reflect.TypeFor[metav1.Duration]() && n.Kind == yamlread.Number:
		help = "say of what: " + strconv.Quote(n.Written+"s")
	case s.Class == shape.List && meant != nil && n.Kind != yamlread.Map:
		help = "make it a list of one: [" + oneLine(n) + "]"
	}
	c.fault(Fault{What: Type, Subject: c.last(), Mark: n.Mark, Message: message, Help: help})
	if meant == nil {
		c.lose(slot)
		return
	}
	*slot = meant
	if s.Class == shape.List {
		c.list(meant, s)
	}
}

// mended is what was likely meant by a value that does not fit, nil if nobody
// knows.
func mended(n *yamlread.Node, s *shape.Type) *yamlread.Node {
	scalar := n.Kind == yamlread.Number || n.Kind == yamlread.Bool
	switch {
	case s.Class == shape.Text && scalar:
		out := *n
		out.Kind, out.Text = yamlread.String, n.Written
		return &out
	case s.Class == shape.Bool && n.Kind == yamlread.String && (n.Text == "true" || n.Text == "false"):
		out := *n
		out.Kind, out.Written = yamlread.Bool, n.Text
		return &out
	case s.Class == shape.Int && n.Kind == yamlread.String:
		out := *n
		out.Kind, out.Written = yamlread.Number, n.Text
		if i, err := strconv.Atoi(n.Text); err == nil && strconv.Itoa(i) == n.Text && fits(&out, s) {
			return &out
		}
	case s.Class == shape.List && n.Kind == yamlread.String && s.Elem().Class == shape.Text,
		s.Class == shape.List && n.Kind == yamlread.Map && s.Elem().Class == shape.Struct && hasAll(s.Elem(), n):
		return &yamlread.Node{Kind: yamlread.List, Mark: n.Mark, Items: []*yamlread.Node{n}}
	case s.Go == reflect.TypeFor[metav1.Duration]() && n.Kind == yamlread.Number:
		if d, err := time.ParseDuration(n.Text + "s"); err == nil {
			return &yamlread.Node{Kind: yamlread.String, Mark: n.Mark, Text: d.String()}
		}
	}
	return nil
}

// hasAll reports whether all keys of a map are fields of the struct.
func hasAll(s *shape.Type, n *yamlread.Node) bool {
	for _, k := range n.Keys {
		if s.Field(k.Name) == nil {
			return false
		}
	}
	return true
}

// describe says of a value what it is.
func describe(n *yamlread.Node) string {
	switch {
	case n.Kind == yamlread.Bool || n.Kind == yamlread.Number:
		if n.Written != n.Text { // YAML 1.1 has its own mind
			return n.Written + " is the " + strings.TrimPrefix(n.Kind.String(), "a ") + " " + n.Text
		}
		return n.Written + " is " + n.Kind.String()
	case n.Kind == yamlread.String && len(n.Text) <= 40:
		return strconv.Quote(n.Text) + " is a text"
	}
	return "this is " + n.Kind.String()
}

// oneLine is a text in quotes, if it is a short one.
func oneLine(n *yamlread.Node) string {
	if n.Kind == yamlread.String && len(n.Text) <= 40 {
		return strconv.Quote(n.Text)
	}
	return "..."
}

// last is the last step of the path, as a person calls it.
func (c *checker) last() string {
	if c.spelt != "" {
		return c.spelt
	}
	i := len(c.path) - 1
	if i >= 0 && c.path[i].Kind == diag.KeySegment {
		return c.path[i].Name
	}
	for i > 0 && c.path[i].Kind != diag.FieldSegment {
		i--
	}
	return diag.NewPath(c.path[max(i, 0):]...).String()
}
