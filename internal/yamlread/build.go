package yamlread

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const (
	// maxDepth is the maximum nesting depth, far more than any object needs.
	maxDepth = 100
	// maxSpread is the number of values that aliases may add to a document per
	// value written in it, and freeSpread the number they may always add.
	maxSpread, freeSpread = 10, 100_000
	// FreeGrowth is the number of bytes that aliases may add to all documents together,
	// beyond the size of their texts: many small documents that grow are no better than
	// a large one.
	FreeGrowth = 32 << 20
	// grownValue is what a value that an alias adds counts, beside its text.
	grownValue = 64
)

// builder converts the nodes of the YAML parser to nodes of a document.
type builder struct {
	space
	text    string
	bang    bool // the document may contain the tag "!", which the YAML parser drops
	anchors map[*yaml.Node]*anchor
	keys    map[*yaml.Node]Key // keys that aliases refer to
	written int64              // number of nodes in the document
	total   int64              // number of nodes of the value, with aliases expanded
	spread  int64              // number of bytes of its strings
	deepest int                // deepest level so far

	// last is the last position, so that columns of a long line are not each
	// counted from its beginning.
	last struct{ line, column, at int }
}

// anchor is a value that aliases refer to.
type anchor struct {
	node  *Node // nil while it is being built
	total int64
	size  int64
	deep  int // levels below it
}

// fault is an error that keeps a document from being read.
type fault struct {
	mark  Mark
	limit bool // a limit is exceeded
	err   error
}

// mark returns the position of a value, including its anchor and tag.
func (b *builder) mark(n *yaml.Node) Mark {
	line := min(max(n.Line, 1), len(b.lines))
	at, c := b.lines[line-1], 1
	if b.last.line == line && b.last.column <= n.Column {
		at, c = b.last.at, b.last.column
	}
	for ; c < n.Column && at < len(b.text); c++ {
		if b.text[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, size := utf8.DecodeRuneInString(b.text[at:])
		at += size
	}
	b.last.line, b.last.column, b.last.at = line, c, at
	return Mark(at)
}

func (b *builder) failAt(n *yaml.Node, format string, args ...any) *fault {
	return &fault{mark: b.mark(n), err: fmt.Errorf(format, args...)}
}

func (b *builder) tooMuch(n *yaml.Node, err error) *fault {
	return &fault{mark: b.mark(n), limit: true, err: err}
}

// node allocates a node. It allocates many at a time.
func (b *builder) node(kind Kind, at Mark, how style) *Node {
	if len(b.nodes) == 0 {
		b.grow()
	}
	n := &b.nodes[0]
	b.nodes = b.nodes[1:]
	n.Kind, n.Mark, n.style = kind, at, how
	return n
}

// asWritten returns text, which is written at a mark. If possible it is a substring
// of the document, which takes no extra memory.
func (b *builder) asWritten(at Mark, how style, text string) string {
	begin := int(at)
	if how == single || how == double {
		begin++
	}
	if begin < len(b.text) && strings.HasPrefix(b.text[begin:], text) {
		return b.text[begin : begin+len(text)]
	}
	return b.once(text)
}

var errTooDeep = fmt.Errorf("values are nested more than %d levels deep", maxDepth)

var errSpread = errors.New("aliases expand the document to many times its size, so it is not read")

var errGrowth = fmt.Errorf("aliases expand the documents by more than %d MiB together, so this one is not read", FreeGrowth>>20)

// expand counts what an alias at a node adds: a number of values, and the bytes of their text.
func (b *builder) expand(n *yaml.Node, values, size int64) *fault {
	b.spread += size
	more := size + grownValue*values
	switch {
	case b.spread > maxDocument:
		return b.tooMuch(n, errSpread)
	case b.grown+more > b.most:
		return b.tooMuch(n, errGrowth)
	}
	b.grown += more
	return nil
}

// build returns the node of a value.
func (b *builder) build(n *yaml.Node, depth int) (*Node, *fault) {
	if depth > maxDepth {
		return nil, b.tooMuch(n, errTooDeep)
	}
	if n.Kind == yaml.AliasNode {
		return b.alias(n, depth)
	}
	var a *anchor
	total, spread, deepest := b.total, b.spread, b.deepest
	if n.Anchor != "" {
		if b.anchors == nil {
			b.anchors = map[*yaml.Node]*anchor{}
		}
		a = &anchor{}
		b.anchors[n] = a
	}
	b.written++
	b.total++
	b.deepest = depth
	var (
		out *Node
		err *fault
	)
	switch n.Kind {
	case yaml.ScalarNode:
		out, err = b.scalar(n)
	case yaml.SequenceNode:
		out, err = b.list(n, depth)
	case yaml.MappingNode:
		out, err = b.mapping(n, depth)
	default:
		err = b.failAt(n, "unknown kind of value")
	}
	if err != nil {
		return nil, err
	}
	b.spread += int64(len(out.Text))
	if a != nil {
		*a = anchor{out, b.total - total, b.spread - spread, b.deepest - depth}
	}
	b.deepest = max(b.deepest, deepest)
	return out, nil
}

// alias returns the node that an alias refers to.
func (b *builder) alias(n *yaml.Node, depth int) (*Node, *fault) {
	a := b.anchors[n.Alias]
	if a == nil { // the anchor of a key
		return b.build(n.Alias, depth)
	}
	if a.node == nil {
		return nil, b.failAt(n, "the value of anchor %q contains itself", n.Value)
	}
	b.total += a.total
	b.deepest = max(b.deepest, depth+a.deep)
	if b.deepest > maxDepth {
		return nil, b.tooMuch(n, errTooDeep)
	}
	if b.total > freeSpread+maxSpread*b.written {
		return nil, b.tooMuch(n, errSpread)
	}
	if err := b.expand(n, a.total, a.size); err != nil {
		return nil, err
	}
	a.node.shared = true
	return a.node, nil
}

func (b *builder) scalar(n *yaml.Node) (*Node, *fault) {
	at := b.mark(n)
	s, style, err := b.meaningOf(n, at)
	if err != nil {
		return nil, b.failAt(n, "%v", err)
	}
	out := b.node(s.kind, at, style)
	if out.Text, err = s.json(); err != nil {
		return nil, b.failAt(n, "cannot read %s: %v", n.Value, err)
	}
	if s.kind == String {
		out.Text = b.asWritten(at, style, out.Text)
	} else {
		out.Written = b.asWritten(at, style, n.Value)
	}
	return out, nil
}

// meaningOf returns the value and the style of a scalar at a mark.
func (b *builder) meaningOf(n *yaml.Node, at Mark) (scalar, style, error) {
	how := plain
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		how = double
	case n.Style&yaml.SingleQuotedStyle != 0:
		how = single
	case n.Style&yaml.LiteralStyle != 0:
		how = literal
	case n.Style&yaml.FoldedStyle != 0:
		how = folded
	}
	tag := ""
	if n.Style&yaml.TaggedStyle != 0 {
		tag = n.ShortTag()
	}
	s, err := resolve(tag, n.Value, how != plain)
	if b.bang && tag == "" && how == plain && s.tag != strTag && b.isBang(at, n.Value == "") {
		s = text(n.Value)
	}
	return s, how, err
}

func blockOf(n *yaml.Node) style {
	if n.Style&yaml.FlowStyle != 0 {
		return plain
	}
	return block
}

func (b *builder) list(n *yaml.Node, depth int) (*Node, *fault) {
	out := b.node(List, b.mark(n), blockOf(n))
	out.Items = make([]*Node, len(n.Content))
	for i, c := range n.Content {
		item, err := b.build(c, depth+1)
		if err != nil {
			return nil, err
		}
		out.Items[i] = item
	}
	return out, nil
}

func (b *builder) mapping(n *yaml.Node, depth int) (*Node, *fault) {
	m := mapMaker{out: b.node(Map, b.mark(n), blockOf(n))}
	m.out.Keys, m.out.Items = make([]Key, 0, len(n.Content)/2), make([]*Node, 0, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if isMerge(k) {
			if err := b.merge(&m, v, depth); err != nil {
				return nil, err
			}
			continue
		}
		key, err := b.key(k)
		if err != nil {
			return nil, err
		}
		item, err := b.build(v, depth+1)
		if err != nil {
			return nil, err
		}
		b.written++
		if k.Kind != yaml.AliasNode {
			b.spread += int64(len(key.Name))
		}
		m.set(key, item, true)
	}
	return m.out, nil
}

// key returns the key of an item of a map.
func (b *builder) key(k *yaml.Node) (Key, *fault) {
	at, target := b.mark(k), k
	where := at
	if k.Kind == yaml.AliasNode {
		if known, ok := b.keys[k.Alias]; ok {
			known.Mark = at
			return known, b.expand(k, 0, int64(len(known.Name)))
		}
		target = k.Alias
		where = b.mark(target)
	}
	if target.Kind != yaml.ScalarNode {
		return Key{}, b.failAt(k, "a map or list cannot be used as a key")
	}
	s, style, err := b.meaningOf(target, where)
	if err != nil {
		return Key{}, b.failAt(k, "%v", err)
	}
	name, err := s.keyName()
	if err != nil {
		return Key{}, b.failAt(k, "%v", err)
	}
	key := Key{Name: b.asWritten(where, style, name), Mark: at}
	if s.tag != strTag && name != target.Value {
		key.Written = target.Value
	}
	if target != k {
		if b.keys == nil {
			b.keys = map[*yaml.Node]Key{}
		}
		b.keys[target] = key
	}
	return key, nil
}

func isMerge(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "<<" && n.ShortTag() == mergeTag
}

// merge adds the items of one or several other maps to a map. As in go-yaml 2,
// later keys overwrite them.
func (b *builder) merge(m *mapMaker, v *yaml.Node, depth int) *fault {
	maps := []*yaml.Node{v}
	if v.Kind == yaml.SequenceNode {
		maps = maps[:0]
		for i := len(v.Content) - 1; i >= 0; i-- { // the first of several wins
			maps = append(maps, v.Content[i])
		}
	}
	for _, from := range maps {
		target := from
		if from.Kind == yaml.AliasNode {
			target = from.Alias
		}
		if target.Kind != yaml.MappingNode {
			return b.failAt(from, "the value of << must be a map or a list of maps")
		}
		n, err := b.build(from, depth)
		if err != nil {
			return err
		}
		for i, k := range n.Keys {
			m.set(k, n.Items[i], false)
		}
	}
	return nil
}

// mapMaker collects the items of a map.
type mapMaker struct {
	out    *Node
	merged map[int]bool   // items that come from merges
	index  map[string]int // for large maps
}

// set sets an item, and records duplicate keys.
func (m *mapMaker) set(k Key, item *Node, own bool) {
	i := m.find(k.Name)
	switch {
	case i < 0:
		i = len(m.out.Keys)
		m.out.Keys, m.out.Items = append(m.out.Keys, k), append(m.out.Items, item)
		if m.index != nil {
			m.index[k.Name] = i
		}
	case own && !m.merged[i]:
		m.out.Twice = append(m.out.Twice, Twin{k, m.out.Keys[i].Mark})
		fallthrough
	default:
		m.out.Keys[i], m.out.Items[i] = k, item
	}
	if own && m.merged == nil {
		return
	}
	if m.merged == nil {
		m.merged = map[int]bool{}
	}
	m.merged[i] = !own
}

func (m *mapMaker) find(name string) int {
	if m.index == nil && len(m.out.Keys) >= 16 {
		m.index = make(map[string]int, 2*len(m.out.Keys))
		for i, k := range m.out.Keys {
			m.index[k.Name] = i
		}
	}
	if m.index == nil {
		return m.out.Index(name)
	}
	if i, ok := m.index[name]; ok {
		return i
	}
	return -1
}
