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

// fits reports whether the type accepts a value that is not null.
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

// takes describes a value of the shape, and how to write one.
func takes(s *shape.Type) (what, help string) {
	switch s.Class {
	case shape.Text:
		return "a string", ""
	case shape.Bool:
		return "a boolean", "write true or false, without quotes"
	case shape.Int:
		if s.Go.Bits() == 64 {
			return "an integer", "write it without quotes"
		}
		if s.Go.Bits() == 8 {
			return "an 8-bit integer", "write it without quotes"
		}
		return fmt.Sprintf("a %d-bit integer", s.Go.Bits()), "write it without quotes"
	case shape.Float:
		return "a number", "write it without quotes"
	case shape.Bytes:
		return "base64", "encode it with base64 -w0; in a Secret, stringData accepts plain text"
	case shape.List:
		return "a list", `begin each item with "- "`
	case shape.Map, shape.Struct:
		return "a map", `write indented "key: value" lines below it`
	}
	switch s.Go {
	case reflect.TypeFor[metav1.Duration]():
		return "a duration", "use hours, minutes and seconds with units: 1h30m, 90s"
	case reflect.TypeFor[resource.Quantity]():
		return "a quantity", "use a number with an optional unit: 500m, 1.5, 256Mi, 10Gi"
	case reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.MicroTime](), reflect.TypeFor[apis.VolatileTime]():
		return "a time", "use the format 2006-01-02T15:04:05Z"
	case reflect.TypeFor[intstr.IntOrString]():
		return "an integer or a string", ""
	case reflect.TypeFor[apis.URL]():
		return "a URL", ""
	}
	return "a value of another type", ""
}

// wrong reports a value of the wrong type, and replaces it by what was probably
// meant.
func (c *checker) wrong(slot **yamlread.Node, s *shape.Type) {
	n := *slot
	what, help := takes(s)
	message := strconv.Quote(c.last()) + " must be " + what + notA(s, n)
	meant := mended(n, s)
	switch {
	case s.Class == shape.Text && (n.Kind == yamlread.Number || n.Kind == yamlread.Bool):
		help = "quote it: " + strconv.Quote(n.Written)
	case s.Class == shape.Text && n.Kind == yamlread.List:
		help = "write a single string instead of a list"
	case s.Class == shape.Int && n.Kind == yamlread.Number:
		message = strconv.Quote(c.last()) + " must be " + what + ", not " + n.Written
		help = "write a whole number in the valid range"
	case s.Class == shape.Custom && n.Kind == yamlread.String && tekref.Contains(n.Text):
		message = strconv.Quote(c.last()) + " must be " + what + " and cannot contain the variable " + strconv.Quote(n.Text)
	case s.Go == reflect.TypeFor[metav1.Duration]() && n.Kind == yamlread.Number:
		help = "add a unit: " + strconv.Quote(n.Written+"s")
	case s.Class == shape.List && meant != nil && n.Kind != yamlread.Map:
		help = "write a list of one item: [" + oneLine(n) + "]"
	}
	c.fault(Fault{What: Type, Subject: c.last(), Mark: n.Mark, Message: message, Help: help, Fix: requoted(n, meant, s)})
	if meant == nil {
		c.lose(slot)
		return
	}
	*slot = meant
	if s.Class == shape.List {
		c.list(meant, s)
	}
}

// mended returns what was probably meant by a value of the wrong type, nil if that
// is not clear.
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

// notA returns the end of a message about a value of the wrong type.
func notA(s *shape.Type, n *yamlread.Node) string {
	switch {
	case n.Kind != yamlread.String:
	case s.Class == shape.Bytes: // it may be a secret
		return ", but its value is not"
	case s.Class == shape.Custom && len(n.Text) <= 40:
		return ", but " + strconv.Quote(n.Text) + " is not one"
	}
	if d, ok := strings.CutPrefix(describe(n), "this is "); ok {
		return ", not " + d
	}
	return ", but " + describe(n)
}

// describe returns a clause that says what a value is.
func describe(n *yamlread.Node) string {
	switch {
	case n.Kind == yamlread.Bool || n.Kind == yamlread.Number:
		if n.Written != n.Text { // YAML 1.1 reads it differently
			return "YAML reads the unquoted " + n.Written + " as the " + strings.TrimPrefix(n.Kind.String(), "a ") + " " + n.Text
		}
		return n.Written + " is " + n.Kind.String()
	case n.Kind == yamlread.String && len(n.Text) <= 40:
		return strconv.Quote(n.Text) + " is a string"
	}
	return "this is " + n.Kind.String()
}

// oneLine returns a short string in quotes.
func oneLine(n *yamlread.Node) string {
	if n.Kind == yamlread.String && len(n.Text) <= 40 {
		return strconv.Quote(n.Text)
	}
	return "..."
}

// last returns the last element of the path, for messages.
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
