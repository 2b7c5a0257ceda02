// Package secrets finds the parts of manifests that must not be shown: the values of
// Secrets, and what looks like a password elsewhere.
package secrets

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// Hidden is the text that is shown instead of a value.
const Hidden = "***"

// Parts are the secret parts of a text.
type Parts struct {
	// Ranges are pairs of offsets in the text, sorted and apart.
	Ranges [][2]int
	// Values are the values there, as a message may repeat them.
	Values []string
}

// In returns the secret parts of a stream of YAML or JSON. Of a document that cannot be
// read and may be a Secret, almost everything is secret.
func In(stream string) Parts {
	if !suspicious(stream) {
		return Parts{}
	}
	var all Parts
	last, secretBefore := 0, false
	for d := range yamlread.Documents(stream) {
		text, start := d.Extent()
		if d.Problem == nil {
			if secretBefore = all.gap(stream, last, start, secretBefore) && !isObject(d.Root); secretBefore {
				all.broken(text, start)
			}
			if suspicious(text) {
				f := &finder{text: text, start: start, out: &all, seen: map[*yamlread.Node]bool{}}
				f.marks(d.Root)
				slices.Sort(f.all)
				clear(f.seen)
				f.node(d.Root, "")
				secretBefore = secretBefore || f.secret
				all.texts(text, start)
			}
			last = start + len(text)
		}
	}
	all.gap(stream, last, len(stream), secretBefore)
	all.settle(stream, 0)
	return all
}

// gap adds what is between two documents that can be read. It returns whether what is
// before it, or its last document, may be a Secret. What follows and is no object may belong
// to a value of it, inside of which is a line that separates documents.
func (p *Parts) gap(stream string, from, to int, secret bool) bool {
	if strings.TrimSpace(stream[from:max(from, to)]) == "" {
		return secret
	}
	for _, d := range documents(stream[from:max(from, to)]) {
		if onlyComments(d.text) && !strings.Contains(d.text, "stringData") {
			p.texts(d.text, from+d.at)
			continue
		}
		if secret = maybeSecret(d.text) || secret && !kind().MatchString(d.text); secret {
			p.broken(d.text, from+d.at)
		}
		p.settings(d.text, from+d.at)
		p.texts(d.text, from+d.at)
	}
	return secret
}

// isObject reports whether a document is meant as an object.
func isObject(n *yamlread.Node) bool { return n.Index("kind") >= 0 || n.Index("apiVersion") >= 0 }

// OfObject returns the values of an object if it is a Secret. They are sorted as in
// [Parts].
func OfObject(object map[string]any) []string {
	if kind, _ := object["kind"].(string); !strings.EqualFold(kind, "Secret") {
		return nil
	}
	var p Parts
	for _, field := range []string{"data", "stringData"} {
		p.any(object[field])
	}
	p.settle("", 0)
	return p.Values
}

// OfSecret returns the values of a Secret, sorted as in [Parts].
func OfSecret(data map[string][]byte, text map[string]string) []string {
	var p Parts
	for _, v := range data {
		p.value(string(v))
		p.value(base64.StdEncoding.EncodeToString(v))
	}
	for _, v := range text {
		p.value(v)
	}
	p.settle("", 0)
	return p.Values
}

// any adds the values in a value of JSON.
func (p *Parts) any(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, item := range v {
			p.any(item)
		}
	case []any:
		for _, item := range v {
			p.any(item)
		}
	case string:
		p.encoded(v)
	case nil:
	default:
		p.value(fmt.Sprint(v))
	}
}

// encoded adds a value that may be base64.
func (p *Parts) encoded(text string) {
	p.value(text)
	if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil && len(decoded) >= short {
		p.value(string(decoded))
	}
}

// settle sorts and joins the ranges, and sorts the values, longest first. A message may
// repeat a part of a value, so the words that no language has are values, too.
func (p *Parts) settle(text string, start int) {
	slices.SortFunc(p.Ranges, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	joined := p.Ranges[:0]
	for _, r := range p.Ranges {
		if n := len(joined); n > 0 && r[0] <= joined[n-1][1] {
			joined[n-1][1] = max(joined[n-1][1], r[1])
			continue
		}
		joined = append(joined, r)
	}
	p.Ranges = joined
	for _, r := range p.Ranges {
		for line := range strings.Lines(text[r[0]-start : r[1]-start]) {
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue // a comment, which no message repeats
			}
			for word := range strings.FieldsFuncSeq(line, isBetween) {
				if len(word) >= short && strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
					p.Values = append(p.Values, word)
				}
			}
		}
	}
	slices.SortFunc(p.Values, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	p.Values = slices.Compact(p.Values)
}

// isBetween reports whether r separates words.
func isBetween(r rune) bool {
	return unicode.IsSpace(r) || r == utf8.RuneError || strings.ContainsRune(`:,{}[]"'*&!|>`, r)
}

// add adds a range without the white space around it.
func (p *Parts) add(text string, start, from, to int) {
	for from < to && isSpace(text[from]) {
		from++
	}
	for to > from && isSpace(text[to-1]) {
		to--
	}
	if from < to {
		p.Ranges = append(p.Ranges, [2]int{start + from, start + to})
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// value adds a value, in all forms in which a message may have it.
func (p *Parts) value(text string) {
	for _, form := range []string{text, strings.TrimSpace(text), unquoted(text)} {
		if form != "" {
			p.Values = append(p.Values, form)
		}
	}
	if strings.Contains(text, "\n") {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) >= short {
				p.Values = append(p.Values, line, unquoted(line))
			}
		}
	}
}

// unquoted returns a text as it is between the quotes of a message.
func unquoted(text string) string {
	q := strconv.Quote(text)
	return q[1 : len(q)-1]
}

// short is the length below which a value is likely to be a part of other words.
const short = 4

// Mask takes values out of messages.
type Mask struct {
	values []string        // longest first
	words  map[string]bool // of the values, if there are many
}

// many is the number of values above which messages are not searched for each.
const many = 300

// NewMask returns a mask for the values of [Parts], or those of [OfObject] or
// [OfSecret].
func NewMask(values []string) *Mask {
	m := &Mask{values: values}
	if len(values) <= many {
		return m
	}
	m.words = make(map[string]bool, len(values))
	for _, v := range values {
		for word := range strings.FieldsFuncSeq(v, isNoWord) {
			m.words[word] = true
		}
	}
	return m
}

// Text returns a message without the values. Values that are part of a longer word stay.
// Short ones, which may be words of the language, stay unless all is set and they are
// where messages have values. If there are very many values, each word of one is one.
func (m *Mask) Text(text string, all bool) string {
	text = Addresses(text)
	if m.words != nil {
		return m.eachWord(text, all)
	}
	for _, v := range m.values {
		if len(v) < short && !all {
			break
		}
		word := len(v) < short && !strings.ContainsAny(v, "0123456789")
		for from := 0; ; {
			i := strings.Index(text[from:], v)
			if i < 0 {
				break
			}
			i += from
			end := i + len(v)
			if wordy(text, i) || wordy(text, end) || word && !isPlace(text[:i]) {
				from = i + 1
				continue
			}
			text = text[:i] + Hidden + text[end:]
			from = i + len(Hidden)
		}
	}
	return text
}

// eachWord returns a message without the words of the values.
func (m *Mask) eachWord(text string, all bool) string {
	var b strings.Builder
	for rest := text; rest != ""; {
		size := strings.IndexFunc(rest, isNoWord)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(rest)
		} else if size < 0 {
			size = len(rest)
		}
		word := rest[:size]
		rest = rest[size:]
		if m.words[word] && (len(word) >= short || all && (strings.ContainsAny(word, "0123456789") || isPlace(b.String()))) {
			word = Hidden
		}
		b.WriteString(word)
	}
	return b.String()
}

func isNoWord(r rune) bool { return r < utf8.RuneSelf && !isWord(byte(r)) }

// isPlace reports whether a value follows in a message.
func isPlace(before string) bool {
	for _, s := range []string{`"`, "not ", "unquoted ", "reads "} {
		if strings.HasSuffix(before, s) {
			return true
		}
	}
	return false
}

// wordy reports whether an offset is inside a word.
func wordy(s string, at int) bool {
	return at > 0 && at < len(s) && isWord(s[at-1]) && isWord(s[at])
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// Text returns a stream with [Hidden] instead of its secret parts. Lines remain lines.
func Text(stream string) string {
	p := In(stream)
	var b strings.Builder
	last := 0
	for _, r := range p.Ranges {
		b.WriteString(stream[last:r[0]])
		for i, line := range strings.Split(stream[r[0]:r[1]], "\n") {
			content := strings.TrimLeft(line, " \t")
			if i > 0 {
				b.WriteString("\n" + line[:len(line)-len(content)])
			}
			if content != "" {
				b.WriteString(Hidden)
			}
		}
		last = r[1]
	}
	return b.String() + stream[last:]
}

// suspicious reports whether a text may have a secret. Most have none, and need not be
// read again.
func suspicious(s string) bool { return suspect().MatchString(s) }

var suspect = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)secr|stringData|password|passwd|passphrase|token|credentials|apikey|[_.-]key\b|access_?key|authorization|://[^\s/]*@|\blogin\b|\bcurl\b|\bsshpass\b|\\[xu\r\n]|!!?binary|data\b`)
})

// finder finds the secret parts of a document that can be read.
type finder struct {
	text  string
	start int
	all   []int // the offsets of all keys and values
	out   *Parts
	seen  map[*yamlread.Node]bool
	shell *shell.Reader

	secret bool                    // there is a Secret
	names  map[*yamlread.Node]bool // params that have the name of a Secret
	inners map[*yamlread.Node]bool // seen by inner
}

// marks collects the offsets of keys and values.
func (f *finder) marks(n *yamlread.Node) {
	if f.seen[n] {
		return
	}
	f.seen[n] = true
	f.all = append(f.all, int(n.Mark))
	for _, k := range n.Keys {
		f.all = append(f.all, int(k.Mark))
	}
	for _, t := range n.Twice {
		f.all = append(f.all, int(t.Mark), int(t.First))
	}
	for _, item := range n.Items {
		f.marks(item)
	}
}

// behind returns the first offset of a key or value behind another one.
func (f *finder) behind(at int) int {
	i, _ := slices.BinarySearch(f.all, at+1)
	if i == len(f.all) {
		return len(f.text)
	}
	return f.all[i]
}

// node visits a value, which is the item of a map with that key.
func (f *finder) node(n *yamlread.Node, key string) {
	if f.seen[n] {
		return
	}
	f.seen[n] = true
	switch n.Kind {
	case yamlread.String:
		f.scan(n, key)
		return
	case yamlread.Map:
		if f.object(n, key) == secret {
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
			if open[strings.TrimSpace(n.Keys[i].Name)] {
				f.annotations(n.Items[i])
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
	f.references(n)
	f.named(n, key)
	f.fields(n)
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
	case slices.ContainsFunc(n.Twice, f.isSecretKind):
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

// annotations hides annotations of a Secret that may repeat it.
func (f *finder) annotations(metadata *yamlread.Node) {
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

// references finds params of resolvers that have the name of a Secret: token of the git
// resolver.
func (f *finder) references(n *yamlread.Node) {
	params := n.Get("params")
	if resolver := n.Get("resolver"); resolver == nil || resolver.Text != "git" || params == nil {
		return
	}
	for _, item := range params.Items {
		if name := item.Get("name"); name != nil && name.Text == "token" {
			if f.names == nil {
				f.names = map[*yamlread.Node]bool{}
			}
			f.names[item] = true
		}
	}
}

// named hides the value or the default of a variable or a param that is named like a
// secret.
func (f *finder) named(n *yamlread.Node, key string) {
	name := n.Get("name")
	if f.names[n] || name == nil || name.Kind != yamlread.String || !Named(name.Text, key == "env") {
		return
	}
	for _, field := range []string{"value", "default"} {
		if v := n.Get(field); v != nil {
			f.valued(name.Text, v)
		}
	}
}

// valued hides the value of a name, or the items of its list.
func (f *finder) valued(name string, v *yamlread.Node) {
	if v.Kind == yamlread.List {
		for _, item := range v.Items {
			if len(item.Items) == 0 {
				f.valued(name, item)
			}
		}
	}
	if text := cmp.Or(v.Written, v.Text); len(v.Items) == 0 && Valued(name, text) {
		f.out.value(text)
		f.out.value(v.Text)
		f.scalar(v)
	}
}

// fields hides fields that are named like a secret, such as those of an object that is the
// value of a param, of a kubeconfig or of the values of a Helm chart.
func (f *finder) fields(n *yamlread.Node) {
	for i, item := range n.Items {
		if len(cmp.Or(item.Written, item.Text)) >= short && Named(n.Keys[i].Name, false) {
			f.valued(n.Keys[i].Name, item)
		}
	}
}

// generator hides the literals from which kustomize generates Secrets.
func (f *finder) generator(n *yamlread.Node) {
	for _, item := range n.Items {
		if literals := item.Get("literals"); literals != nil {
			for _, l := range literals.Items {
				if _, value, ok := strings.Cut(l.Text, "="); ok && value != "" {
					f.find(value, l)
				}
			}
		}
	}
}

// embedded matches a Secret in a text.
var embedded = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)kind["'\\]*\s*:\s*["'\\]*secret\b`)
})

// scan visits a text.
func (f *finder) scan(n *yamlread.Node, key string) {
	if embedded().MatchString(n.Text) && strings.Contains(strings.ToLower(n.Text), "data") {
		f.scalar(n)
		return
	}
	if !strings.ContainsAny(n.Text, " \n") || !commands(n.Text) || key != "script" && key != "args" && key != "command" {
		return
	}
	if f.shell == nil {
		f.shell = shell.NewReader(variables, nil)
	}
	script := f.shell.Script(n.Text)
	passwords := map[string]bool{}
	for i := range script.Commands {
		if p := ofCommand(&script.Commands[i]); p != "" {
			passwords[p] = true
		}
	}
	if len(passwords) > some {
		f.scalar(n)
		return
	}
	for p := range passwords {
		f.find(p, n)
	}
}

// some is the number of passwords of a script that are searched for one by one.
const some = 20

// commands reports whether a text may run a program to which a password is passed.
func commands(s string) bool {
	return strings.Contains(s, "login") || strings.Contains(s, "curl") || strings.Contains(s, "sshpass")
}

// commandLine visits the command line of a container.
func (f *finder) commandLine(n *yamlread.Node) {
	var words []shell.Word
	var nodes []*yamlread.Node
	for _, field := range []string{"command", "args"} {
		if list := n.Get(field); list != nil && list.Kind == yamlread.List {
			for _, item := range list.Items {
				words = append(words, shell.Word{Text: item.Text, Span: shell.Span{Start: len(words), End: len(words)}})
				nodes = append(nodes, item)
			}
		}
	}
	if len(words) == 0 {
		return
	}
	// Without a command, the image determines the program, often the one it is named
	// after.
	for _, line := range [][]shell.Word{words, append([]shell.Word{{Text: program(n)}}, words...)} {
		c := &shell.Command{Words: line}
		if _, to, what := Argument(c); what != "" {
			i := to.Start
			text := password(words[i].Text, what, false)
			if text == "" && i+1 < len(words) {
				i++
				text = password(words[i].Text, what, true)
			}
			f.find(text, nodes[i])
		}
	}
}

// program returns the last element of the image of a container, without its tag.
func program(n *yamlread.Node) string {
	image := n.Get("image")
	if image == nil {
		return ""
	}
	name := image.Text[strings.LastIndexByte(image.Text, '/')+1:]
	name, _, _ = strings.Cut(name, ":")
	return name
}

// ofCommand returns the password among the arguments of a command.
func ofCommand(c *shell.Command) string {
	_, to, what := Argument(c)
	if what == "" {
		return ""
	}
	for i := range c.Words {
		w := &c.Words[i]
		if w.Start == to.Start {
			text := password(w.Text, what, false)
			if text == "" && i+1 < len(c.Words) {
				text = password(c.Words[i+1].Text, what, true)
			}
			return text
		}
	}
	return ""
}

// password returns the password in a word: the word itself if it follows an option,
// and else what follows the option in the word.
func password(word, what string, whole bool) string {
	if strings.Contains(what, " create secret ") {
		return "" // see literal
	}
	if !whole {
		switch option, value, ok := strings.Cut(word, "="); {
		case ok && strings.HasPrefix(option, "--"):
			word = value
		case what == CurlUser && bundled(word):
			return "" // it follows
		case strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && len(word) > 2:
			word = strings.TrimPrefix(word[2:], "=")
		default:
			return ""
		}
	}
	if _, rest, ok := strings.Cut(word, ":"); ok && what == CurlUser {
		word = rest
	}
	if !Literal(word) || strings.HasPrefix(word, "$") {
		return ""
	}
	return word
}

// find hides a part of a text.
func (f *finder) find(part string, n *yamlread.Node) {
	if part == "" {
		return
	}
	f.out.value(part)
	from, end := int(n.Mark), f.behind(int(n.Mark))
	found := false
	for at := from; ; {
		i := strings.Index(f.text[at:end], part)
		if i < 0 {
			break
		}
		at += i
		if len(part) >= short || !wordy(f.text, at) && !wordy(f.text, at+len(part)) {
			f.out.add(f.text, f.start, at, at+len(part))
			found = true
		}
		at += len(part)
	}
	if !found { // it is written with escapes
		f.scalar(n)
	}
}

// variables returns the positions of Tekton's variables in a script.
func variables(script string) []shell.Span {
	var out []shell.Span
	for m := range tekref.Scan(script) {
		if !m.Open && tekref.Parse(m.Expr).Kind != tekref.None {
			out = append(out, shell.Span{Start: m.Start, End: m.End})
		}
	}
	return out
}

// address matches the password in a URL, or a long user without one, which is a token.
var address = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://(?:[^\s/?#"':]*:([^\s/?#"'$({@]+(?:@[^\s/?#"'$({@]+)*)|([A-Za-z0-9_-]{20,}))@`)
})

// assigned matches a name with a value behind an equals sign, as in scripts and in queries
// of URLs, an option with a value behind a space, and a header.
var assigned = sync.OnceValue(func() *regexp.Regexp {
	const names = `password|passwd|passphrase|token|api[_-]?key|access[_-]?key|private[_-]key|secret[_-]key|credentials`
	return regexp.MustCompile(`(?i)(?:^|[^\w.-])-{0,2}([\w.-]*(?:` + names + `))=["']?([^\s"'&;|)$` + "`" + `\\]+)` +
		`|\\?["']([\w.-]*(?:` + names + `))\\?["']\s*:\s*\\?["']([^\s"'$` + "`" + `\\]+)` +
		`|--((?:\w+-)*(?:password|passphrase|token|oauth2-bearer))[ \t]+["']?([^\s"'&;|)$` + "`" + `\\-][^\s"'&;|)$` + "`" + `\\]*)` +
		`|["'=](authorization|[\w-]+-token|x-api-key):[ \t]*(?:(?:bearer|basic|token)[ \t]+)?([^\s"'&;|)$` + "`" + `\\{},\]]+)`)
})

// literal matches the value of an option of kubectl create secret.
var literal = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`--from-literal(?:=|[ \t]+)["']?[^\s="']+=["']?([^\s"'&;|)$` + "`" + `\\]+)`)
})

// texts hides the passwords in URLs, and values that are assigned to names of secrets.
func (p *Parts) texts(text string, start int) {
	p.addresses(text, start)
	if strings.Contains(text, "create secret") {
		for _, at := range literal().FindAllStringSubmatchIndex(text, -1) {
			p.add(text, start, at[2], at[3])
			p.value(text[at[2]:at[3]])
		}
	}
	for from, to := range passages(text) {
		part := text[from:to]
		for _, at := range assigned().FindAllStringSubmatchIndex(part, -1) {
			for i := 2; i < len(at); i += 4 {
				if at[i] >= 0 {
					// Words that messages may have, too, are no values there.
					if value := part[at[i+2]:at[i+3]]; len(value) >= short && Valued(part[at[i]:at[i+1]], value) && !isScheme(value) {
						p.add(text, start, from+at[i+2], from+at[i+3])
					}
				}
			}
		}
	}
}

// passages returns the lines of a text that have a name that assigned may match, each
// with the two lines after it, where the value may be. The expression is slow, and few
// lines have one.
func passages(text string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from, at, more := 0, 0, 0
		for line := range strings.Lines(text) {
			switch {
			case hasName(line):
				if more == 0 {
					from = at
				}
				more = 3
			case more == 0:
				at += len(line)
				continue
			}
			at += len(line)
			if more--; more == 0 && !yield(from, at) {
				return
			}
		}
		if more > 0 {
			yield(from, at)
		}
	}
}

// nameWords has the words in the names that assigned matches, by their first letters.
var nameWords = map[byte][]string{
	'p': {"password", "passwd", "passphrase", "private_key", "private-key"},
	't': {"token"},
	'a': {"apikey", "api_key", "api-key", "accesskey", "access_key", "access-key", "authorization"},
	's': {"secret_key", "secret-key"},
	'c': {"credentials"},
	'o': {"oauth2-bearer"},
}

// hasName reports whether a line has a name that assigned may match.
func hasName(line string) bool {
	for i := range len(line) {
		switch c := line[i] | 0x20; c {
		case 'p', 't', 'a', 's', 'c', 'o':
			for _, w := range nameWords[c] {
				if len(line)-i >= len(w) && strings.EqualFold(line[i:i+len(w)], w) {
					return true
				}
			}
		}
	}
	return false
}

// isScheme reports whether a text is the first word of the header Authorization.
func isScheme(s string) bool {
	return strings.EqualFold(s, "bearer") || strings.EqualFold(s, "basic") || strings.EqualFold(s, "token")
}

// addresses hides the passwords in URLs.
func (p *Parts) addresses(text string, start int) {
	if !strings.Contains(text, "://") || !strings.Contains(text, "@") {
		return
	}
	for _, at := range address().FindAllStringSubmatchIndex(text, -1) {
		from, to := max(at[2], at[4]), max(at[3], at[5])
		p.Ranges = append(p.Ranges, [2]int{start + from, start + to})
		p.value(text[from:to])
	}
}

// Addresses returns a text without the passwords in its URLs.
func Addresses(text string) string {
	var p Parts
	p.addresses(text, 0)
	for _, r := range slices.Backward(p.Ranges) {
		text = text[:r[0]] + Hidden + text[r[1]:]
	}
	return text
}
