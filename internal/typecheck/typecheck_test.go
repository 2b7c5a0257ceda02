package typecheck

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"knative.dev/pkg/apis"
)

// Inner is a struct that another one embeds.
type Inner struct {
	Hidden string `json:"text,omitempty"`
	Shared int64  `json:"shared,omitempty"`
}

// everything has a field of each class.
type everything struct {
	Inner
	Text     string                `json:"text"`
	Bool     *bool                 `json:"bool"`
	Small    int8                  `json:"small"`
	Unsigned uint16                `json:"unsigned"`
	Wide     int64                 `json:"wide"`
	Float    float32               `json:"float"`
	Bytes    []byte                `json:"bytes"`
	List     []string              `json:"list"`
	Free     map[string]string     `json:"free"`
	Self     *everything           `json:"self"`
	Raw      runtime.RawExtension  `json:"raw"`
	Any      any                   `json:"any"`
	Param    pipelinev1.ParamValue `json:"param"`
	Quantity resource.Quantity     `json:"quantity"`
	Duration metav1.Duration       `json:"duration"`
	Time     metav1.Time           `json:"time"`
	Port     intstr.IntOrString    `json:"port"`
	URL      apis.URL              `json:"url"`
	Untagged string
	Left     struct {
		Below string `json:"below"`
		Only  string `json:"onlyLeft"`
	} `json:"left"`
	Right struct {
		Below string `json:"below"`
	} `json:"right"`
	Ignored string `json:"-"`
}

// TestCheck holds one value after the other against the struct: what is said,
// and what is left of the value.
func TestCheck(t *testing.T) {
	for _, c := range []struct{ in, said, left string }{
		{`{text: a, bool: true, small: 127, unsigned: 65535, wide: -1, float: 1.5, list: [a], free: {k: v}, self: {shared: 1}, Untagged: a}`, "", ""},
		{`{raw: {a: [1, {b: c}]}, any: [1], param: [a], quantity: 1Gi, duration: 1h30m, time: "2006-01-02T15:04:05Z", port: 80, url: "http://a/b"}`, "", ""},
		{`{quantity: 1, port: http, bytes: aGk=, float: 1, text: ~, list: ~, self: ~}`, "", ""},
		{`{small: 128}`, `small: "small" takes a whole number of 8 bits, and 128 is a number`, `{"small":null}`},
		{`{unsigned: -1}`, `unsigned: "unsigned" takes a whole number of 16 bits, and -1 is a number`, `{"unsigned":null}`},
		{`{unsigned: "1"}`, `unsigned: "unsigned" takes a whole number of 16 bits, and "1" is a text`, `{"unsigned":1}`},
		{`{wide: 1.5}`, `wide: "wide" takes a whole number, and 1.5 is a number`, `{"wide":null}`},
		{`{float: a}`, `float: "float" takes a number, and "a" is a text`, `{"float":null}`},
		{`{bytes: 5}`, `bytes: "bytes" takes base64, and 5 is a number`, `{"bytes":null}`},
		{`{bool: "true"}`, `bool: "bool" takes a boolean, and "true" is a text`, `{"bool":true}`},
		{`{bool: [x]}`, `bool: "bool" takes a boolean, and this is a list`, `{"bool":null}`},
		{`{text: yes}`, `text: "text" takes a text, and yes is the boolean true`, `{"text":"yes"}`},
		{`{free: [a]}`, `free: "free" takes a map, and this is a list`, `{"free":null}`},
		{`{free: {a.b: 1}}`, `free["a.b"]: "a.b" takes a text, and 1 is a number`, `{"free":{"a.b":"1"}}`},
		{`{free: {n: 1, y: b, "no": c, 2: d}}`, `free["false"]: YAML 1.1 does not take the key n for a text, and reads it as "false"; ` +
			`free["true"]: YAML 1.1 does not take the key y for a text, and reads it as "true"; ` +
			`free["false"]: "n" takes a text, and 1 is a number`, `{"free":{"2":"d","false":"1","no":"c","true":"b"}}`},
		{`{on: a}`, `true: there is no field "true" in the object itself: YAML 1.1 reads the key on so, if it is not quoted`, `{}`},
		{`{list: a}`, `list: "list" takes a list, and "a" is a text`, `{"list":["a"]}`},
		{`{list: [~, 1]}`, `list[0]: an item of the list is empty; list[1]: "list[1]" takes a text, and 1 is a number`, `{"list":[null,"1"]}`},
		{`{self: 5}`, `self: "self" takes a map, and 5 is a number`, `{"self":null}`},
		{`{quantity: 1 GB}`, `quantity: "quantity" takes a quantity, and "1 GB" is a text`, `{"quantity":null}`},
		{`{duration: 5}`, `duration: "duration" takes a duration, and 5 is a number`, `{"duration":"5s"}`},
		{`{duration: "$(params.a)"}`, `duration: "duration" takes a duration, and no reference such as "$(params.a)"`, `{"duration":null}`},
		{`{time: today}`, `time: "time" takes a time, and "today" is a text`, `{"time":null}`},
		{`{port: [80]}`, `port: "port" takes a whole number or a text, and this is a list`, `{"port":null}`},
		{`{url: 5}`, `url: "url" takes a URL, and 5 is a number`, `{"url":null}`},
		{`{raw: {a: 1, a: 2}}`, `raw.a: the key "a" stands twice here, and only the last one counts`, `{"raw":{"a":2}}`},
		{`{any: [{a.b: {c: 1, c: 2}}]}`, `any[0]["a.b"].c: the key "c" stands twice here, and only the last one counts`, `{"any":[{"a.b":{"c":2}}]}`},
		{`{self: {text: 1}, any: 1, free: {a: &a 1, b: *a}}`, `self.text: "text" takes a text, and 1 is a number; free["a"]: "a" takes a text, and 1 is a number`,
			`{"self":{"text":"1"},"any":1,"free":{"a":"1","b":"1"}}`},
		{`{param: [a, [b]]}`, `param[1]: this is a list, so Tekton takes the whole list for one text: "[\"a\",[\"b\"]]"`, `{"param":null}`},
		{`{param: {a: 1, b: yes}}`, `param["a"]: 1 is a number, so Tekton takes the whole map for one text: "{\"a\":1,\"b\":true}"`, `{"param":{"a":"1","b":"yes"}}`},
		{`{param: 1.10}`, `param: Tekton takes 1.10 for the text "1.1"`, `{"param":1.1}`},
		{`{untagged: a}`, `untagged: there is no field "untagged" in the object itself`, `{"Untagged":"a"}`},
		{`{txt: a}`, `txt: there is no field "txt" in the object itself`, `{"text":"a"}`},
		{`{boll: {}}`, `boll: there is no field "boll" in the object itself`, `{}`},
		{`{wid: a, smal: 5}`, `wid: there is no field "wid" in the object itself; smal: there is no field "smal" in the object itself`, `{"small":5}`},
		{`{lists: [a], fre: {a: b}, slef: {}, aram: 5}`, `lists: there is no field "lists" in the object itself; fre: there is no field "fre" in the object itself; ` +
			`slef: there is no field "slef" in the object itself; aram: there is no field "aram" in the object itself`, `{"list":["a"],"free":{"a":"b"},"self":{},"param":5}`},
		{`{text: a, Text: b}`, `Text: there is no field "Text" in the object itself`, `{"text":"a"}`},
		{`{below: a}`, `below: there is no field "below" in the object itself`, `{}`},
		{`{onlyLeft: a}`, `onlyLeft: there is no field "onlyLeft" in the object itself`, `{}`},
		{`{left: {text: a}}`, `left.text: there is no field "text" in left`, `{"left":{}}`},
		{`{self: {left: {list: a}}}`, `self.left.list: there is no field "list" in self.left`, `{"self":{"left":{}}}`},
		{`{-: a}`, `["-"]: there is no field "-" in the object itself`, `{}`},
		{`a`, `: "" takes a map, and "a" is a text`, `{}`},
	} {
		docs := documents(c.in)
		require.Len(t, docs, 1, c.in)
		require.Nil(t, docs[0].Problem, c.in)
		before := string(docs[0].Root.AppendJSON(nil))
		var said []string
		for _, f := range Check(docs[0].Root, reflect.TypeFor[everything](), true).Faults {
			said = append(said, f.Path.String()+": "+f.Message)
		}
		assert.Equal(t, c.said, strings.Join(said, "; "), c.in)
		if c.left == "" {
			c.left = before
		}
		if c.in != "a" {
			assert.JSONEq(t, c.left, string(docs[0].Root.AppendJSON(nil)), c.in)
		}
	}
}

// TestHelp says where a key belongs, and what is lost by it.
func TestHelp(t *testing.T) {
	for in, want := range map[string]string{
		`{onlyLeft: a}`:          `it belongs into "left", a level below [left.onlyLeft]`,
		`{below: a}`:             " []",
		`{left: {text: a}}`:      "it belongs to the object itself: indent it less [text]",
		`{left: {onlyLefd: a}}`:  `did you mean "onlyLeft"? []`,
		`{left: {ONLYLEFT: a}}`:  `did you mean "onlyLeft"? upper and lower case count []`,
		`{left: {whatever: a}}`:  "there are: below, onlyLeft []",
		`{boll: {}}`:             `did you mean "bool"? [bool]`,
		`{self: {left: {l: 1}}}`: "there are: below, onlyLeft []",
		`{duration: 5}`:          `say of what: "5s" []`,
		`{list: {}}`:             `begin each item with "- " [list]`,
		`{list: a}`:              `make it a list of one: ["a"] []`,
	} {
		docs := documents(in)
		r := Check(docs[0].Root, reflect.TypeFor[everything](), false)
		require.NotEmpty(t, r.Faults, in)
		assert.Equal(t, want, r.Faults[0].Help+" "+fmt.Sprint(r.Lost), in)
	}
}

func TestLoose(t *testing.T) {
	root := documents("a: {b: 1, b: 2}\nc: [{d.e: 1, d.e: 2}]\n")[0].Root
	var paths []string
	for _, f := range Loose(root).Faults {
		paths = append(paths, f.Path.String())
	}
	assert.Equal(t, []string{"a.b", `c[0]["d.e"]`}, paths)
}
