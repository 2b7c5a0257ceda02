// Package examples_test tests how the cost of the command grows for the examples of the rules. It
// is a package of its own, as those of reports are.
package examples_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/internal/growth/command"
	"github.com/tekwright/tekwright/pkg/check"
)

// TestGrowthOfExamples grows the bad examples of the rules at one or two of their places,
// as an attacker would who reads the documentation. It tries a few of some 10,000 ways, the
// same in each run; with TEKWRIGHT_GROWTH=15m it tries as many others as that time allows.
func TestGrowthOfExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("checks large texts")
	}
	const few, size = 12, 260 // a suggestion has up to 256 candidates
	var ways []way
	for _, r := range check.Rules() {
		if r.Code == "document-limit" { // a hundred lists in each other, which would be most ways
			continue
		}
		if _, text, ok := strings.Cut(r.Text, "## Bad"); ok {
			_, text, _ = strings.Cut(text, "```yaml\n")
			text, _, _ = strings.Cut(text, "```")
			ways = append(ways, waysOf(t, r.Code, text)...)
		}
	}
	require.Greater(t, len(ways), 5000)
	seed, end := int64(13), time.Time{}
	if long, err := time.ParseDuration(os.Getenv("TEKWRIGHT_GROWTH")); err == nil {
		seed, end = time.Now().UnixNano(), time.Now().Add(long)
		t.Logf("the seed is %d", seed)
	}
	//nolint:gosec // the same in each run
	order := rand.New(rand.NewSource(seed)).Perm(len(ways))
	for i, at := range order {
		if end.IsZero() && i >= few || !end.IsZero() && time.Now().After(end) {
			break
		}
		t.Run(ways[at].name, func(t *testing.T) {
			growth.Linear(t, size, func(n int) (work func()) { return command.Checking(ways[at].text(t, n), "-") })
		})
	}
}

// TestGrown tests how an example grows.
func TestGrown(t *testing.T) {
	ways := waysOf(t, "x", "kind: Task\nmetadata: {name: a}\nspec:\n  params: [{name: p}]\n  steps: [{name: s, script: echo $(params.p)}]\n")
	texts := map[string]string{}
	for _, w := range ways {
		texts[w.name] = w.text(t, 2)
	}
	assert.Equal(t, "---\nkind: Task\nmetadata: {name: a}\nspec:\n    params: [{name: p}, {name: p-0}, {name: p-1}]\n    steps: [{name: s, script: echo $(params.p) echo $(params.p-0) echo $(params.p-1)}]\n", texts["x 0.spec.params and 0.spec.steps.0.script numbered"])
	assert.Equal(t, "---\nkind: Task\nmetadata: {name: a}\nspec:\n    params: [{name: p}]\n    steps: [{name: s, script: echo $(params.p)}, {name: s, script: echo $(params.p)}, {name: s, script: echo $(params.p)}]\n", texts["x 0.spec.steps copied"])
	assert.Contains(t, texts, "x 0 numbered")
}

// place is a place of an example that can be repeated: the items of a list, the entries of
// a map, a text, or the whole document.
type place struct {
	document int
	path     []int
	name     string
}

// way is a way to grow an example.
type way struct {
	name     string
	docs     []*yaml.Node
	places   []place
	numbered bool // each copy has other names
	near     bool // those at the second place are only similar
}

// waysOf returns the ways to grow an example.
func waysOf(t *testing.T, name, text string) (ways []way) {
	t.Helper()
	var docs []*yaml.Node
	for d := yaml.NewDecoder(strings.NewReader(text)); ; {
		var n yaml.Node
		if d.Decode(&n) != nil {
			break // the rest cannot be read, which is the mistake
		}
		if n.Content[0].Kind == yaml.MappingNode {
			docs = append(docs, copied(n.Content[0]))
		}
	}
	var places []place
	for i, doc := range docs {
		places = append(places, place{i, nil, strconv.Itoa(i)})
		places = append(places, placesIn(doc, place{i, nil, strconv.Itoa(i)})...)
	}
	for i, p := range places {
		ways = append(ways, way{name + " " + p.name + " copied", docs, []place{p}, false, false}, way{name + " " + p.name + " numbered", docs, []place{p}, true, false})
		for _, q := range places[i+1:] {
			both := []place{p, q}
			ways = append(ways, way{name + " " + p.name + " and " + q.name + " numbered", docs, both, true, false}, way{name + " " + p.name + " and " + q.name + " alike", docs, both, true, true})
		}
	}
	return ways
}

// placesIn returns the places in a value.
func placesIn(n *yaml.Node, at place) (out []place) {
	below := func(i int, name string, c *yaml.Node) {
		p := place{at.document, append(append([]int{}, at.path...), i), at.name + "." + name}
		switch {
		case c.Kind == yaml.SequenceNode && len(c.Content) > 0, c.Kind == yaml.MappingNode && len(c.Content) > 0 && free[name]:
			out = append(out, p)
		case c.Kind == yaml.ScalarNode && (strings.ContainsAny(c.Value, "\n$") || name == "script" || name == "value"):
			out = append(out, p)
		}
		out = append(out, placesIn(c, p)...)
	}
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			below(i, strconv.Itoa(i), c)
		case i%2 == 1:
			below(i, n.Content[i-1].Value, c)
		}
	}
	return out
}

// free are the fields whose keys an author chooses.
var free = map[string]bool{"data": true, "stringData": true, "labels": true, "annotations": true, "properties": true, "matchLabels": true, "nodeSelector": true, "requests": true, "limits": true}

// text returns the example with n more of each of its places.
func (w way) text(t *testing.T, n int) string {
	t.Helper()
	docs, names := make([]*yaml.Node, len(w.docs)), map[string]bool{}
	for i, d := range w.docs {
		docs[i] = copied(d)
		if w.numbered {
			namesIn(d, names)
		}
	}
	var targets, sources []*yaml.Node
	for _, p := range w.places {
		to, from := docs[p.document], w.docs[p.document]
		for _, i := range p.path {
			to, from = to.Content[i], from.Content[i]
		}
		targets, sources = append(targets, to), append(sources, from)
	}
	var more []*yaml.Node
	for k, p := range w.places {
		to, from := targets[k], sources[k]
		var value strings.Builder
		value.WriteString(to.Value)
		for i := range n {
			suffix := "-" + strconv.Itoa(i)
			if w.near && k == 1 {
				suffix = "x" + suffix
			}
			one := copied(from)
			number(one, names, suffix)
			switch {
			case p.path == nil:
				more = append(more, one)
			case from.Kind == yaml.ScalarNode:
				value.WriteString(map[bool]string{true: "\n", false: " "}[strings.Contains(from.Value, "\n")] + one.Value)
			case from.Kind == yaml.MappingNode:
				for j := 0; j < len(one.Content); j += 2 {
					one.Content[j].Value += suffix
				}
				to.Content = append(to.Content, one.Content...)
			default:
				to.Content = append(to.Content, one.Content...)
			}
		}
		to.Value = value.String()
	}
	var b bytes.Buffer
	for _, d := range append(docs, more...) {
		text, err := yaml.Marshal(d)
		require.NoError(t, err)
		fmt.Fprintf(&b, "---\n%s", text)
	}
	return b.String()
}

// copied returns a copy of a value without its comments.
func copied(n *yaml.Node) *yaml.Node {
	c := *n
	c.HeadComment, c.LineComment, c.FootComment, c.Content = "", "", "", nil
	for _, x := range n.Content {
		c.Content = append(c.Content, copied(x))
	}
	return &c
}

// namesIn adds the names that a value gives to things, without those of upstream.
func namesIn(n *yaml.Node, names map[string]bool) {
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 && (n.Content[i-1].Value == "name" || n.Content[i-1].Value == "key") {
			switch c.Value {
			case "", "cel", "filter", "overlays", "github":
			default:
				names[c.Value] = true
			}
		}
		namesIn(c, names)
	}
}

var word = regexp.MustCompile(`[A-Za-z0-9_-]+`)

// number adds a suffix to the names in a value.
func number(n *yaml.Node, names map[string]bool, suffix string) {
	if n.Kind == yaml.ScalarNode {
		n.Value = word.ReplaceAllStringFunc(n.Value, func(w string) string {
			if names[w] {
				return w + suffix
			}
			return w
		})
	}
	for i, c := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			number(c, names, suffix)
		}
	}
}
