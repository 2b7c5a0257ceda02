package yamlsrc

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

const (
	// maxDepth is far above what an object needs.
	maxDepth = 100
	// maxSpread is how many values aliases may add to a document for each
	// that is written there, and freeSpread how many they may add at least.
	maxSpread, freeSpread = 10, 100_000
)

// builder makes the nodes of a document from those of the YAML reader.
type builder struct {
	doc     *Document
	bang    bool // a tag may be a mere "!", which the YAML reader forgets
	anchors map[*yaml.Node]*anchor
	written int64 // nodes in the document
	total   int64 // nodes of the value, aliases counted as often as they stand
	spread  int64 // bytes of its texts
	deepest int   // level that was reached
}

// anchor is a value that aliases stand for.
type anchor struct {
	node  *Node // nil while it is being built
	total int64
	size  int64
	deep  int // levels below it
}

// fault is what keeps a document from being read.
type fault struct {
	mark  Mark
	limit bool // it is too much rather than wrong
	err   error
}

func markOf(n *yaml.Node) Mark { return Mark{int32(n.Line), int32(n.Column)} }

func failAt(n *yaml.Node, format string, args ...any) *fault {
	return &fault{mark: markOf(n), err: fmt.Errorf(format, args...)}
}

func tooMuch(n *yaml.Node, err error) *fault { return &fault{mark: markOf(n), limit: true, err: err} }

var errTooDeep = fmt.Errorf("the values are nested more than %d levels deep", maxDepth)

var errSpread = errors.New("its aliases make the document many times as large as it is written")

func tooDeep(n *yaml.Node) *fault { return tooMuch(n, errTooDeep) }

// build makes the node of a value.
func (b *builder) build(n *yaml.Node, depth int) (*Node, *fault) {
	if depth > maxDepth {
		return nil, tooDeep(n)
	}
	if n.Kind == yaml.AliasNode {
		return b.alias(n, depth)
	}
	var a *anchor
	before := *b
	if n.Anchor != "" {
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
		err = failAt(n, "there is a value of an unknown kind")
	}
	if err != nil {
		return nil, err
	}
	b.spread += int64(len(out.Text))
	if a != nil {
		*a = anchor{out, b.total - before.total, b.spread - before.spread, b.deepest - depth}
	}
	b.deepest = max(b.deepest, before.deepest)
	return out, nil
}

// alias is what an alias stands for.
func (b *builder) alias(n *yaml.Node, depth int) (*Node, *fault) {
	a := b.anchors[n.Alias]
	if a == nil { // the anchor of a key
		return b.build(n.Alias, depth)
	}
	if a.node == nil {
		return nil, failAt(n, "the anchor %q holds itself", n.Value)
	}
	b.total += a.total
	b.spread += a.size
	b.deepest = max(b.deepest, depth+a.deep)
	if b.deepest > maxDepth {
		return nil, tooDeep(n)
	}
	if b.total > freeSpread+maxSpread*b.written || b.spread > maxDocument {
		return nil, tooMuch(n, errSpread)
	}
	return a.node, nil
}

func (b *builder) scalar(n *yaml.Node) (*Node, *fault) {
	s, style, err := b.meaningOf(n)
	if err != nil {
		return nil, failAt(n, "%v", err)
	}
	out := &Node{Kind: s.kind, Mark: markOf(n), style: style}
	if out.Text, err = s.json(); err != nil {
		return nil, failAt(n, "%s cannot be read: %v", n.Value, err)
	}
	if s.kind != String {
		out.Written = n.Value
	}
	return out, nil
}

// meaningOf says what a scalar means, and how it is written.
func (b *builder) meaningOf(n *yaml.Node) (scalar, style, error) {
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
	if b.bang && tag == "" && how == plain && s.tag != strTag && b.doc.bang(markOf(n), n.Value == "") {
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
	out := &Node{Kind: List, Mark: markOf(n), style: blockOf(n), Items: make([]*Node, len(n.Content))}
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
	m := mapMaker{out: &Node{Kind: Map, Mark: markOf(n), style: blockOf(n),
		Keys: make([]Key, 0, len(n.Content)/2), Items: make([]*Node, 0, len(n.Content)/2)}}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if isMerge(k) {
			if err := b.merge(&m, v, depth); err != nil {
				return nil, err
			}
			continue
		}
		name, written, err := b.keyOf(k)
		if err != nil {
			return nil, err
		}
		item, err := b.build(v, depth+1)
		if err != nil {
			return nil, err
		}
		b.written++
		m.set(Key{name, markOf(k), written}, item, true)
	}
	return m.out, nil
}

// keyOf is the name of a key, and how it is written if that is not the same.
func (b *builder) keyOf(k *yaml.Node) (name, written string, _ *fault) {
	scalarNode := k
	if k.Kind == yaml.AliasNode {
		scalarNode = k.Alias
	}
	if scalarNode.Kind != yaml.ScalarNode {
		return "", "", failAt(k, "the key of a map is a map or a list")
	}
	s, _, err := b.meaningOf(scalarNode)
	if err != nil {
		return "", "", failAt(k, "%v", err)
	}
	name, err = s.keyName()
	if err != nil {
		return "", "", failAt(k, "%v", err)
	}
	if s.tag != strTag && name != scalarNode.Value {
		written = scalarNode.Value
	}
	return name, written, nil
}

func isMerge(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "<<" && n.ShortTag() == mergeTag
}

// merge puts the items of another map, or of several, into a map. As in
// go-yaml 2 they count where they stand: what follows overwrites them.
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
			return failAt(from, "<< merges a map or a list of maps")
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
	out   *Node
	own   []bool         // the item is written in the map, and not merged into it
	index map[string]int // of large maps
}

// set sets an item. One that is written twice is noted.
func (m *mapMaker) set(k Key, item *Node, own bool) {
	i := m.find(k.Name)
	if i < 0 {
		m.out.Keys, m.out.Items, m.own = append(m.out.Keys, k), append(m.out.Items, item), append(m.own, own)
		if m.index != nil {
			m.index[k.Name] = len(m.out.Keys) - 1
		}
		return
	}
	if own && m.own[i] {
		m.out.Twice = append(m.out.Twice, Twin{k, m.out.Keys[i].Mark})
	}
	m.out.Keys[i], m.out.Items[i], m.own[i] = k, item, own
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
