package secrets

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// finder finds the secret parts of a document that can be read.
type finder struct {
	text  string
	start int
	root  *yamlread.Node
	all   []int // the offsets of all keys and values, nil if nothing needed them
	out   *Parts
	seen  map[*yamlread.Node]bool // nil if each value has one parent
	shell *shell.Reader

	secret bool                    // there is a Secret
	names  map[*yamlread.Node]bool // params that have the name of a Secret
	inners map[*yamlread.Node]bool // seen by inner
	nested bool                    // the document is in a text of another one
}

// marks collects the offsets of keys and values.
func (f *finder) marks(n *yamlread.Node, seen map[*yamlread.Node]bool) {
	if seen != nil {
		if seen[n] {
			return
		}
		seen[n] = true
	}
	f.all = append(f.all, int(n.Mark))
	for _, k := range n.Keys {
		f.all = append(f.all, int(k.Mark))
	}
	for _, t := range n.Twice {
		f.all = append(f.all, int(t.Mark), int(t.First))
	}
	for _, item := range n.Items {
		f.marks(item, seen)
	}
}

// behind returns the first offset of a key or value behind another one.
func (f *finder) behind(at int) int {
	if f.all == nil {
		var seen map[*yamlread.Node]bool
		if f.seen != nil {
			seen = map[*yamlread.Node]bool{}
		}
		f.marks(f.root, seen)
		slices.Sort(f.all)
	}
	i, _ := slices.BinarySearch(f.all, at+1)
	if i == len(f.all) {
		return len(f.text)
	}
	return f.all[i]
}

// node visits a value, which is the item of a map with that key.
func (f *finder) node(n *yamlread.Node, key string) {
	if f.seen != nil {
		if f.seen[n] {
			return
		}
		f.seen[n] = true
	}
	switch n.Kind {
	case yamlread.String:
		f.scan(n, key)
		return
	case yamlread.Map:
		if f.out.ended() || f.object(n, key) == secret {
			return // all below is hidden
		}
	}
	for i, item := range n.Items {
		k := key // the items of a list belong to its key
		if n.Kind == yamlread.Map {
			k = n.Keys[i].Name
		}
		f.node(item, k)
	}
	if n.Kind == yamlread.Map {
		f.commandLine(n)
	}
}

// object visits a map and returns what it is.
func (f *finder) object(n *yamlread.Node, key string) int {
	kind := f.kindOf(n)
	switch kind {
	case secret:
		f.secret = true
		for i := range n.Keys {
			if name := strings.TrimSpace(n.Keys[i].Name); open[name] && (name == "metadata" || len(n.Items[i].Items) == 0) {
				f.metadata(n.Items[i])
				continue
			}
			f.values(n, i)
		}
		for _, t := range n.Twice {
			if !open[strings.TrimSpace(t.Name)] {
				f.twice(t)
			}
		}
	case joined:
		f.secret = true
		for i, k := range n.Keys {
			if isData(k.Name) {
				f.values(n, i)
			}
		}
		for _, t := range n.Twice {
			if isData(t.Name) {
				f.twice(t)
			}
		}
	case similar:
		f.inner(n)
	}
	if kind == other {
		f.configMap(n)
	}
	f.references(n)
	f.when(n)
	f.named(n, key)
	f.fields(n)
	f.operation(n)
	if g := n.Get("secretGenerator"); g != nil && g.Kind == yamlread.List {
		f.generator(g)
	}
	return kind
}

// What a map is.
const (
	other   = iota
	secret  // a Secret, or a misspelled one
	joined  // a Secret and another object without a line --- between them
	similar // an object that creates Secrets, such as a SealedSecret
)

func (f *finder) kindOf(n *yamlread.Node) int {
	kind := ""
	for i, k := range n.Keys {
		switch {
		case strings.EqualFold(strings.TrimSpace(k.Name), "kind"):
			if n.Items[i].Kind == yamlread.String {
				kind = strings.TrimSpace(n.Items[i].Text)
			}
		case strings.EqualFold(strings.TrimSpace(k.Name), "stringData"):
			return secret
		}
	}
	group, _, grouped := "", "", false
	if v := n.Get("apiVersion"); v != nil {
		group, _, grouped = strings.Cut(v.Text, "/")
	}
	switch {
	case strings.EqualFold(kind, "Secret"), strings.EqualFold(kind, "SecretList"):
		return secret
	case len(n.Twice) > 0 && slices.ContainsFunc(n.Twice, f.isSecretKind):
		return joined
	case strings.Contains(strings.ToLower(kind), "secret"):
		return similar
	case kind != "" && (!grouped || group == "") && suggest.Name(kind, []string{"Secret"}) != "":
		return secret
	case kind == "" && n.Index("apiVersion") >= 0 && (n.Index("data") >= 0 || slices.ContainsFunc(n.Items, isSecret)):
		return secret // it has lost its kind
	}
	return other
}

// isSecret reports whether a value is the kind of Secrets.
func isSecret(n *yamlread.Node) bool { return n.Kind == yamlread.String && n.Text == "Secret" }

// isData reports whether a field of a Secret has its values.
func isData(field string) bool { return field == "data" || field == "stringData" }

// isSecretKind reports whether a duplicate key is the kind of a Secret.
func (f *finder) isSecretKind(t yamlread.Twin) bool {
	return strings.EqualFold(t.Name, "kind") && maybeSecret(f.text[t.First:min(len(f.text), int(t.First)+someKind)])
}

// someKind is the number of bytes in which a key kind and its value are.
const someKind = 40

// open has the fields of a Secret that are not secret.
var open = map[string]bool{"apiVersion": true, "kind": true, "metadata": true, "type": true, "immutable": true}

// values hides the value of an item of a map, apart from the keys of a map in it.
func (f *finder) values(n *yamlread.Node, i int) {
	from, item := int(n.Keys[i].Mark), n.Items[i]
	inside := map[int]bool{from: true}
	f.inside(item, inside, map[*yamlread.Node]bool{})
	end := len(f.text)
	for at := f.behind(from); at < len(f.text); at = f.behind(at) {
		if !inside[at] {
			end = at
			break
		}
	}
	cut := [][2]int{f.key(n.Keys[i])}
	if item.Kind == yamlread.Map {
		for _, k := range item.Keys {
			f.out.key(k.Name)
			if r := f.key(k); r[0] > from && r[1] <= end {
				cut = append(cut, r)
			}
		}
	}
	slices.SortFunc(cut, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	at := from
	for _, r := range cut {
		f.hide(at, r[0])
		at = max(at, r[1])
	}
	f.hide(at, end)
}

// hide hides a part, apart from what surrounds the last value of a list or a map.
func (f *finder) hide(from, to int) {
	if i := strings.LastIndexByte(f.text[from:to], '\n'); i >= 0 && strings.Trim(f.text[from+i:to], " -?\t\r\n") == "" {
		to = from + i // the next item of a list begins there
	}
	for to > from && (isSpace(f.text[to-1]) || f.text[to-1] == ',') {
		to--
	}
	if strings.Trim(f.text[from:to], " \t\r\n{}[],:") != "" {
		f.out.add(f.text, f.start, from, to)
	}
}

// inside collects the offsets in a value, hides the values that aliases refer to, and
// collects the texts.
func (f *finder) inside(n *yamlread.Node, marks map[int]bool, seen map[*yamlread.Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	marks[int(n.Mark)] = true
	for _, k := range n.Keys {
		marks[int(k.Mark)] = true
	}
	for _, t := range n.Twice {
		marks[int(t.Mark)], marks[int(t.First)] = true, true
	}
	switch n.Kind {
	case yamlread.String:
		f.out.encoded(n.Text)
		if !isVariable(n.Text) {
			f.out.secrets = append(f.out.secrets, n.Text)
		}
		fallthrough
	case yamlread.Bool, yamlread.Number:
		f.out.value(n.Written)
		if n.Kind != yamlread.String {
			f.out.value(n.Text)
		}
		f.scalar(n)
	}
	for _, item := range n.Items {
		f.inside(item, marks, seen)
	}
}

// scalar hides a value. An alias may refer to it from elsewhere.
func (f *finder) scalar(n *yamlread.Node) {
	from := int(n.Mark)
	rest, end := f.text[from:], f.behind(from)
	written := cmp.Or(n.Written, n.Text)
	switch {
	case rest != "" && (rest[0] == '"' || rest[0] == '\'') && quoted(rest) > 0:
		end = from + quoted(rest)
	case strings.HasPrefix(rest, written) && !strings.Contains(written, "\n"):
		end = from + len(written)
	default: // it may have several lines; the next item may begin on the last one
		if i := strings.LastIndexByte(f.text[from:end], '\n'); i >= 0 && strings.Trim(f.text[from+i:end], " -?\t\r\n\"'") == "" {
			end = from + i
		}
	}
	f.out.add(f.text, f.start, from, end)
}

// quoted returns the length of the quoted scalar at the beginning of a text.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[0] == '"' && s[i] == '\\':
			i++
		case s[i] != s[0]:
		case s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return 0
}

// key returns the range of a key, with the colon behind it. It is empty if the key is
// not written there.
func (f *finder) key(k yamlread.Key) [2]int {
	from := int(k.Mark)
	end := from
	switch rest := f.text[min(from, len(f.text)):]; {
	case rest == "":
	case rest[0] == '"' || rest[0] == '\'':
		end += quoted(rest)
	case strings.HasPrefix(rest, k.Name):
		end += len(k.Name)
	case k.Written != "" && strings.HasPrefix(rest, k.Written):
		end += len(k.Written)
	}
	if end == from {
		return [2]int{from, from}
	}
	for end < len(f.text) && isSpace(f.text[end]) {
		end++
	}
	if end < len(f.text) && f.text[end] == ':' {
		end++
	}
	return [2]int{from, end}
}

// twice hides the first value of a duplicate key.
func (f *finder) twice(t yamlread.Twin) {
	from := int(t.First)
	key := f.key(yamlread.Key{Name: t.Name, Mark: t.First})
	f.hide(max(from, key[1]), f.behind(from))
}

// inner hides data and stringData at any depth.
func (f *finder) inner(n *yamlread.Node) {
	if f.inners[n] {
		return
	}
	if f.inners == nil {
		f.inners = map[*yamlread.Node]bool{}
	}
	f.inners[n] = true
	for i, item := range n.Items {
		if n.Kind == yamlread.Map && isData(n.Keys[i].Name) {
			f.values(n, i)
			continue
		}
		f.inner(item)
	}
}

// metadata hides data in the metadata of a Secret, where it has got by a mistake, and
// annotations that may repeat it.
func (f *finder) metadata(metadata *yamlread.Node) {
	if metadata.Kind != yamlread.Map {
		return
	}
	for i, k := range metadata.Keys {
		if suggest.Alike(k.Name, "data") || suggest.Alike(k.Name, "stringData") || suggest.Name(k.Name, []string{"stringData"}) != "" {
			f.values(metadata, i)
		}
	}
	a := metadata.Get("annotations")
	if a == nil || a.Kind != yamlread.Map {
		return
	}
	for i, item := range a.Items {
		if strings.HasSuffix(a.Keys[i].Name, "last-applied-configuration") || strings.Contains(item.Text, "{") {
			f.values(a, i)
		}
	}
}

// embeds reports whether a text has a Secret in it.
func embeds(text string) bool {
	const quotes, kind = `"'\`, "secret"
	return kinds().find(text, func(_, to int) bool {
		rest, ok := strings.CutPrefix(strings.TrimLeft(strings.TrimLeft(text[to:], quotes), blanks), ":")
		rest = strings.TrimLeft(strings.TrimLeft(rest, blanks), quotes)
		return ok && len(rest) >= len(kind) && strings.EqualFold(rest[:len(kind)], kind) && !isLetter(rest, len(kind))
	})
}

var kinds = sync.OnceValue(func() *words { return newWords("kind") })

// inText returns the values of variables and params that sound like a secret in an object in a
// text, such as the annotation of kubectl apply.
func inText(text string) map[string]bool {
	all := map[string]bool{}
	eachSetting(text, func(n, v [2]int) bool {
		name := text[n[0]:n[1]]
		value, _, _ := strings.Cut(strings.TrimLeft(text[v[0]:v[1]], ` "'`+"`"), `"`)
		if len(value) >= short && sounds(name, value, variableName) && Valued(name, value) {
			all[value] = true
		}
		return true
	})
	return all
}

// hideAll hides parts of a text; if there are very many, all of it.
func (f *finder) hideAll(parts map[string]bool, n *yamlread.Node) {
	if len(parts) > some {
		f.scalar(n)
		return
	}
	for p := range parts {
		f.find(p, n)
	}
}

// scan visits a text.
func (f *finder) scan(n *yamlread.Node, key string) {
	if len(n.Text) > len("kind:secret data") && embeds(n.Text) && strings.Contains(strings.ToLower(n.Text), "data") {
		f.scalar(n)
		return
	}
	if strings.Contains(n.Text, `"value`) { // an object in a text
		f.hideAll(inText(n.Text), n)
	}
	f.hideAll(compared(n.Text), n)
	if !strings.ContainsAny(n.Text, " \n>") {
		return
	}
	f.hideAll(settingsIn(n.Text), n)
	if !f.nested && isPatch(key, n.Text) {
		f.patch(n)
	}
	if key != "script" && key != "args" && key != "command" || !commands(n.Text) {
		return
	}
	if f.shell == nil {
		f.shell = shell.NewReader(tekref.Spans, recent)
	}
	passwords := map[string]bool{}
	f.passwordsOf(n.Text, 1, func(password string) {
		if password != "" {
			passwords[password] = true
		}
	})
	f.hideAll(passwords, n)
}
