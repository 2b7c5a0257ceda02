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

// TestCheck tests the messages and the corrected values.
func TestCheck(t *testing.T) {
	for _, c := range []struct{ in, said, left string }{
		{`{text: a, bool: true, small: 127, unsigned: 65535, wide: -1, float: 1.5, list: [a], free: {k: v}, self: {shared: 1}, Untagged: a}`, "", ""},
		{`{raw: {a: [1, {b: c}]}, any: [1], param: [a], quantity: 1Gi, duration: 1h30m, time: "2006-01-02T15:04:05Z", port: 80, url: "http://a/b"}`, "", ""},
		{`{quantity: 1, port: http, bytes: aGk=, float: 1, text: ~, list: ~, self: ~}`, "", ""},
		{`{small: 128}`, `small: "small" must be an 8-bit integer, not 128`, `{"small":null}`},
		{`{unsigned: -1}`, `unsigned: "unsigned" must be a 16-bit integer, not -1`, `{"unsigned":null}`},
		{`{unsigned: "1"}`, `unsigned: "unsigned" must be a 16-bit integer, but "1" is a string`, `{"unsigned":1}`},
		{`{wide: 1.5}`, `wide: "wide" must be an integer, not 1.5`, `{"wide":null}`},
		{`{float: a}`, `float: "float" must be a number, but "a" is a string`, `{"float":null}`},
		{`{bytes: 5}`, `bytes: "bytes" must be base64, but 5 is a number`, `{"bytes":null}`},
		{`{bool: "true"}`, `bool: "bool" must be a boolean, but "true" is a string`, `{"bool":true}`},
		{`{bool: [x]}`, `bool: "bool" must be a boolean, not a list`, `{"bool":null}`},
		{`{text: yes}`, `text: "text" must be a string, but YAML reads the unquoted yes as the boolean true`, `{"text":"yes"}`},
		{`{free: [a]}`, `free: "free" must be a map, not a list`, `{"free":null}`},
		{`{free: {a.b: 1}}`, `free["a.b"]: "a.b" must be a string, but 1 is a number`, `{"free":{"a.b":"1"}}`},
		{`{free: {n: 1, y: b, "no": c, 2: d}}`, `free["false"]: YAML 1.1 reads the unquoted key n as "false"; ` +
			`free["true"]: YAML 1.1 reads the unquoted key y as "true"; ` +
			`free["false"]: "n" must be a string, but 1 is a number`, `{"free":{"2":"d","false":"1","no":"c","true":"b"}}`},
		{`{on: a}`, `true: unknown field "true" at the top level: YAML 1.1 reads the unquoted key on as "true"`, `{}`},
		{`{list: a}`, `list: "list" must be a list, but "a" is a string`, `{"list":["a"]}`},
		{`{list: [~, 1]}`, `list[0]: the list item is empty; list[1]: "list[1]" must be a string, but 1 is a number`, `{"list":[null,"1"]}`},
		{`{self: 5}`, `self: "self" must be a map, but 5 is a number`, `{"self":null}`},
		{`{quantity: 1 GB}`, `quantity: "quantity" must be a quantity, but "1 GB" is not one`, `{"quantity":null}`},
		{`{duration: 5}`, `duration: "duration" must be a duration, but 5 is a number`, `{"duration":"5s"}`},
		{`{duration: "$(params.a)"}`, `duration: "duration" must be a duration and cannot contain the variable "$(params.a)"`, `{"duration":null}`},
		{`{time: today}`, `time: "time" must be a time, but "today" is not one`, `{"time":null}`},
		{`{port: [80]}`, `port: "port" must be an integer or a string, not a list`, `{"port":null}`},
		{`{url: 5}`, `url: "url" must be a URL, but 5 is a number`, `{"url":null}`},
		{`{raw: {a: 1, a: 2}}`, `raw.a: duplicate key "a": only the last value is used`, `{"raw":{"a":2}}`},
		{`{any: [{a.b: {c: 1, c: 2}}]}`, `any[0]["a.b"].c: duplicate key "c": only the last value is used`, `{"any":[{"a.b":{"c":2}}]}`},
		{`{self: {text: 1}, any: 1, free: {a: &a 1, b: *a}}`, `self.text: "text" must be a string, but 1 is a number; free["a"]: "a" must be a string, but 1 is a number`,
			`{"self":{"text":"1"},"any":1,"free":{"a":"1","b":"1"}}`},
		{`{param: [a, [b]]}`, `param[1]: this is a list, so Tekton reads the whole list as the string ["a",["b"]]`, `{"param":"[\"a\",[\"b\"]]"}`},
		{`{param: {a: 1, b: yes}}`, `param["a"]: 1 is a number, so Tekton reads the whole value as the string {"a":1,"b":true}`, `{"param":"{\"a\":1,\"b\":true}"}`},
		{`{param: null}`, ``, `{}`},
		{`{param: 1.10}`, `param: Tekton reads 1.10 as the string "1.1"`, `{"param":1.1}`},
		{`{untagged: a}`, `untagged: unknown field "untagged" at the top level`, `{"Untagged":"a"}`},
		{`{txt: a}`, `txt: unknown field "txt" at the top level`, `{"text":"a"}`},
		{`{boll: {}}`, `boll: unknown field "boll" at the top level`, `{}`},
		{`{wid: a, smal: 5}`, `wid: unknown field "wid" at the top level; smal: unknown field "smal" at the top level`, `{"small":5}`},
		{`{lists: [a], fre: {a: b}, slef: {}, aram: 5}`, `lists: unknown field "lists" at the top level; fre: unknown field "fre" at the top level; ` +
			`slef: unknown field "slef" at the top level; aram: unknown field "aram" at the top level`, `{"list":["a"],"free":{"a":"b"},"self":{},"param":5}`},
		{`{text: a, Text: b}`, `Text: unknown field "Text" at the top level`, `{"text":"a"}`},
		{`{below: a}`, `below: unknown field "below" at the top level`, `{}`},
		{`{onlyLeft: a}`, `onlyLeft: unknown field "onlyLeft" at the top level`, `{}`},
		{`{left: {text: a}}`, `left.text: unknown field "text" in left`, `{"left":{}}`},
		{`{self: {left: {list: a}}}`, `self.left.list: unknown field "list" in self.left`, `{"self":{"left":{}}}`},
		{`{-: a}`, `["-"]: unknown field "-" at the top level`, `{}`},
		{`a`, `: "" must be a map, but "a" is a string`, `{}`},
	} {
		docs := documents(c.in)
		require.Len(t, docs, 1, c.in)
		require.Nil(t, docs[0].Problem, c.in)
		before := string(docs[0].Root.AppendJSON(nil))
		var said []string
		for _, f := range Check(docs[0].Root, reflect.TypeFor[everything](), Custom).Faults {
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

// TestHelp tests the help, and which paths are lost.
func TestHelp(t *testing.T) {
	for in, want := range map[string]string{
		`{onlyLeft: a}`:          `move it into "left" [left.onlyLeft]`,
		`{below: a}`:             " []",
		`{left: {text: a}}`:      "move it to the top level: indent it less [text]",
		`{left: {onlyLefd: a}}`:  `did you mean "onlyLeft"? []`,
		`{left: {ONLYLEFT: a}}`:  `did you mean "onlyLeft"? field names are case-sensitive []`,
		`{left: {whatever: a}}`:  "use one of below, onlyLeft []",
		`{boll: {}}`:             `did you mean "bool"? [bool]`,
		`{self: {left: {l: 1}}}`: "use one of below, onlyLeft []",
		`{duration: 5}`:          `add a unit: "5s" []`,
		`{list: {}}`:             `begin each item with "- " [list]`,
		`{list: a}`:              `write a list of one item: ["a"] []`,
	} {
		docs := documents(in)
		r := Check(docs[0].Root, reflect.TypeFor[everything](), Builtin)
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
